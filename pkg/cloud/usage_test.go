package cloud_test

import (
	"testing"
	"time"

	"pixelctl/pkg/cost"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// What AWS bills besides hits is measured too: bytes of records and logs, time of
// calls, scans with their minimum, crawls with theirs.
func TestUsage(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	d := a.deploy()
	for range 5 {
		a.hit(d.Endpoint)
	}
	if err := a.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		rows, err := a.target().Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT count(*) FROM tp_hits"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.target().Crawl(t.Context(), pipeline.CrawlOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	a.fake.Clock().Advance(time.Minute)
	u, err := a.target().Usage(t.Context(), query.Window{})
	if err != nil {
		t.Fatal(err)
	}
	if u.RecordBytes < 5*300 || u.RecordBytes > 5*5120 || u.CallSeconds < 0.005*5 || u.CallSeconds > 0.01*5 || u.AccessLog < 5*80 || u.CollectorLog != 0 {
		t.Errorf("five hits took %+v", u)
	}
	if u.Queries != 2 || u.Scanned <= 0 || u.Charged != 2*cost.LeastScan {
		t.Errorf("two queries: %d, %d scanned, %d charged", u.Queries, u.Scanned, u.Charged)
	}
	if third := 2. / 6; u.Crawls != 1 || u.DPU < third*0.99 || u.DPU > third*1.01 {
		t.Errorf("%d crawls of %.3f DPU-hours, want the minimum of one", u.Crawls, u.DPU)
	}
	u, err = a.target().Usage(t.Context(), query.Window{Since: a.fake.Clock().Now().Add(-30 * time.Second)})
	if err != nil || u.FilesWritten != 0 || u.Files == 0 || u.Crawls != 0 {
		t.Errorf("the last half minute: %+v, %v", u, err)
	}
}
