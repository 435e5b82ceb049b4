package cloud

import (
	"context"
	"fmt"
	"slices"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

// notNeeded is the answer of crawl and repair under partition projection.
const notNeeded = "not needed: the table projects its partitions, Athena asks the catalog for none"

// hours are the partitions of the lake, as found and as registered.
type hours struct {
	registered, missing []lake.Hour
	padded              []string
}

// survey compares the catalog with the lake, from the hour since on.
func (t *Target) survey(ctx context.Context, d *deployed, since lake.Hour) (hours, error) {
	var h hours
	var odd []string
	var err error
	if h.registered, odd, err = d.catalog.Hours(ctx, ""); err != nil {
		return h, err
	}
	h.missing, h.padded, err = d.catalog.Discover(ctx, t.lister(d), h.registered, since)
	h.padded = append(odd, h.padded...)
	return h, err
}

// lister lists prefixes of one bucket.
type lister func(ctx context.Context, prefix, after string) ([]string, error)

func (l lister) Prefixes(ctx context.Context, prefix, after string) ([]string, error) {
	return l(ctx, prefix, after)
}

func (t *Target) lister(d *deployed) lister {
	return func(ctx context.Context, prefix, after string) ([]string, error) {
		return t.bucket.Prefixes(ctx, d.data, prefix, after)
	}
}

// registerNew registers hours since the newest one that is known, which costs
// a LIST a level. Firehose files an object under the hour of its oldest
// record, so that hour may still appear while the next one is there.
func (t *Target) registerNew(ctx context.Context, d *deployed, sink pipeline.Sink) error {
	if d.projected() {
		return nil
	}
	newest, err := d.catalog.Newest(ctx)
	if err != nil {
		return err
	}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "look for new partitions"})
	missing, _, err := d.catalog.Discover(ctx, t.lister(d), newest, since(newest))
	if err != nil {
		return err
	}
	added, err := d.catalog.Register(ctx, missing, d.location())
	if err != nil {
		return err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "look for new partitions", Text: plural(len(added), "added")})
	return nil
}

// since is where the search for new hours begins.
func since(known []lake.Hour) lake.Hour {
	if len(known) == 0 {
		return lake.Hour{}
	}
	return slices.MinFunc(known, lake.Hour.Compare)
}

// Crawl has the crawler of the stack look for new partitions.
func (t *Target) Crawl(ctx context.Context, o pipeline.CrawlOptions, sink pipeline.Sink) (pipeline.CrawlResult, error) {
	r := pipeline.CrawlResult{Added: []string{}, DryRun: o.DryRun}
	d, err := t.standing(ctx, "crawl")
	if err == nil {
		err = t.own(ctx, d, "crawl")
	}
	if err != nil {
		return r, err
	}
	if d.projected() {
		r.Note = notNeeded
		return r, nil
	}
	before, err := t.survey(ctx, d, lake.Hour{})
	if err != nil {
		return r, err
	}
	r.Found = len(before.registered) + len(before.missing)
	if o.DryRun {
		r.Added, r.Calls = paths(before.missing), []string{"glue:StartCrawler " + d.crawler}
		return r, nil
	}
	return t.crawl(ctx, d, o, before, r, sink)
}

func (t *Target) crawl(ctx context.Context, d *deployed, o pipeline.CrawlOptions, before hours, r pipeline.CrawlResult, sink pipeline.Sink) (pipeline.CrawlResult, error) {
	begin := t.clock.Now()
	run, err := d.catalog.Crawl(ctx, d.crawler, !o.Start, sink)
	if err != nil {
		return r, fault.New(fault.KindOf(err), "%w", err).WithHint("%s", hintOr(err, t.command("crawl")))
	}
	if o.Start {
		r.Note = "the crawler runs on in AWS; " + t.command("crawl") + " follows it"
		return r, nil
	}
	after, err := t.survey(ctx, d, lake.Hour{})
	r.Elapsed = t.clock.Now().Sub(begin).Seconds()
	r.Found = len(after.registered) + len(after.missing)
	r.Added = paths(without(after.registered, before.registered))
	if run.TablesChanged > 0 {
		r.Note = fmt.Sprintf("the crawler changed %d tables: compare the columns with pixelctl fields show", run.TablesChanged)
	}
	return r, err
}

// Repair registers every hour of the lake that the catalog does not know.
func (t *Target) Repair(ctx context.Context, o pipeline.RepairOptions, sink pipeline.Sink) (pipeline.RepairResult, error) {
	r := pipeline.RepairResult{Added: []string{}, Pruned: []string{}, DryRun: o.DryRun}
	d, err := t.readable(ctx, "repair")
	if err == nil {
		err = t.own(ctx, d, "repair")
	}
	if err != nil {
		return r, err
	}
	if d.projected() {
		r.Note = notNeeded
		return r, nil
	}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "compare catalog and lake"})
	h, err := t.survey(ctx, d, lake.Hour{})
	if err != nil {
		return r, err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "compare catalog and lake"})
	r.Padded = h.padded
	return t.repair(ctx, d, o, h, r)
}

func (t *Target) repair(ctx context.Context, d *deployed, o pipeline.RepairOptions, h hours, r pipeline.RepairResult) (pipeline.RepairResult, error) {
	var gone []lake.Hour
	var err error
	if o.Prune {
		if gone, err = d.catalog.Gone(ctx, t.lister(d), h.registered); err != nil {
			return r, err
		}
	}
	if o.DryRun {
		r.Added, r.Pruned, r.Total = paths(h.missing), paths(gone), len(h.registered)
		r.Calls = repairCalls(o, h.missing, gone)
		return r, nil
	}
	added, err := t.register(ctx, d, o, h)
	if err != nil {
		return r, err
	}
	dropped, err := d.catalog.Prune(ctx, gone)
	r.Added, r.Pruned, r.Total = paths(added), paths(dropped), len(h.registered)+len(added)-len(dropped)
	return r, err
}

// register adds what is missing, by Glue or by Athena.
func (t *Target) register(ctx context.Context, d *deployed, o pipeline.RepairOptions, h hours) ([]lake.Hour, error) {
	if !o.MSCK {
		return d.catalog.Register(ctx, h.missing, d.location())
	}
	if _, err := d.athena.Execute(ctx, RepairSQL); err != nil {
		return nil, err
	}
	after, _, err := d.catalog.Hours(ctx, "")
	return without(after, h.registered), err
}

func repairCalls(o pipeline.RepairOptions, missing, gone []lake.Hour) []string {
	var calls []string
	switch {
	case o.MSCK:
		calls = append(calls, "athena:StartQueryExecution "+RepairSQL)
	case len(missing) > 0:
		calls = append(calls, "glue:BatchCreatePartition "+plural(len(missing), "partitions"))
	}
	if len(gone) > 0 {
		calls = append(calls, "glue:BatchDeletePartition "+plural(len(gone), "partitions"))
	}
	return calls
}

func paths(list []lake.Hour) []string {
	all := make([]string, len(list))
	for i, h := range list {
		all[i] = h.Path()
	}
	return all
}

// without gives the hours of list that are not in known.
func without(list, known []lake.Hour) []lake.Hour {
	have := make(map[lake.Hour]bool, len(known))
	for _, h := range known {
		have[h] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(h lake.Hour) bool { return have[h] })
}

func plural(n int, what string) string { return fmt.Sprintf("%d %s", n, what) }

func hintOr(err error, other string) string {
	if h := fault.HintOf(err); h != "" {
		return h
	}
	return other
}
