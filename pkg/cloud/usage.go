package cloud

import (
	"context"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/catalog"
	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/cost"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Usage measures what the stack was used for: requests, calls, records and scans
// by CloudWatch, which is some minutes behind, files by a listing of the bucket,
// crawls by Glue.
func (t *Target) Usage(ctx context.Context, w query.Window) (pipeline.Usage, error) {
	d, err := t.standing(ctx, "cost")
	if err != nil {
		return pipeline.Usage{}, err
	}
	if w, err = pipeline.Measurable(w, d.stack.Created, t.clock.Now().UTC()); err != nil {
		return pipeline.Usage{}, err
	}
	u := pipeline.Usage{
		Window: w, Target: TargetName, Region: t.o.Session.Region, Front: d.parameter(paramFront), Format: d.parameter(paramFormat),
		Buffer: d.buffer(), BufferSeconds: int(d.buffer() / time.Second), Secret: d.parameter(paramSecret) == secretOn,
	}
	var load stream.Load
	var runs catalog.Runs
	var files []bucket.Object
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		load, err = t.stream.Load(ctx, d.parts(), w.Since, w.Until, cost.LeastScan)
		return err
	})
	g.Go(func() (err error) { runs, err = d.catalog.Runs(ctx, d.crawler, w.Since, w.Until); return err })
	g.Go(func() (err error) { files, err = t.bucket.List(ctx, d.data, dataPrefix, 0); return err })
	if err := g.Wait(); err != nil {
		return u, err
	}
	work(&u, load)
	u.Crawls, u.DPU = runs.Count, runs.DPU
	stored(&u, files)
	return u, nil
}

func (d *deployed) parts() stream.Parts {
	out := d.stack.Outputs
	return stream.Parts{
		API: out["ApiId"], Function: out["FunctionName"], Stream: d.stream, WorkGroup: d.workGroup,
		CollectorLog: out["BeaconLogGroup"], AccessLog: out["AccessLogGroup"],
	}
}

func work(u *pipeline.Usage, l stream.Load) {
	u.Requests, u.Calls, u.CallSeconds = l.Requests, l.Calls, l.CallMS/1000
	u.Records, u.RecordBytes = l.Records, l.RecordBytes
	u.CollectorLog, u.AccessLog = l.CollectorLog, l.AccessLog
	u.Queries, u.Scanned, u.Charged = l.Queries, l.Scanned, l.Charged
}

// stored counts files by when they came; folders that a console made are none.
func stored(u *pipeline.Usage, files []bucket.Object) {
	for _, f := range files {
		if strings.HasSuffix(f.Key, "/") {
			continue
		}
		u.Files++
		u.Bytes += f.Size
		if u.Window.Contains(f.Modified) {
			u.FilesWritten++
			u.BytesWritten += f.Size
		}
	}
}
