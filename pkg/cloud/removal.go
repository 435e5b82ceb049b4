package cloud

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// asker is the engine for SQL.
type asker interface {
	query.Engine
	Execute(ctx context.Context, sql string) (query.Stats, error)
}

// intent is what a removal does. A journal tells it to the next one.
type intent string

const (
	purging     intent = "purge"
	erasing     intent = "erase"
	anonymising intent = "anonymise"
)

// removal is what purge and erase share: it takes chosen rows out of the lake,
// or the person out of these rows. One that was killed is taken up by the next,
// whatever that one does itself.
type removal struct {
	t    *Target
	d    *deployed
	sql  asker
	sink pipeline.Sink
	work intent
	w    window
	rows choice

	whom string // digest of whom an erase is about; "" for a purge
	id   string // part of the names of all that this removal makes
	etag string // of the journal as this removal last wrote it; "" when there is none
	progress
}

func (t *Target) removal(d *deployed, does intent, w window, sink pipeline.Sink) *removal {
	return &removal{t: t, d: d, sql: d.athena, sink: sink, work: does, w: w, rows: choice{inside: w.Bounds()}, id: rand.Text()}
}

// command is the command line that does this work.
func (r *removal) command() string {
	switch r.work {
	case erasing:
		return r.t.command("subject erase")
	case anonymising:
		return r.t.command("subject erase --anonymise")
	case purging:
	}
	return r.t.command("purge")
}

// ready waits until what is to be removed lies in S3, and each row of it in one
// place.
func (r *removal) ready(ctx context.Context) error {
	if err := r.settle(ctx); err != nil {
		return err
	}
	return r.t.endCompaction(ctx, r.d, r.sink)
}

// settle waits until records of the window that the stream took before now lie
// in S3. What comes later is not waited for.
func (r *removal) settle(ctx context.Context) error {
	stopped := r.t.clock.Now()
	if !r.w.Until.IsZero() && r.w.Until.Before(stopped) {
		stopped = r.w.Until
	}
	if r.d.kept || !r.w.Since.IsZero() && !r.w.Since.Before(stopped) {
		return nil
	}
	err := r.t.stream.Drain(ctx, r.d.stream, stream.DrainOptions{Stopped: stopped, Flowing: true}, r.sink)
	if err != nil {
		return fault.New(fault.KindOf(err), "%s: nothing is removed yet: %w", r.work, err).WithHint("%s", hintOr(err, r.command()))
	}
	return nil
}

// hours finds those of the lake and of the catalog that the window may touch.
func (r *removal) hours(ctx context.Context) (hours, error) {
	r.sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "find hours"})
	h, err := r.t.survey(ctx, r.d, r.w.first())
	r.sink.Send(pipeline.Event{Phase: pipeline.End, Step: "find hours"})
	return h, err
}

// register makes all hours readable.
func (r *removal) register(ctx context.Context, h hours) error {
	if r.d.projected() {
		return nil
	}
	_, err := r.d.catalog.Register(ctx, h.missing, r.d.location())
	return err
}

// resultsBucket is where answers of Athena lie.
func resultsBucket(d *deployed) string {
	if d.kept {
		return d.data
	}
	return d.results
}

func (r *removal) resultsCall() string {
	return "s3:DeleteObjects " + resultsBucket(r.d) + "/" + resultsPrefix
}

// clear removes the results of questions, which are copies of rows: those that
// this removal asked itself among them.
func (r *removal) clear(ctx context.Context) error {
	_, err := r.t.bucket.Empty(ctx, resultsBucket(r.d), resultsPrefix, nil)
	return err
}

// refused tells where records stand that never reached the stream.
func (d *deployed) refused() string {
	group := d.stack.Outputs["BeaconLogGroup"]
	if group == "" {
		return ""
	}
	return "records that the stream refused stand in log group " + group + " for 30 days"
}

func (r *removal) ask(ctx context.Context, sql string) ([][]any, query.Stats, error) {
	return readAll(ctx, r.sql, sql)
}

// readAll reads the whole answer to a statement.
func readAll(ctx context.Context, engine query.Engine, sql string) (all [][]any, stats query.Stats, err error) {
	rows, err := engine.Query(ctx, sql)
	if err != nil {
		return nil, stats, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	err = query.Each(ctx, rows, func(row []any) error {
		all = append(all, slices.Clone(row))
		return nil
	})
	return all, rows.Stats(), err
}
