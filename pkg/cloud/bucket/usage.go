package bucket

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud/session"
)

// Usage is what lies in a bucket.
type Usage struct {
	Objects  int64 // current versions
	Versions int64 // versions in all, the current ones among them
	Markers  int64 // delete markers
	Uploads  int64 // multipart uploads that were neither completed nor aborted
	Bytes    int64 // of all versions; listings do not tell the parts of uploads
}

// Usage counts what lies under prefix. A bucket that is gone holds nothing.
func (e *Engine) Usage(ctx context.Context, bucket, prefix string) (Usage, error) {
	var u Usage
	err := e.versions(ctx, bucket, prefix, func(page *s3.ListObjectVersionsOutput) error {
		u.count(page)
		return nil
	})
	if err == nil {
		err = e.uploads(ctx, bucket, prefix, func(page *s3.ListMultipartUploadsOutput) error {
			u.Uploads += int64(len(page.Uploads))
			return nil
		})
	}
	if noBucket(err) {
		return Usage{}, nil
	}
	return u, session.Explain(err, "count objects of bucket %s", bucket)
}

func (u *Usage) count(page *s3.ListObjectVersionsOutput) {
	u.Markers += int64(len(page.DeleteMarkers))
	u.Versions += int64(len(page.Versions))
	for _, v := range page.Versions {
		u.Bytes += aws.ToInt64(v.Size)
		if aws.ToBool(v.IsLatest) {
			u.Objects++
		}
	}
}

// versions pages through versions and delete markers, with both markers of the
// last page (S3 API, ListObjectVersions).
func (e *Engine) versions(ctx context.Context, bucket, prefix string, each func(*s3.ListObjectVersionsOutput) error) error {
	in := &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: &prefix, MaxKeys: aws.Int32(most)}
	for {
		page, err := e.c.ListObjectVersions(ctx, in)
		if err != nil {
			return err
		}
		if err := each(page); err != nil {
			return err
		}
		if !aws.ToBool(page.IsTruncated) {
			return nil
		}
		if err := turn(&in.KeyMarker, page.NextKeyMarker, &in.VersionIdMarker, page.NextVersionIdMarker); err != nil {
			return err
		}
	}
}

// uploads pages through unfinished multipart uploads.
func (e *Engine) uploads(ctx context.Context, bucket, prefix string, each func(*s3.ListMultipartUploadsOutput) error) error {
	in := &s3.ListMultipartUploadsInput{Bucket: &bucket, Prefix: &prefix, MaxUploads: aws.Int32(most)}
	for {
		page, err := e.c.ListMultipartUploads(ctx, in)
		if err != nil {
			return err
		}
		if err := each(page); err != nil {
			return err
		}
		if !aws.ToBool(page.IsTruncated) {
			return nil
		}
		if err := turn(&in.KeyMarker, page.NextKeyMarker, &in.UploadIdMarker, page.NextUploadIdMarker); err != nil {
			return err
		}
	}
}

// errStuck ends a listing that would go on for ever.
var errStuck = errors.New("a listing has more pages but does not say from where")

// turn moves both markers on.
func turn(key **string, nextKey *string, second **string, nextSecond *string) error {
	if same(*key, nextKey) && same(*second, nextSecond) {
		return errStuck
	}
	*key, *second = nextKey, nextSecond
	return nil
}

func same(a, b *string) bool { return aws.ToString(a) == aws.ToString(b) }
