// Package verify sends hits and follows each until it is a row: answered,
// recorded, stored, queryable.
package verify

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/traffic"
)

// Tracer tells how far hits have come.
type Tracer interface {
	Trace(ctx context.Context, o pipeline.TraceOptions) (pipeline.Trace, error)
}

// Clock is the target's time.
type Clock interface {
	Now() time.Time
	Wait(ctx context.Context, d time.Duration) error
}

// Options say what to send and how long to follow it.
type Options struct {
	Traffic traffic.Options
	Within  time.Duration
	Clock   Clock
	Command func(name string) string // a command line for the same stack
	Listed  string                   // one that names a site that the stack takes; "" when no other is known to
}

// MostHits is how many hits can be followed at a time: their ids go into one
// statement.
const MostHits = 1000

// Stage is how far a hit has come.
type Stage string

// The stages, in order. Sent is before the first.
const (
	Sent      Stage = "sent"
	Answered  Stage = "answered"
	Recorded  Stage = "recorded"
	Stored    Stage = "stored"
	Queryable Stage = "queryable"
)

// Hit is one hit and the seconds from its sending to each stage; a stage that it
// has not reached is absent.
type Hit struct {
	ID        string   `json:"id"`       // client_event_id
	Event     string   `json:"event_id"` // as the collector gave it
	Outcome   string   `json:"outcome"`
	Stage     Stage    `json:"stage"`
	Answered  *float64 `json:"answered,omitempty"`
	Recorded  *float64 `json:"recorded,omitempty"`
	Stored    *float64 `json:"stored,omitempty"`
	Queryable *float64 `json:"queryable,omitempty"`
	Rows      int64    `json:"rows"`

	sent time.Time
	gone bool // it is not in the buffer any more
}

// Report is what became of the hits.
type Report struct {
	Hits     []Hit   `json:"hits"`
	Arrived  int     `json:"arrived"` // rows exactly once
	Seconds  float64 `json:"seconds"`
	Stuck    Stage   `json:"stuck,omitempty"` // the stage that some did not get beyond
	Command  string  `json:"command,omitempty"`
	Queries  int     `json:"queries"`
	Listings int     `json:"listings"`
	Dollars  float64 `json:"dollars"`
}

// Validate refuses what cannot be followed.
func (o Options) Validate() error {
	switch {
	case o.Traffic.Count > MostHits:
		return fault.New(fault.Usage, "verify hits: %d are more than the %d that can be followed at a time", o.Traffic.Count, MostHits).
			WithHint("send the rest without --verify")
	case o.Within <= 0:
		return fault.New(fault.Usage, "verify hits: --within %s leaves no time", o.Within)
	}
	return nil
}

// Run sends the hits and follows them. The report comes with every error but
// those of wrong options and of an endpoint where nobody answers.
func Run(ctx context.Context, t Tracer, o Options, sink pipeline.Sink) (Report, error) {
	if err := o.Validate(); err != nil {
		return Report{}, err
	}
	f := &following{o: o, tracer: t, sink: sink, begin: o.Clock.Now(), hits: map[string]*Hit{}}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: step})
	err := f.send(ctx)
	if err == nil {
		err = f.follow(ctx)
	}
	if err == nil {
		sink.Send(pipeline.Event{Phase: pipeline.End, Step: step})
	}
	return f.report(), err
}

const step = "follow hits"

// following is one run.
type following struct {
	o      Options
	tracer Tracer
	sink   pipeline.Sink
	begin  time.Time

	lock  sync.Mutex
	hits  map[string]*Hit // by client event id
	order []string
	last  pipeline.Trace
}

func (f *following) send(ctx context.Context) error {
	o := f.o.Traffic
	o.OnAnswer = f.answered
	sum, err := traffic.Send(ctx, o)
	if err == nil && sum.Sent != len(f.order) {
		err = fault.New(fault.Failed, "verify hits: %d were sent, %d have an outcome", sum.Sent, len(f.order))
	}
	slices.Sort(f.order)
	return err
}

