package bucket

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
)

// abort ends the unfinished uploads under prefix, before the versions: one that
// is completed meanwhile is found as a version.
func (r *removal) abort(ctx context.Context, prefix string) error {
	return r.e.uploads(ctx, r.bucket, prefix, func(page *s3.ListMultipartUploadsOutput) error {
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(firstLimit)
		for _, u := range page.Uploads {
			g.Go(func() error { return r.abortOne(ctx, u) })
		}
		return g.Wait()
	})
}

func (r *removal) abortOne(ctx context.Context, u types.MultipartUpload) error {
	_, err := r.e.c.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &r.bucket, Key: u.Key, UploadId: u.UploadId})
	if err == nil || session.Code(err) == "NoSuchUpload" {
		r.uploads.Add(1)
		r.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: r.step, Done: r.done.Add(1)})
		return nil
	}
	code := session.Code(err)
	if code == "" || ctx.Err() != nil || noBucket(err) {
		return err
	}
	r.left.add(aws.ToString(u.Key), "upload "+aws.ToString(u.UploadId), code)
	return nil
}
