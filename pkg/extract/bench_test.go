package extract

import (
	"fmt"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// busy is a hit with as many parameters, headers and cookies as real ones have.
func busy() *Input {
	in := &Input{
		Header: header{
			"X-Plan": "Pro", "Accept-Language": "de-DE,de;q=0.9,en;q=0.8",
			"Cookie": "_ga=GA1.1.1234567890.1700000000; theme=dark; session=8f14e45fceea167a5a36dedd4bea2543; hotel=lisbon-042",
		},
		Host: "px.example.com", Path: [2]string{"shop", "footer"},
	}
	list := []string{
		"site=shop", "event=view", "uid=u-1842", "label=footer", "title=Summer sale", "url=https://www.example.com/hotels/lisbon?room=42",
		"ref=https://www.google.com/", "res=1920x1080", "ts=1783242611000", "plan=pro", "nights=7", "price=129.90", "date=2026-07-05",
	}
	in.Query, in.Body, in.Page = params(list...), params(list...), params(list...)
	return in
}

func run(b *testing.B, fields ...spec.Field) {
	p, in := compile(b, fields...), busy()
	var sc Scratch
	var values []event.Value
	b.ReportAllocs()
	for b.Loop() {
		for _, list := range []Params{in.Query, in.Body, in.Page} {
			if l, ok := list.(*pairs); ok {
				l.taken = l.taken[:0]
			}
		}
		values, _ = p.Run(in, &sc, values[:0], nil)
	}
	if len(values) != len(fields) {
		b.Fatalf("%d values of %d fields", len(values), len(fields))
	}
}

func BenchmarkSource(b *testing.B) {
	for _, s := range []spec.Source{
		query("price"), query("none", "nil", "price"),
		{Kind: spec.FromBody, Names: []string{"price"}},
		{Kind: spec.FromPage, Names: []string{"price"}},
		{Kind: spec.FromHeader, Names: []string{"X-Plan"}},
		{Kind: spec.FromCookie, Names: []string{"hotel"}},
		{Kind: spec.FromPath, Segment: 2},
		{Kind: spec.Constant, Value: "eu"},
	} {
		b.Run(fmt.Sprintf("%s-%d", s.Kind, max(1, len(s.Names))), func(b *testing.B) { run(b, text(s)) })
	}
}

func BenchmarkTransform(b *testing.B) {
	for _, s := range []spec.Transform{
		{Kind: spec.Lower},
		{Kind: spec.TrimTo},
		{Kind: spec.Cut, N: 10},
		{Kind: spec.URLHost},
		{Kind: spec.URLPath},
		{Kind: spec.MapTo, Values: map[string]string{"https://www.example.com/hotels/lisbon?room=42": "lisbon"}},
		{Kind: spec.SHA256, Salt: "pepper"},
		{Kind: spec.Regexp, Pattern: `room=(\d+)`},
		{Kind: spec.Regexp, Pattern: `/hotels/[a-z]+`},
	} {
		b.Run(string(s.Kind), func(b *testing.B) { run(b, text(query("url"), s)) })
	}
}

func BenchmarkType(b *testing.B) {
	for kind, name := range map[event.Type]string{
		event.String: "plan", event.Int: "nights", event.BigInt: "ts", event.Double: "price", event.Timestamp: "ts", event.Date: "date",
	} {
		b.Run(string(kind), func(b *testing.B) {
			run(b, spec.Field{Name: "x", Type: kind, Sources: []spec.Source{query(name)}})
		})
	}
}

// BenchmarkFields has the mix of a real spec: numbers and texts of all sources,
// a pseudonym and a pattern among them.
func BenchmarkFields(b *testing.B) {
	mix := []spec.Field{
		{Type: event.String, Sources: []spec.Source{query("plan")}, Transforms: []spec.Transform{{Kind: spec.Lower}}},
		{Type: event.Int, Sources: []spec.Source{query("nights")}},
		{Type: event.Double, Sources: []spec.Source{query("price")}},
		{Type: event.Date, Sources: []spec.Source{query("date")}},
		{Type: event.String, Sources: []spec.Source{{Kind: spec.FromHeader, Names: []string{"X-Plan"}}}},
		{Type: event.String, Sources: []spec.Source{{Kind: spec.FromCookie, Names: []string{"hotel"}}}, Transforms: []spec.Transform{{Kind: spec.Cut, N: 6}}},
		{Type: event.String, Sources: []spec.Source{{Kind: spec.FromPath, Segment: 1}}},
		{Type: event.String, Sources: []spec.Source{{Kind: spec.FromPage, Names: []string{"url"}}}, Transforms: []spec.Transform{{Kind: spec.URLPath}}},
		{Type: event.String, Sources: []spec.Source{query("none")}, Default: "eu"},
		{Type: event.BigInt, Sources: []spec.Source{{Kind: spec.FromBody, Names: []string{"ts"}}}},
		{Type: event.String, Sources: []spec.Source{query("uid")}, Transforms: []spec.Transform{{Kind: spec.SHA256, Salt: "pepper"}}},
		{Type: event.String, Sources: []spec.Source{query("url")}, Transforms: []spec.Transform{{Kind: spec.Regexp, Pattern: `room=(\d+)`}}},
	}
	for _, n := range []int{1, 12, 48} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			fields := make([]spec.Field, n)
			for i := range fields {
				fields[i] = mix[i%len(mix)]
				fields[i].Name = fmt.Sprintf("f%d", i)
			}
			run(b, fields...)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/field")
		})
	}
}
