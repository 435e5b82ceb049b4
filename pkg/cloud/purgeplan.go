package cloud

import (
	"context"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// plan counts what a purge would remove. It changes nothing, but to count it
// asks Athena, which has its price: that is told among the calls.
func (p *purge) plan(ctx context.Context) error {
	stats, err := p.count(ctx)
	if err != nil {
		return err
	}
	p.asked(stats, "counted the rows")
	if p.w.IsZero() {
		return p.planAll(ctx)
	}
	h, err := p.hours(ctx)
	if err != nil {
		return err
	}
	if len(h.missing) > 0 && !p.d.projected() {
		p.sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "purge", Text: plural(len(h.missing), "hours are not registered: their rows are not counted")})
	}
	whole, edge := p.split(h)
	if err := p.planHours(ctx, p.whole(whole, h.padded)); err != nil {
		return err
	}
	return p.planEdges(ctx, edge)
}

// planHours counts directories that would go whole.
func (p *purge) planHours(ctx context.Context, dirs []string) error {
	if len(dirs) == 0 {
		return nil
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, dir := range dirs {
		g.Go(func() error { return p.planned(ctx, dataPrefix+dir+"/") })
	}
	p.result.Calls = append(p.result.Calls, "s3:DeleteObjects "+p.d.data+"/"+dataPrefix+" ("+plural(len(dirs), "hours")+")",
		"glue:BatchDeletePartition "+plural(len(dirs), "partitions"))
	return g.Wait()
}

func (p *purge) planAll(ctx context.Context) error {
	for _, prefix := range []string{dataPrefix, errorPrefix, stagingPrefix} {
		if err := p.planned(ctx, prefix); err != nil {
			return err
		}
		p.result.Calls = append(p.result.Calls, "s3:DeleteObjects "+p.d.data+"/"+prefix)
	}
	p.result.Calls = append(p.result.Calls, "glue:BatchDeletePartition every hour", p.resultsCall())
	return nil
}

// planned counts a prefix that would go whole.
func (p *purge) planned(ctx context.Context, prefix string) error {
	u, err := p.t.bucket.Usage(ctx, p.d.data, prefix)
	p.removed(bucket.Emptied{Versions: u.Versions, Bytes: u.Bytes})
	return err
}

func (p *purge) planEdges(ctx context.Context, edge []lake.Hour) error {
	if len(edge) > 0 && p.result.Rows > 0 {
		files, err := p.survey(ctx, edge)
		if err != nil {
			return err
		}
		var rewritten int
		for _, f := range files {
			if f.whole() {
				p.result.Removed++
				p.result.Calls = append(p.result.Calls, "s3:DeleteObjects "+p.d.data+"/"+f.key)
			} else if f.inside > 0 {
				rewritten++
			}
		}
		if p.result.Rewritten = rewritten; rewritten > 0 {
			p.result.Calls = append(p.result.Calls, "athena:StartQueryExecution UNLOAD of the rows that stay of "+plural(rewritten, "files"),
				"s3:CopyObject to "+p.d.data+"/"+dataPrefix, "s3:DeleteObjects "+plural(rewritten, "files"))
		}
	}
	p.result.Calls = append(p.result.Calls, p.resultsCall())
	return nil
}

// asked tells what a question of the dry run itself cost.
func (p *purge) asked(stats query.Stats, what string) {
	p.result.Calls = append(p.result.Calls, "athena:StartQueryExecution "+what+" already: "+charge(stats, ""))
}
