package bucket

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// Read returns an object of at most limit bytes; a larger one is an error.
func (e *Engine) Read(ctx context.Context, bucket, key string, limit int64) ([]byte, error) {
	body, _, err := e.get(ctx, bucket, key, limit)
	return body, err
}

func (e *Engine) get(ctx context.Context, bucket, key string, limit int64) (body []byte, etag string, err error) {
	out, err := e.c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, "", session.Explain(err, "read %s of bucket %s", key, bucket)
	}
	body, err = io.ReadAll(io.LimitReader(out.Body, limit+1))
	if closed := out.Body.Close(); err == nil {
		err = closed
	}
	if err == nil && int64(len(body)) > limit {
		return nil, "", fault.New(fault.Failed, "read %s of bucket %s: more than %d bytes", key, bucket, limit)
	}
	return body, unquote(out.ETag), session.Explain(err, "read %s of bucket %s", key, bucket)
}

// Copy copies the current version of an object, of at most 5 GB (S3 API,
// CopyObject), inside its bucket.
func (e *Engine) Copy(ctx context.Context, bucket, from, to string) error {
	source := httpbinding.EscapePath(bucket+"/"+from, false)
	_, err := e.c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: &bucket, Key: &to, CopySource: &source})
	return session.Explain(err, "copy %s of bucket %s to %s", from, bucket, to)
}
