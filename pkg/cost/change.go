package cost

import (
	"cmp"
	"slices"
	"time"
)

// Change is one way to build the stack otherwise.
type Change struct {
	What    string  `json:"what"`
	Total   float64 `json:"total"`  // dollars a month with it
	Saving  float64 `json:"saving"` // below zero it costs more
	Now     bool    `json:"now"`    // it is built so
	Command string  `json:"command,omitempty"`
	Note    string  `json:"note,omitempty"`
}

// option is a setup beside the present one.
type option struct {
	what, command, note string
	to                  func(*Setup)
}

const lacking = "deploy does not offer it"

// options are the alternatives of --compare.
func options() []option {
	front := func(f string) func(*Setup) { return func(s *Setup) { s.Front = f } }
	format := func(f string) func(*Setup) { return func(s *Setup) { s.Format = f } }
	buffer := func(d time.Duration) func(*Setup) {
		return func(s *Setup) { s.Buffer, s.BufferSeconds = d, int(d/time.Second) }
	}
	return []option{
		{"front api", "", "", front(FrontAPI)},
		{"front url", "", lacking + "; no own domain, no throttle, no access log", front(FrontURL)},
		{"front cloudfront", "", lacking + "; own domain, viewers' country, WAF", front(FrontCloudFront)},
		{"format parquet", "pixelctl deploy --format parquet", "in a new stack: a table keeps its format", format(Parquet)},
		{"format json", "pixelctl deploy --format json", "in a new stack; questions read whole files", format(JSON)},
		{"format orc", "pixelctl deploy --format orc", "in a new stack: a table keeps its format", format(ORC)},
		{"buffer 60s", "pixelctl buffer 60s", "", buffer(time.Minute)},
		{"buffer 15m", "pixelctl buffer 15m", "rows come up to 15 minutes later", buffer(15 * time.Minute)},
	}
}

// compare prices each alternative, one change at a time.
func (in inputs) compare(now Setup, prices Prices, free map[string]float64) []Change {
	before := total(in.lines(now, prices, free))
	var all []Change
	for _, o := range options() {
		s := now
		o.to(&s)
		after := total(in.as(now, s).lines(s, prices, free))
		all = append(all, Change{What: o.what, Total: after, Saving: before - after, Now: s == now, Command: o.command, Note: o.note})
	}
	return all
}

// next gives the changes that save something, the best first.
func (in inputs) next(now Setup, prices Prices, free map[string]float64) []Change {
	all := in.compare(now, prices, free)
	before := total(in.lines(now, prices, free))
	without := func(what, command, note string, change func(*inputs)) {
		less := in
		change(&less)
		after := total(less.lines(now, prices, free))
		all = append(all, Change{What: what, Total: after, Saving: before - after, Command: command, Note: note})
	}
	without("no crawls", "pixelctl deploy --crawl-schedule ''", "query and repair register hours for nothing", func(i *inputs) { i.crawls.Value = 0 })
	without("no access log", "", lacking, func(i *inputs) { i.accessLog.Value = 0 })
	all = slices.DeleteFunc(all, func(c Change) bool { return c.Now || c.Saving < 0.01 })
	slices.SortStableFunc(all, func(a, b Change) int { return cmp.Compare(b.Saving, a.Saving) })
	return all[:min(len(all), mostNext)]
}

// mostNext is how many changes are worth a line.
const mostNext = 4
