package bucket

import (
	"context"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
)

// Emptied counts what was removed.
type Emptied struct {
	Versions int64 // current ones among them
	Markers  int64 // delete markers
	Uploads  int64 // unfinished multipart uploads
	Bytes    int64 // of the versions
}

// Empty removes every version, delete marker and unfinished upload under
// prefix. Deletions overlap the listing; memory does not grow with the number
// of versions. What S3 refuses for good is listed in a fault.Partial, all else
// is removed. A bucket that is gone is empty.
func (e *Engine) Empty(ctx context.Context, bucket, prefix string, sink pipeline.Sink) (Emptied, error) {
	r := &removal{e: e, bucket: bucket, gate: newGate(), sink: sink, step: "empty bucket " + bucket}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: r.step})
	err := r.abort(ctx, prefix)
	if err == nil {
		err = r.run(ctx, func(ctx context.Context, remove func([]entry) error) error {
			return e.versions(ctx, bucket, prefix, func(page *s3.ListObjectVersionsOutput) error {
				return remove(entries(page))
			})
		})
	}
	if err != nil && !noBucket(err) {
		return r.emptied(), session.Explain(err, "empty bucket %s", bucket)
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: r.step, Done: r.done.Load()})
	return r.emptied(), r.left.err(bucket)
}

// removal is one run of deletions in one bucket.
type removal struct {
	e      *Engine
	bucket string
	gate   *gate
	sink   pipeline.Sink
	step   string
	left   left

	versions, markers, uploads, bytes, done atomic.Int64
}

// entry is one version, delete marker or, without a version, key to remove.
type entry struct {
	id     types.ObjectIdentifier
	size   int64
	marker bool
}

func entries(page *s3.ListObjectVersionsOutput) []entry {
	all := make([]entry, 0, len(page.Versions)+len(page.DeleteMarkers))
	for _, v := range page.Versions {
		all = append(all, entry{id: types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId}, size: aws.ToInt64(v.Size)})
	}
	for _, m := range page.DeleteMarkers {
		all = append(all, entry{id: types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId}, marker: true})
	}
	return all
}

// run removes what list hands over, a bounded number of calls at a time. Remove
// blocks while there is no room, which holds the listing back.
func (r *removal) run(ctx context.Context, list func(ctx context.Context, remove func([]entry) error) error) error {
	g, ctx := errgroup.WithContext(ctx)
	listed := list(ctx, func(all []entry) error {
		for len(all) > 0 {
			n := min(len(all), most)
			batch := all[:n]
			all = all[n:]
			if err := r.gate.enter(ctx); err != nil {
				return err
			}
			g.Go(func() error {
				defer r.gate.leave()
				return r.remove(ctx, batch)
			})
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	return listed
}

func (r *removal) emptied() Emptied {
	return Emptied{Versions: r.versions.Load(), Markers: r.markers.Load(), Uploads: r.uploads.Load(), Bytes: r.bytes.Load()}
}

// went counts what a call removed.
func (r *removal) went(gone []entry) {
	var versions, markers, size int64
	for _, x := range gone {
		if x.marker {
			markers++
			continue
		}
		versions++
		size += x.size
	}
	r.versions.Add(versions)
	r.markers.Add(markers)
	r.bytes.Add(size)
	r.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: r.step, Done: r.done.Add(int64(len(gone)))})
}
