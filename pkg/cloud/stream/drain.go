package stream

import (
	"context"
	"time"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// DrainOptions say what to wait for.
type DrainOptions struct {
	Stopped time.Time // when the last record can have been accepted
	// Objects counts what lies in S3; nil goes by the stream's metrics alone.
	Objects func(ctx context.Context) (int64, error)
	// Flowing says that records still come: those that were accepted after
	// Stopped are not waited for.
	Flowing bool
}

const (
	margin = time.Minute // for the write to S3 and for clocks that differ
	round  = time.Minute // between two looks
	slack  = 10 * time.Minute
)

// Drain waits until all that was accepted before Stopped must lie in S3. A
// stream that is gone holds nothing. It fails with fault.TimedOut when records
// still wait 10 minutes after twice the buffer interval.
//
// The rule: one interval and a margin after Stopped, and then a round in which
// no object came and no age of a waiting record was measured; while records
// still come, no age that reaches back to Stopped. The second half is there
// because buffering hints are hints: Firehose may raise the buffer when delivery
// falls behind (Firehose API, BufferingHints).
func (e *Engine) Drain(ctx context.Context, name string, o DrainOptions, sink pipeline.Sink) error {
	s, err := e.Describe(ctx, name)
	if session.Code(err) == missing {
		return nil
	}
	if err != nil {
		return err
	}
	d := draining{e: e, o: o, stream: s, sink: sink, step: "drain stream " + name}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: d.step})
	if err := d.until(ctx, o.Stopped.Add(s.Interval+margin)); err != nil {
		return err
	}
	if err := d.quiet(ctx); err != nil {
		return err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: d.step})
	return nil
}

type draining struct {
	e      *Engine
	o      DrainOptions
	stream Stream
	sink   pipeline.Sink
	step   string
}

// until waits for an instant, telling how far it is.
func (d *draining) until(ctx context.Context, when time.Time) error {
	total := when.Sub(d.o.Stopped)
	for {
		rest := when.Sub(d.e.clock.Now())
		if rest <= 0 {
			return nil
		}
		d.sink.Send(pipeline.Event{
			Phase: pipeline.Move, Step: d.step, Done: int64((total - rest) / time.Second), Total: int64(total / time.Second),
		})
		if err := d.e.clock.Wait(ctx, min(rest, 5*time.Second)); err != nil {
			return err
		}
	}
}

// look is what can be seen of the stream from outside.
type look struct {
	objects int64
	waits   time.Duration // age of the oldest waiting record, 0 for none
	at      time.Time     // of that age: the start of its minute
}

func (d *draining) look(ctx context.Context) (look, error) {
	var l look
	if d.o.Objects != nil {
		n, err := d.o.Objects(ctx)
		if err != nil {
			return l, err
		}
		l.objects = n
	}
	got, err := d.e.ask(ctx, 3*round, []metric{{"AWS/Firehose", "DeliveryToS3.DataFreshness", "Maximum", "DeliveryStreamName", d.stream.Name}})
	if err != nil {
		return l, session.Explain(err, "read metrics of delivery stream %s", d.stream.Name)
	}
	if p := got[0]; len(p) > 0 {
		l.waits, l.at = time.Duration(p[0].value*float64(time.Second)), p[0].at
	}
	return l, nil
}

// quiet waits for a round in which nothing came and nothing waits.
func (d *draining) quiet(ctx context.Context) error {
	before, err := d.look(ctx)
	if err != nil {
		return err
	}
	if d.o.Flowing && d.e.clock.Now().Sub(d.o.Stopped) > d.stream.Interval+margin+2*round && d.drained(before, before) {
		return nil // long past
	}
	end := d.o.Stopped.Add(2*d.stream.Interval + slack)
	for {
		if err := d.e.clock.Wait(ctx, round); err != nil {
			return err
		}
		now, err := d.look(ctx)
		if err != nil {
			return err
		}
		if d.drained(before, now) {
			return nil
		}
		if !d.e.clock.Now().Before(end) {
			return fault.New(fault.TimedOut, "drain delivery stream %s: %d objects came in the last minute, the oldest waiting record is %s old",
				d.stream.Name, now.objects-before.objects, now.waits.Round(time.Second))
		}
		d.sink.Send(pipeline.Event{Phase: pipeline.Note, Step: d.step, Text: "records still arrive"})
		before = now
	}
}

// drained judges two looks. An age is measured somewhere in the minute that
// begins at its time, so the oldest record came no earlier than the difference.
func (d *draining) drained(before, now look) bool {
	if d.o.Flowing {
		return now.waits == 0 || !now.at.Add(-now.waits).Before(d.o.Stopped)
	}
	return now.objects == before.objects && now.waits == 0
}
