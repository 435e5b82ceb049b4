package ui

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/traffic"
)

// Tag is a rendered snippet.
type Tag struct {
	Form     string `json:"form"`
	Endpoint string `json:"endpoint"`
	Text     string `json:"snippet"`
	CSP      string `json:"csp"` // what a Content-Security-Policy must allow
}

// Snippet shows the tag as it is to be pasted, and nothing else.
func Snippet(t Tag) View {
	return View{json: t, text: func(p *page) { p.b.WriteString(t.Text + "\n") }}
}

// Hits shows what became of synthetic hits.
func Hits(s traffic.Summary) View {
	return View{json: s, text: func(p *page) {
		line := Count(int64(s.Sent)) + " sent in " + Duration(time.Duration(s.Seconds*float64(time.Second))) + p.o.dot() + Count(int64(s.Rate)) + " a second"
		p.check(line)
		for _, o := range outcomes(s) {
			p.marked(outcomeRole(o), Count(int64(s.Outcomes[o])), o)
		}
		l := s.Latency
		p.say(Muted, "  latency p50 "+ms(l.P50)+p.o.dot()+"p90 "+ms(l.P90)+p.o.dot()+"p99 "+ms(l.P99)+p.o.dot()+"max "+ms(l.Max))
	}}
}

// outcomes are sorted by number, most first.
func outcomes(s traffic.Summary) []string {
	return slices.SortedFunc(maps.Keys(s.Outcomes), func(a, b string) int {
		return cmp.Or(s.Outcomes[b]-s.Outcomes[a], strings.Compare(a, b))
	})
}

func outcomeRole(name string) Role {
	if name == "recorded" {
		return OK
	}
	return Warn
}

func ms(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) + " ms" }
