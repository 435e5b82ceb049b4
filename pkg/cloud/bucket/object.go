package bucket

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// Read returns an object of at most limit bytes; a larger one is an error.
func (e *Engine) Read(ctx context.Context, bucket, key string, limit int64) ([]byte, error) {
	body, _, err := e.get(ctx, bucket, key, limit)
	return body, err
}

// reads bound how often a body is read whose connection broke: the client
// tries again only what fails before the answer begins.
const reads = 3

func (e *Engine) get(ctx context.Context, bucket, key string, limit int64) (body []byte, etag string, err error) {
	for range reads {
		body, etag, err = e.getOnce(ctx, bucket, key, limit)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
	}
	if err == nil && int64(len(body)) > limit {
		return nil, "", fault.New(fault.Failed, "read %s of bucket %s: more than %d bytes", key, bucket, limit)
	}
	return body, etag, session.Explain(err, "read %s of bucket %s", key, bucket)
}

func (e *Engine) getOnce(ctx context.Context, bucket, key string, limit int64) (body []byte, etag string, err error) {
	out, err := e.c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, "", err
	}
	body, err = io.ReadAll(io.LimitReader(out.Body, limit+1))
	if closed := out.Body.Close(); err == nil {
		err = closed
	}
	return body, unquote(out.ETag), err
}

// Copy copies the current version of an object, of at most 5 GB (S3 API,
// CopyObject), inside its bucket, and gives the SHA-256 of what was written, in
// hex. S3 computes it in the copy; of a store that does not, the copy is read.
func (e *Engine) Copy(ctx context.Context, bucket, from, to string) (digest string, err error) {
	source := httpbinding.EscapePath(bucket+"/"+from, false)
	out, err := e.c.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &bucket, Key: &to, CopySource: &source, ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	if err != nil {
		return "", session.Explain(err, "copy %s of bucket %s to %s", from, bucket, to)
	}
	if r := out.CopyObjectResult; r != nil {
		if sum, err := base64.StdEncoding.DecodeString(aws.ToString(r.ChecksumSHA256)); err == nil && len(sum) == sha256.Size {
			return hex.EncodeToString(sum), nil
		}
	}
	return e.digest(ctx, bucket, to)
}

func (e *Engine) digest(ctx context.Context, bucket, key string) (string, error) {
	out, err := e.c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return "", session.Explain(err, "read %s of bucket %s", key, bucket)
	}
	sum := sha256.New()
	_, err = io.Copy(sum, out.Body)
	if closed := out.Body.Close(); err == nil {
		err = closed
	}
	return hex.EncodeToString(sum.Sum(nil)), session.Explain(err, "read %s of bucket %s", key, bucket)
}