// answered notes the outcome of one hit.
func (f *following) answered(a traffic.Answer) {
	f.lock.Lock()
	defer f.lock.Unlock()
	took := a.Took.Seconds()
	h := &Hit{ID: a.ID, Event: a.Event, Outcome: a.Outcome, Stage: Sent, sent: f.o.Clock.Now()}
	if a.Answered {
		h.Stage, h.Answered = Answered, &took
	}
	if a.Recorded() && a.Event != "" {
		h.Stage, h.Recorded = Recorded, &took
	}
	f.hits[a.ID] = h
	f.order = append(f.order, a.ID)
}

const (
	firstLook = 2 * time.Second
	lastLook  = 15 * time.Second
	skew      = time.Minute // between clocks
)

// follow looks until every recorded hit is a row, or the time is over. The last
// look comes at the deadline.
func (f *following) follow(ctx context.Context) error {
	if ids, _ := f.recorded(); len(ids) < len(f.order) {
		return f.verdict() // it cannot end well: no need to wait
	}
	end := f.begin.Add(f.o.Within)
	for pause := firstLook; ; pause = min(pause*3/2, lastLook) {
		if err := f.look(ctx); err != nil {
			return err
		}
		if f.done() {
			return f.verdict()
		}
		rest := end.Sub(f.o.Clock.Now())
		if rest <= 0 {
			return f.stuck(fault.TimedOut, fmt.Sprintf("after %s", f.o.Within))
		}
		if err := f.o.Clock.Wait(ctx, min(pause, rest)); err != nil {
			return f.stuck(fault.KindOf(err), err.Error())
		}
	}
}

// recorded are the event ids that the collector keeps; waiting are those
// that are no rows yet.
func (f *following) recorded() (ids []string, waiting int) {
	for _, id := range f.order {
		if h := f.hits[id]; h.Recorded != nil {
			ids = append(ids, h.Event)
			if h.Stage != Queryable {
				waiting++
			}
		}
	}
	return ids, waiting
}

func (f *following) done() bool {
	_, waiting := f.recorded()
	return waiting == 0
}

func (f *following) look(ctx context.Context) error {
	ids, waiting := f.recorded()
	if waiting == 0 {
		return nil
	}
	trace, err := f.tracer.Trace(ctx, pipeline.TraceOptions{IDs: ids, Since: f.begin.Add(-skew), Last: &f.last})
	if err != nil {
		if ctx.Err() != nil {
			return f.stuck(fault.KindOf(ctx.Err()), ctx.Err().Error())
		}
		return err
	}
	f.last = trace
	now := f.o.Clock.Now()
	for _, h := range f.hits {
		if h.Recorded != nil {
			h.reach(trace.Hits[h.Event], now)
		}
	}
	_, waiting = f.recorded()
	f.sink.Send(pipeline.Event{
		Phase: pipeline.Move, Step: step, Done: int64(len(ids) - waiting), Total: int64(len(f.order)),
		Text: fmt.Sprintf("%d of %d are rows, %s since the first was sent", len(ids)-waiting, len(f.order), now.Sub(f.begin).Round(time.Second)),
	})
	return nil
}

// reach notes that a hit is a row of a file. What was seen later than it was so
// counts from when it was seen.
func (h *Hit) reach(found pipeline.Traced, now time.Time) {
	if h.Rows, h.gone = found.Rows, !found.Waiting; h.Stage == Queryable || found.Rows == 0 {
		return
	}
	at := found.Stored
	if at.IsZero() || at.Before(h.sent) {
		at = now
	}
	stored, queryable := max(at.Sub(h.sent), 0).Seconds(), now.Sub(h.sent).Seconds()
	h.Stage, h.Stored, h.Queryable = Queryable, &stored, &queryable
}
