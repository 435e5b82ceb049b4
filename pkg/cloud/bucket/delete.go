package bucket

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

const (
	rounds    = 6 // attempts to delete a bucket that fills again
	firstRest = 2 * time.Second
)

// Delete deletes a bucket. It empties it again when objects came late, with
// growing waits; after that it fails with fault.Partial. A bucket that is gone
// is no error.
func (e *Engine) Delete(ctx context.Context, bucket string, sink pipeline.Sink) error {
	for round, rest := 1, firstRest; ; round, rest = round+1, 2*rest {
		_, err := e.c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &bucket})
		switch {
		case err == nil || noBucket(err):
			return nil
		case session.Code(err) != "BucketNotEmpty":
			return session.Explain(err, "delete bucket %s", bucket)
		case round == rounds:
			return fault.New(fault.Partial, "delete bucket %s: something still writes to it", bucket).
				WithLeft([]string{"bucket " + bucket}).WithHint("stop what writes to it, then pixelctl destroy")
		}
		if _, err := e.Empty(ctx, bucket, "", sink); err != nil {
			return err
		}
		if err := e.clock.Wait(ctx, rest); err != nil {
			return err
		}
	}
}

// Remove deletes the current objects of keys; in a versioned bucket each gets a
// delete marker. What S3 refuses is listed in a fault.Partial.
func (e *Engine) Remove(ctx context.Context, bucket string, keys []string) error {
	return e.removeList(ctx, bucket, func(_ context.Context, remove func([]entry) error) error {
		for some := range slices.Chunk(keys, most) {
			batch := make([]entry, len(some))
			for i := range some {
				batch[i].id = types.ObjectIdentifier{Key: &some[i]}
			}
			if err := remove(batch); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveVersions deletes every version and delete marker of exactly these keys.
func (e *Engine) RemoveVersions(ctx context.Context, bucket string, keys []string) error {
	return e.removeList(ctx, bucket, func(ctx context.Context, remove func([]entry) error) error {
		for _, key := range keys {
			err := e.versions(ctx, bucket, key, func(page *s3.ListObjectVersionsOutput) error {
				return remove(slices.DeleteFunc(entries(page), func(x entry) bool { return *x.id.Key != key }))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *Engine) removeList(ctx context.Context, bucket string, list func(context.Context, func([]entry) error) error) error {
	r := &removal{e: e, bucket: bucket, gate: newGate()}
	if err := r.run(ctx, list); err != nil && !noBucket(err) {
		return session.Explain(err, "remove objects of bucket %s", bucket)
	}
	return r.left.err(bucket)
}
