package verify

import (
	"fmt"
	"slices"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/traffic"
)

// report is what is known so far.
func (f *following) report() Report {
	f.lock.Lock()
	defer f.lock.Unlock()
	r := Report{
		Hits: []Hit{}, Seconds: f.o.Clock.Now().Sub(f.begin).Seconds(),
		Queries: f.last.Queries, Listings: f.last.Listings, Dollars: f.last.Dollars,
	}
	for _, id := range f.order {
		h := *f.hits[id]
		if h.Stage == Queryable && h.Rows == 1 {
			r.Arrived++
		}
		r.Hits = append(r.Hits, h)
	}
	if r.Arrived < len(r.Hits) {
		r.Stuck = f.stage()
		r.Command = f.command(r.Stuck)
	}
	return r
}

// stage is the one that the last of the hits did not get beyond, as what comes
// after it did not happen.
func (f *following) stage() Stage {
	order := []Stage{Sent, Answered, Recorded, Stored, Queryable}
	worst := Queryable
	for _, h := range f.hits {
		stage := h.Stage
		if stage == Recorded && h.gone {
			stage = Stored
		}
		if slices.Index(order, stage) < slices.Index(order, worst) {
			worst = stage
		}
	}
	return worst
}

// command helps with hits that did not get beyond a stage.
func (f *following) command(s Stage) string {
	name := "status"
	switch {
	case s == Answered && f.astray():
		return f.o.Listed
	case s == Stored && f.last.Rejected > 0:
		name = "errors list"
	case s == Stored:
		name = "repair"
	case s == Queryable: // more than once
		name = `query "SELECT event_id, count(*) FROM tp_hits GROUP BY 1 HAVING count(*) > 1"`
	}
	return f.o.Command(name)
}

// astray tells that hits were dropped for their site, and that another one is
// known.
func (f *following) astray() bool {
	return f.o.Listed != "" && slices.ContainsFunc(f.order, func(id string) bool { return f.hits[id].Outcome == traffic.DroppedSite })
}

// missing says what did not happen to hits of a stage.
func missing(s Stage) string {
	return map[Stage]string{
		Sent: "not answered", Answered: "answered and not recorded", Recorded: "recorded and not stored",
		Stored: "not in the buffer and not found by SQL", Queryable: "rows more than once",
	}[s]
}

// verdict is on hits of which none waits: all are rows once, or some never will.
func (f *following) verdict() error {
	for _, h := range f.hits {
		if h.Stage != Queryable || h.Rows != 1 {
			if h.Recorded == nil || h.Stage == Queryable {
				return f.stuck(fault.Failed, h.Outcome)
			}
		}
	}
	return nil
}

// stuck names the stage and the command that helps.
func (f *following) stuck(kind fault.Kind, why string) error {
	if kind == fault.Interrupted {
		why = "interrupted"
	}
	r := f.report()
	late := fmt.Sprintf("%d of %d are %s", f.behind(r.Stuck), len(r.Hits), missing(r.Stuck))
	hint := r.Command
	if r.Stuck == Answered && f.astray() {
		hint = "name a site that pixelctl.yaml lists: " + hint
	}
	return fault.New(kind, "verify hits: stuck at %s: %s (%s)", after(r.Stuck), late, why).WithHint("%s", hint)
}

// behind counts the hits that are no rows exactly once at that stage.
func (f *following) behind(s Stage) (n int) {
	for _, h := range f.hits {
		switch {
		case h.Stage == s && h.Stage != Queryable && !h.gone, s == Stored && h.Stage == Recorded && h.gone, s == Queryable && h.Rows > 1:
			n++
		}
	}
	return n
}

// after is the stage that was not reached.
func after(s Stage) Stage {
	return map[Stage]Stage{Sent: Answered, Answered: Recorded, Recorded: Stored, Stored: Queryable, Queryable: Queryable}[s]
}
