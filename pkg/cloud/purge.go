package cloud

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// asker is the engine for SQL.
type asker interface {
	query.Engine
	Execute(ctx context.Context, sql string) (query.Stats, error)
}

// purge is one removal of rows.
type purge struct {
	t      *Target
	d      *deployed
	sql    asker
	w      window
	id     string // part of the names of all that this purge makes
	etag   string // of the journal as this purge last wrote it; "" when there is none
	sink   pipeline.Sink
	mu     sync.Mutex
	result pipeline.PurgeResult
}

// Purge removes records by received_at, every version of them. Hours that lie in
// the window go whole; of the files at its edges those rows that stay are written
// anew. It waits first until what the stream took in the window lies in S3,
// because it would come back otherwise. Results of questions are copies of rows:
// they go with every purge. A purge that was killed is taken up by the next.
func (t *Target) Purge(ctx context.Context, o pipeline.PurgeOptions, sink pipeline.Sink) (pipeline.PurgeResult, error) {
	r := pipeline.PurgeResult{DryRun: o.DryRun}
	if err := o.Validate(); err != nil {
		return r, err
	}
	d, err := t.readable(ctx, "purge")
	if err == nil {
		err = t.own(ctx, d, "purge")
	}
	if err != nil {
		return r, err
	}
	p := &purge{t: t, d: d, sql: d.athena, w: windowOf(o), id: rand.Text(), sink: sink, result: r}
	if o.DryRun {
		err = p.plan(ctx)
	} else {
		err = p.run(ctx)
	}
	return p.result, err
}

func (p *purge) run(ctx context.Context) error {
	if err := p.settle(ctx); err != nil {
		return err
	}
	if !p.w.all() { // else what it left goes with everything
		if err := p.takeUp(ctx); err != nil {
			return err
		}
	}
	h, err := p.hours(ctx)
	if err != nil {
		return err
	}
	if err := p.register(ctx, h); err != nil {
		return err
	}
	if _, err := p.count(ctx); err != nil {
		return err
	}
	if p.w.all() {
		err = p.everything(ctx)
	} else {
		err = p.rows(ctx, h)
	}
	if err != nil {
		return err
	}
	if err := p.prune(ctx, slices.Concat(h.registered, h.missing)); err != nil {
		return err
	}
	return p.finish(ctx)
}

// rows removes those of the window, from hours and from error lines.
func (p *purge) rows(ctx context.Context, h hours) error {
	whole, edge := p.split(h)
	if err := p.removeHours(ctx, p.whole(whole, h.padded)); err != nil {
		return err
	}
	if err := p.edges(ctx, edge, h.padded); err != nil {
		return err
	}
	return p.errorLines(ctx)
}

// settle waits until records of the window that the stream took before now lie
// in S3. What comes later is not waited for.
func (p *purge) settle(ctx context.Context) error {
	stopped := p.t.clock.Now()
	if !p.w.until.IsZero() && p.w.until.Before(stopped) {
		stopped = p.w.until
	}
	if p.d.kept || !p.w.since.IsZero() && !p.w.since.Before(stopped) {
		return nil
	}
	err := p.t.stream.Drain(ctx, p.d.stream, stream.DrainOptions{Stopped: stopped, Flowing: true}, p.sink)
	if err != nil {
		return fault.New(fault.KindOf(err), "purge: nothing is removed yet: %w", err).WithHint("%s", hintOr(err, p.t.command("purge")))
	}
	return nil
}

// everything empties all that holds rows.
func (p *purge) everything(ctx context.Context) error {
	for _, prefix := range []string{dataPrefix, errorPrefix, stagingPrefix} {
		gone, err := p.t.bucket.Empty(ctx, p.d.data, prefix, p.sink)
		p.removed(gone)
		if err != nil {
			return err
		}
	}
	return nil
}

// hours finds those of the lake and of the catalog that the window may touch.
func (p *purge) hours(ctx context.Context) (hours, error) {
	p.sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "find hours"})
	h, err := p.t.survey(ctx, p.d, p.w.first())
	p.sink.Send(pipeline.Event{Phase: pipeline.End, Step: "find hours"})
	return h, err
}

// register makes the edges readable.
func (p *purge) register(ctx context.Context, h hours) error {
	if p.d.projected() {
		return nil
	}
	_, err := p.d.catalog.Register(ctx, h.missing, p.d.location())
	return err
}

// count asks Athena how many rows the window holds.
func (p *purge) count(ctx context.Context) (query.Stats, error) {
	rows, stats, err := p.ask(ctx, CountSQL(p.w.since, p.w.until))
	if err != nil {
		return stats, fmt.Errorf("count rows to purge: %w", err)
	}
	if len(rows) == 1 && len(rows[0]) == 1 {
		p.result.Rows, _ = rows[0][0].(int64)
	}
	return stats, nil
}

// split tells the hours that go whole from those that have to be looked into.
func (p *purge) split(h hours) (whole, edge []lake.Hour) {
	for _, hour := range slices.Concat(h.registered, h.missing) {
		switch {
		case p.w.covers(hour):
			whole = append(whole, hour)
		case p.w.touches(hour):
			edge = append(edge, hour)
		}
	}
	return whole, edge
}

// atOnce bounds how many hours are emptied at a time.
const atOnce = 8

// whole gives the directories of hours under each name that they have.
func (p *purge) whole(hours []lake.Hour, padded []string) []string {
	dirs := paths(hours)
	for _, dir := range padded {
		if h, _, err := lake.ParseHour(dir); err == nil && p.w.covers(h) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

func (p *purge) removeHours(ctx context.Context, dirs []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, dir := range dirs {
		g.Go(func() error {
			p.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "purge", Text: dir, Done: int64(i), Total: int64(len(dirs))})
			gone, err := p.t.bucket.Empty(ctx, p.d.data, dataPrefix+dir+"/", nil)
			p.removed(gone)
			return err
		})
	}
	return g.Wait()
}

func (p *purge) removed(gone bucket.Emptied) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.result.Removed += int(gone.Versions)
	p.result.Bytes += gone.Bytes
}

// prune takes hours of the window out of the catalog that hold no file any more.
func (p *purge) prune(ctx context.Context, known []lake.Hour) error {
	if p.d.projected() {
		return nil
	}
	mine := slices.DeleteFunc(slices.Clone(known), func(h lake.Hour) bool { return !p.w.touches(h) })
	if len(mine) == 0 {
		return nil
	}
	gone, err := p.d.catalog.Gone(ctx, p.t.lister(p.d), mine)
	if err != nil {
		return err
	}
	_, err = p.d.catalog.Prune(ctx, gone)
	return err
}

// finish removes results of questions, this purge's own among them, and the
// journal last.
func (p *purge) finish(ctx context.Context) error {
	if _, err := p.t.bucket.Empty(ctx, p.resultsBucket(), resultsPrefix, nil); err != nil {
		return err
	}
	if group := p.d.stack.Outputs["BeaconLogGroup"]; group != "" {
		p.sink.Send(pipeline.Event{Phase: pipeline.Note, Step: "purge", Text: "records that the stream refused stand in log group " + group + " for 30 days"})
	}
	return p.close(ctx)
}

// resultsBucket is where answers of Athena lie.
func (p *purge) resultsBucket() string {
	if p.d.kept {
		return p.d.data
	}
	return p.d.results
}
