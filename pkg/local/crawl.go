package local

import (
	"context"
	"io/fs"
	"time"

	"pixelctl/pkg/pipeline"
)

// Crawl registers what lies in the lake.
func (t *Target) Crawl(ctx context.Context, o pipeline.CrawlOptions, sink pipeline.Sink) (pipeline.CrawlResult, error) {
	start := time.Now()
	r, err := t.Repair(ctx, pipeline.RepairOptions{DryRun: o.DryRun}, sink)
	return pipeline.CrawlResult{Found: r.Total, Added: r.Added, Elapsed: time.Since(start).Seconds(), DryRun: o.DryRun}, err
}

// Repair compares the catalog with the lake.
func (t *Target) Repair(ctx context.Context, o pipeline.RepairOptions, sink pipeline.Sink) (pipeline.RepairResult, error) {
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return pipeline.RepairResult{}, t.notDeployed(fs.ErrNotExist)
	}
	_, r, err := repairCatalog(ctx, t.l, o, sink)
	return r, err
}
