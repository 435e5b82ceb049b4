// Package bucket works on S3 buckets: it uploads by digest, counts, lists and
// empties them, every version, marker and unfinished upload.
package bucket

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pixelctl/pkg/cloud/session"
)

// Engine speaks to S3. It is safe for concurrent use.
type Engine struct {
	c     *s3.Client
	clock session.Clock
}

// New returns an engine that waits in real time.
func New(c *s3.Client) *Engine { return &Engine{c: c, clock: session.WallClock{}} }

// WithClock returns the engine on another clock.
func (e *Engine) WithClock(clock session.Clock) *Engine {
	return &Engine{c: e.c, clock: clock}
}

// Exists reports whether the bucket is there and the caller may look at it. A
// bucket that is somebody else's is an error.
func (e *Engine) Exists(ctx context.Context, bucket string) (bool, error) {
	_, err := e.c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket})
	if noBucket(err) {
		return false, nil
	}
	return err == nil, session.Explain(err, "look for bucket %s", bucket)
}

// noBucket tells a missing bucket; HEAD has no body, so its code is NotFound.
func noBucket(err error) bool {
	code := session.Code(err)
	return code == "NoSuchBucket" || code == "NotFound"
}

// Object is the current version of a key.
type Object struct {
	Key      string
	Size     int64 // bytes
	Modified time.Time
	ETag     string // without quotes
}

// object converts what a listing gives.
func object(o types.Object) Object {
	return Object{
		Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), Modified: aws.ToTime(o.LastModified), ETag: unquote(o.ETag),
	}
}

func unquote(etag *string) string {
	s := aws.ToString(etag)
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}
