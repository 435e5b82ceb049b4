package bucket

import (
	"bytes"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// Load returns an object of at most limit bytes and its ETag, to be given to
// Swap. One that is not there has no body and the ETag "".
func (e *Engine) Load(ctx context.Context, bucket, key string, limit int64) (body []byte, etag string, err error) {
	body, etag, err = e.get(ctx, bucket, key, limit)
	if code := session.Code(err); code == "NoSuchKey" || code == "NoSuchBucket" {
		return nil, "", nil
	}
	return body, etag, err
}

// Swap writes an object if the stored one still has the ETag that Load or Swap
// gave; "" means that there is none. When somebody else wrote it meanwhile it
// fails with fault.Busy. It returns the new ETag.
func (e *Engine) Swap(ctx context.Context, bucket, key string, body []byte, etag string) (string, error) {
	in := &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body), ContentLength: aws.Int64(int64(len(body)))}
	if etag == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = aws.String(`"` + etag + `"`)
	}
	out, err := e.c.PutObject(ctx, in)
	if err == nil {
		return unquote(out.ETag), nil
	}
	if !slices.Contains(swapCodes, session.Code(err)) {
		return "", session.Explain(err, "write %s of bucket %s", key, bucket)
	}
	// The answer to an attempt before may have been lost.
	stored, now, loadErr := e.Load(ctx, bucket, key, int64(len(body)))
	if loadErr == nil && now != "" && bytes.Equal(stored, body) {
		return now, nil
	}
	return "", fault.New(fault.Busy, "write %s of bucket %s: somebody else wrote it meanwhile", key, bucket)
}

// swapCodes are S3's answers to a condition that does not hold (S3 API,
// PutObject, conditional writes).
var swapCodes = []string{"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}

// Put writes an object, whatever is stored under its key.
func (e *Engine) Put(ctx context.Context, bucket, key string, body []byte) error {
	_, err := e.c.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: bytes.NewReader(body), ContentLength: aws.Int64(int64(len(body))),
	})
	return session.Explain(err, "write %s of bucket %s", key, bucket)
}

// Drop deletes an object, every version of it, if the stored one still has the
// ETag that Load or Swap gave. When somebody else wrote it meanwhile theirs
// stays.
func (e *Engine) Drop(ctx context.Context, bucket, key, etag string) error {
	_, err := e.c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key, IfMatch: aws.String(`"` + etag + `"`)})
	if err != nil && !slices.Contains(swapCodes, session.Code(err)) && !noBucket(err) {
		return session.Explain(err, "remove %s of bucket %s", key, bucket)
	}
	// Old versions go by their ids: what is written from now on is none of them.
	return e.RemoveOld(ctx, bucket, key)
}

// RemoveOld deletes, under prefix, every version that is not the current one,
// and every delete marker with what it hides.
func (e *Engine) RemoveOld(ctx context.Context, bucket, prefix string) error {
	return e.removeList(ctx, bucket, func(ctx context.Context, remove func([]entry) error) error {
		return e.versions(ctx, bucket, prefix, func(page *s3.ListObjectVersionsOutput) error {
			old := &s3.ListObjectVersionsOutput{DeleteMarkers: page.DeleteMarkers}
			old.Versions = slices.DeleteFunc(slices.Clone(page.Versions), func(v types.ObjectVersion) bool { return aws.ToBool(v.IsLatest) })
			return remove(entries(old))
		})
	})
}
