// Package demo shows the whole loop in a temporary directory: deploy, snippet,
// hits, flush, crawl, query, destroy. It sends a week of traffic as real HTTP
// requests to a real server whose clock is simulated.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/traffic"
)

// Days is the span of the simulated traffic.
const Days = 7

// Stage is the stack that the demo plays on.
type Stage interface {
	pipeline.Pipeline
	pipeline.Flusher
	// Start serves with the clock until the stack is destroyed or ctx ends,
	// and gives the endpoint once it answers. wait gives the server's error.
	Start(ctx context.Context, clock func() time.Time) (endpoint string, wait func() error, err error)
}

// Screen shows what happens.
type Screen interface {
	Step(title, why string) error
	Deployed(endpoint, dir string) error
	Tag(text string) error
	Sent(traffic.Summary) error
	Flushed(pipeline.FlushResult) error
	Crawled(pipeline.CrawlResult) error
	Rows(ctx context.Context, sql string, rows query.Rows) error
	Bars(ctx context.Context, sql string, rows query.Rows) error
	Hours(ctx context.Context, sql string, rows query.Rows) error
	Destroyed(pipeline.DestroyResult) error
	Kept(dir string) error
}

// Options are the choices of the demo.
type Options struct {
	Hits    int
	Seed    uint64
	Keep    bool // leave the stack, stopped, for further questions
	Dir     string
	Now     time.Time // end of the simulated week
	Snippet func(endpoint string) (string, error)
	Article string // SQL of the three questions
	Bars    string
	Hours   string
	Sink    pipeline.Sink
}

// Run plays the demo. It removes the stack also when it fails or is
// interrupted, unless Keep.
func Run(ctx context.Context, stage Stage, screen Screen, o Options) (err error) {
	if o.Hits < 1 || o.Hits > maxHits {
		return fault.New(fault.Usage, "demo: --hits %d is not in 1 to %d", o.Hits, maxHits)
	}
	d := &play{stage: stage, screen: screen, o: o, clock: newClock(o.Now.Add(-Days * 24 * time.Hour))}
	serving, end := context.WithCancel(ctx)
	defer end()
	if err := d.start(serving); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{d.tag, d.send, d.flush, d.crawl, d.ask} {
		if err = step(ctx); err != nil {
			break
		}
	}
	// An interrupted demo cleans up, too.
	return errors.Join(err, d.finish(context.WithoutCancel(ctx), end))
}

const maxHits = 1_000_000

type play struct {
	stage    Stage
	screen   Screen
	o        Options
	clock    *clock
	endpoint string
	wait     func() error
}

func (d *play) start(ctx context.Context) (err error) {
	if err := d.screen.Step("deploy", "start the beacon on this machine; its clock is simulated and stands a week back"); err != nil {
		return err
	}
	if d.endpoint, d.wait, err = d.stage.Start(ctx, d.clock.Now); err != nil {
		return err
	}
	return d.screen.Deployed(d.endpoint, d.o.Dir)
}

func (d *play) tag(context.Context) error {
	if err := d.screen.Step("snippet", "the tag that a page would hold"); err != nil {
		return err
	}
	text, err := d.o.Snippet(d.endpoint)
	if err != nil {
		return err
	}
	return d.screen.Tag(text)
}

// send sends the hits hour by hour; the server's clock follows.
func (d *play) send(ctx context.Context) error {
	why := fmt.Sprintf("%d requests over HTTP, seeded; the clock runs through %d days", d.o.Hits, Days)
	if err := d.screen.Step("hit", why); err != nil {
		return err
	}
	sum, err := traffic.Send(ctx, traffic.Options{
		Endpoint: d.endpoint, Count: d.o.Hits, Seed: d.o.Seed, Days: Days, Profile: traffic.Mixed,
		Now: func() time.Time { return d.o.Now },
		OnProgress: func(done, total int) {
			d.o.Sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "send hits", Done: int64(done), Total: int64(total)})
		},
		OnHour: func(_ context.Context, hour time.Time) error { d.clock.set(hour); return nil },
	})
	if err != nil {
		return err
	}
	if err := d.screen.Sent(sum); err != nil {
		return err
	}
	if sum.Recorded() != d.o.Hits {
		return fault.New(fault.Failed, "send hits: only %d of %d were recorded", sum.Recorded(), d.o.Hits)
	}
	return nil
}

func (d *play) flush(ctx context.Context) error {
	if err := d.screen.Step("flush", "the spool becomes one Parquet file for each hour; the server does this by itself every 60 s"); err != nil {
		return err
	}
	r, err := d.stage.Flush(ctx, d.o.Sink)
	if err != nil {
		return err
	}
	return d.screen.Flushed(r)
}

func (d *play) crawl(ctx context.Context) error {
	if err := d.screen.Step("crawl", "register the new hours in the catalog; queries do this by themselves"); err != nil {
		return err
	}
	r, err := d.stage.Crawl(ctx, pipeline.CrawlOptions{}, d.o.Sink)
	if err != nil {
		return err
	}
	return d.screen.Crawled(r)
}

func (d *play) ask(ctx context.Context) error {
	if err := d.screen.Step("query", "three questions in SQL, as they would be put to Athena"); err != nil {
		return err
	}
	for _, q := range []struct {
		sql  string
		show func(context.Context, string, query.Rows) error
	}{{d.o.Article, d.screen.Rows}, {d.o.Bars, d.screen.Bars}, {d.o.Hours, d.screen.Hours}} {
		rows, err := d.stage.Query(ctx, pipeline.QueryOptions{SQL: q.sql}, d.o.Sink)
		if err != nil {
			return err
		}
		if err := errors.Join(q.show(ctx, q.sql, rows), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

// finish removes the stack with its proof, or leaves it stopped.
func (d *play) finish(ctx context.Context, end context.CancelFunc) error {
	if d.o.Keep {
		end()
		return errors.Join(d.wait(), d.screen.Kept(d.o.Dir))
	}
	if err := d.screen.Step("destroy", "stop, remove, and ask for each thing again"); err != nil {
		return err
	}
	r, err := d.stage.Destroy(ctx, pipeline.DestroyOptions{}, d.o.Sink)
	end()
	if err = errors.Join(err, d.wait()); err != nil {
		return err
	}
	return d.screen.Destroyed(r)
}
