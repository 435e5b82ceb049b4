//go:build awsaccount

package cloud_test

import (
	"context"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/cost"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// usage waits until each metric that a forecast rests on has come, and looks
// whether its figure can be true. By now the stack was asked and crawled.
func (l *loop) usage(t *testing.T) {
	var u pipeline.Usage
	l.until(t, 30*time.Minute, "usage in CloudWatch", func(context.Context) (bool, error) {
		l.as(t, policy.Operate, func(ctx context.Context, target *cloud.Target) (err error) {
			u, err = target.Usage(ctx, query.Window{})
			return err
		})
		return u.Requests > 0 && u.Records >= int64(l.rows) && u.CallSeconds > 0 && u.AccessLog > 0 && u.Queries > 0, nil
	})
	t.Logf("%+v", u)
	if ms := u.CallSeconds * 1000 / float64(u.Calls); ms < 0.5 || ms > 2000 {
		t.Errorf("a call takes %.1f ms: Duration is not in milliseconds, or not summed", ms)
	}
	if line := u.AccessLog / u.Requests; line < 50 || line > 400 {
		t.Errorf("a line of the access log has %d bytes, the forecast assumes about 111", line)
	}
	if u.Charged < u.Queries*cost.LeastScan || u.Queries > 1000 {
		t.Errorf("%d queries are charged for %d bytes: SampleCount is not the number of queries", u.Queries, u.Charged)
	}
	if u.Crawls < 1 || u.DPU <= 0 || u.FilesWritten < 1 {
		t.Errorf("crawls %d (%.3f DPU-hours), files %d", u.Crawls, u.DPU, u.FilesWritten)
	}
}
