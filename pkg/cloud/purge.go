package cloud

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// purge is one removal of rows by time.
type purge struct {
	*removal
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
	p := &purge{removal: t.removal(d, purging, window{o.Whole()}, sink), result: r}
	if o.DryRun {
		err = p.plan(ctx)
	} else {
		err = p.run(ctx)
	}
	return p.result, err
}

func (p *purge) run(ctx context.Context) error {
	if err := p.ready(ctx); err != nil {
		return err
	}
	if !p.w.IsZero() { // else what it left goes with everything
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
	if p.w.IsZero() {
		err = p.everything(ctx)
	} else {
		err = p.window(ctx, h)
	}
	if err != nil {
		return err
	}
	known := slices.DeleteFunc(slices.Concat(h.registered, h.missing), func(h lake.Hour) bool { return !p.w.touches(h) })
	if err := p.prune(ctx, known); err != nil {
		return err
	}
	return p.finish(ctx)
}

// window removes its rows, from hours and from error lines.
func (p *purge) window(ctx context.Context, h hours) error {
	whole, edge := p.split(h)
	if err := p.removeHours(ctx, p.whole(whole, h.padded)); err != nil {
		return err
	}
	if err := p.edges(ctx, edge, h.padded); err != nil {
		return err
	}
	return p.errorLines(ctx)
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

// count asks Athena how many rows the window holds.
func (p *purge) count(ctx context.Context) (query.Stats, error) {
	rows, stats, err := p.ask(ctx, countSQL(p.w.Since, p.w.Until))
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

// finish removes results of questions, and the journal last.
func (p *purge) finish(ctx context.Context) error {
	if err := p.clear(ctx); err != nil {
		return err
	}
	if err := p.noReplay(ctx); err != nil {
		return err
	}
	if text := p.d.refused(); text != "" {
		p.sink.Send(pipeline.Event{Phase: pipeline.Note, Step: string(p.work), Text: text})
	}
	return p.close(ctx)
}
