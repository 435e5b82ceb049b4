package verify

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/traffic"
)

// clock moves by its waits.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time { return c.at }

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.at = c.at.Add(d)
	return ctx.Err()
}

// tracer plays a pipeline: how many looks until a file comes, and what is in it.
type tracer struct {
	t      *testing.T
	clock  *clock
	looks  int
	after  int // looks without a file
	rows   func(id string) int64
	reject int64
	fail   error
	cancel func()
}

func (p *tracer) Trace(_ context.Context, o pipeline.TraceOptions) (pipeline.Trace, error) {
	p.looks++
	if p.cancel != nil && p.looks == 2 {
		p.cancel()
	}
	if o.Last == nil || p.looks > 1 && o.Last.Queries != p.looks-1 {
		p.t.Errorf("look %d has not what the last one saw: %+v", p.looks, o.Last)
	}
	trace := pipeline.Trace{Hits: map[string]pipeline.Traced{}, Queries: p.looks, Dollars: 0.00005 * float64(p.looks), Rejected: p.reject}
	if p.looks <= p.after {
		for _, id := range o.IDs {
			trace.Hits[id] = pipeline.Traced{Waiting: true}
		}
		return trace, p.fail
	}
	trace.Files = 1
	for _, id := range o.IDs {
		if n := p.rows(id); n > 0 {
			trace.Hits[id] = pipeline.Traced{Rows: n, Stored: p.clock.at.Add(-time.Second)}
		}
	}
	return trace, p.fail
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answered(n int64, status string) *http.Response {
	h := http.Header{"X-Pixel-Status": {status}, "X-Pixel-Event": {fmt.Sprintf("event-%d", n)}}
	return &http.Response{StatusCode: http.StatusOK, Header: h, Body: io.NopCloser(strings.NewReader("GIF89a"))}
}

func TestRun(t *testing.T) {
	t.Parallel()
	once := func(string) int64 { return 1 }
	for name, c := range map[string]struct {
		answer  func(n int64) (*http.Response, error)
		tracer  tracer
		within  time.Duration
		kind    fault.Kind
		stuck   Stage
		arrived int
		text    string // of the error
		hint    string
	}{
		"all arrive": {tracer: tracer{after: 3, rows: once}, within: time.Minute, arrived: 5},
		"no file": {
			tracer: tracer{after: 1000, rows: once}, within: time.Minute, kind: fault.TimedOut, stuck: Recorded,
			text: "stuck at stored: 5 of 5 are recorded and not stored", hint: "pixelctl status --x",
		},
		"one is in no file": {
			tracer: tracer{rows: func(id string) int64 {
				if id == "event-3" {
					return 0
				}
				return 1
			}}, within: time.Minute, kind: fault.TimedOut, stuck: Stored, arrived: 4,
			text: "stuck at queryable: 1 of 5 are not in the buffer", hint: "pixelctl repair --x",
		},
		"one did not convert": {
			tracer: tracer{reject: 1, rows: func(id string) int64 { return int64(len(id)-len("event-")) * int64(strings.Count("1245", id[6:])) }},
			within: time.Minute, kind: fault.TimedOut, stuck: Stored, arrived: 4, text: "stuck at queryable", hint: "pixelctl errors list --x",
		},
		"one is there twice": {
			tracer: tracer{rows: func(id string) int64 { return 1 + int64(strings.Count(id, "4")) }}, within: time.Minute,
			kind: fault.Failed, stuck: Queryable, arrived: 4, text: "1 of 5 are rows more than once", hint: "HAVING count(*) > 1",
		},
		"one is dropped": {
			answer: func(n int64) (*http.Response, error) {
				if n == 2 {
					return answered(n, "dropped; reason=stream"), nil
				}
				return answered(n, "recorded"), nil
			},
			tracer: tracer{rows: once}, within: time.Minute, kind: fault.Failed, stuck: Answered,
			text: "stuck at recorded: 1 of 5 are answered and not recorded", hint: "pixelctl status --x",
		},
		"one is dropped for its site": {
			answer: func(n int64) (*http.Response, error) {
				if n == 2 {
					return answered(n, "dropped; reason=site"), nil
				}
				return answered(n, "recorded"), nil
			},
			tracer: tracer{rows: once}, within: time.Minute, kind: fault.Failed, stuck: Answered,
			text: "stuck at recorded: 1 of 5 are answered and not recorded", hint: "a site that pixelctl.yaml lists: pixelctl hit --site shop",
		},
		"one is not answered": {
			answer: func(n int64) (*http.Response, error) {
				if n == 2 {
					return nil, io.ErrUnexpectedEOF
				}
				return answered(n, "recorded"), nil
			},
			tracer: tracer{rows: once}, within: time.Minute, kind: fault.Failed, stuck: Sent,
			text: "stuck at answered: 1 of 5 are not answered", hint: "pixelctl status --x",
		},
		"a look fails": {tracer: tracer{rows: once, fail: fault.New(fault.Credentials, "no")}, within: time.Minute, kind: fault.Credentials, stuck: Recorded, text: "no"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Int64
			answer := c.answer
			if answer == nil {
				answer = func(n int64) (*http.Response, error) { return answered(n, "recorded"), nil }
			}
			client := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) { return answer(sent.Add(1)) })}
			at := &clock{time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)}
			c.tracer.t, c.tracer.clock = t, at
			ended := false
			r, err := Run(t.Context(), &c.tracer, Options{
				Traffic: traffic.Options{Endpoint: "http://px.example", Count: 5, Concurrency: 1, Client: client},
				Within:  c.within, Clock: at, Command: func(n string) string { return "pixelctl " + n + " --x" }, Listed: "pixelctl hit --site shop",
			}, func(e pipeline.Event) { ended = ended || e.Phase == pipeline.End })
			if ended != (err == nil) {
				t.Errorf("the step is told as done: %v, and the end is %v", ended, err)
			}
			if (err == nil) != (c.kind == 0) || err != nil && (fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.text) || !strings.Contains(fault.HintOf(err), c.hint)) {
				t.Errorf("ended in %v (hint %q)", err, fault.HintOf(err))
			}
			if r.Arrived != c.arrived && c.kind != fault.Credentials || r.Stuck != c.stuck || len(r.Hits) != 5 {
				t.Errorf("%d of %d arrived, stuck at %q, want %d and %q", r.Arrived, len(r.Hits), r.Stuck, c.arrived, c.stuck)
			}
			for _, h := range r.Hits {
				if h.Stage == Queryable && (h.Answered == nil || h.Recorded == nil || h.Stored == nil || h.Queryable == nil || *h.Stored > *h.Queryable) {
					t.Errorf("stages of %+v", h)
				}
			}
			if c.kind == fault.TimedOut && at.at != time.Date(2026, 7, 5, 9, 1, 0, 0, time.UTC) {
				t.Errorf("gave up at %s, within is a minute", at.at)
			}
		})
	}
}

// An interrupt ends the following, and what is known is told.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	at := &clock{time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)}
	p := &tracer{t: t, clock: at, after: 1000, cancel: cancel}
	client := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) { return answered(1, "recorded"), nil })}
	r, err := Run(ctx, p, Options{
		Traffic: traffic.Options{Endpoint: "http://px.example", Count: 1, Client: client}, Within: time.Hour, Clock: at,
		Command: func(n string) string { return n },
	}, nil)
	if fault.KindOf(err) != fault.Interrupted || len(r.Hits) != 1 || r.Stuck != Recorded {
		t.Errorf("%v, %+v", err, r)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Traffic: traffic.Options{Count: MostHits + 1}, Within: time.Minute}, {Traffic: traffic.Options{Count: 1}}} {
		if _, err := Run(t.Context(), nil, o, nil); fault.KindOf(err) != fault.Usage {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
