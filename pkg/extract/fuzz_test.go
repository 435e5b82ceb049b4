package extract

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// everySource is a field of each kind of source that a client can fill.
func everySource() []spec.Field {
	var fields []spec.Field
	for _, s := range []spec.Source{
		query("q", "r"),
		{Kind: spec.FromBody, Names: []string{"q"}},
		{Kind: spec.FromPage, Names: []string{"q"}},
		{Kind: spec.FromHeader, Names: []string{"x-fuzz"}},
		{Kind: spec.FromCookie, Names: []string{"c"}},
		{Kind: spec.FromPath, Segment: 1},
		{Kind: spec.FromPath, Segment: 2},
	} {
		for _, kind := range []event.Type{event.String, event.Int, event.BigInt, event.Double, event.Boolean, event.Timestamp, event.Date} {
			fields = append(fields, spec.Field{Name: "f" + string(rune('a'+len(fields)/7)) + string(kind[0]), Type: kind, Sources: []spec.Source{s}})
		}
	}
	return fields
}

func FuzzSources(f *testing.F) {
	p := compile(f, everySource()...)
	for _, s := range []string{
		"", "1", "-7", "1.5e3", "true", "2026-07-05", "2026-07-05T09:10:11Z", "1783242611123", "\x00", "\xff\xfe", "é", strings.Repeat("9", 400),
		"c=1; c=2", "c=\"a\"; d", ";;=;c", "c", "c=" + strings.Repeat("x", 9000), strings.Repeat("c;", 500) + "c=1", "c=a=b", "\tc = 1 ;",
	} {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, value, head, cookies string) {
		in := &Input{
			Query: params("q=" + value), Body: params("q=" + head), Page: params("q=" + cookies),
			Header: header{"X-Fuzz": head, "Cookie": cookies}, Path: [2]string{value, head},
		}
		var sc Scratch
		values, missing := p.Run(in, &sc, nil, nil)
		if missing != 0 || len(values) > len(p.fields) {
			t.Errorf("%d values, missing %b", len(values), missing)
		}
		for i := range values {
			if v := &values[i]; v.Field == nil || len(v.Text) > MaxText || v.Field.Type == event.String && v.Text == "" {
				t.Errorf("value %+v", v)
			}
		}
		if len(sc.cookies) > maxCookies {
			t.Errorf("%d cookies", len(sc.cookies))
		}
		if c := Cookie(cookies, "c"); !strings.Contains(cookies, c) || strings.Contains(c, ";") {
			t.Errorf("cookie %q", c)
		}
	})
}

// FuzzTransforms runs each transform, and a chain of all that let most through.
func FuzzTransforms(f *testing.F) {
	steps := []spec.Transform{
		{Kind: spec.Lower},
		{Kind: spec.TrimTo},
		{Kind: spec.Cut, N: 7},
		{Kind: spec.SHA256, Salt: "s"},
		{Kind: spec.URLHost},
		{Kind: spec.URLPath},
		{Kind: spec.MapTo, Values: map[string]string{"a": "b"}},
		{Kind: spec.Regexp, Pattern: `(\w+)\W`},
		{Kind: spec.Regexp, Pattern: `.+`},
	}
	plans := make([]*Plan, len(steps))
	for i, s := range steps {
		plans[i] = compile(f, text(query("q"), s))
	}
	chain := compile(f, text(query("q"), steps[0], steps[1], steps[8], steps[3], steps[2]))
	for _, s := range []string{
		"", "a", " A ", "https://u@[::1]:80/x?y#z", "//", "http://", "\xff", "İ", "ſ", strings.Repeat("é", 3000), strings.Repeat("\xc3", 5000),
		"a\x00b", "://", "x:/y", "\u2028 \u00a0", strings.Repeat("İ", 1024),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		in := &Input{Query: params("q=" + value)}
		for i, p := range plans {
			got := only(t, p, in)
			// ToLower can make a rune longer, and a bad byte a rune of three.
			if len(got) > 3*MaxText {
				t.Errorf("%s of %d bytes has %d", steps[i].Kind, len(value), len(got))
			}
			switch steps[i].Kind {
			case spec.Cut:
				if len(got) > 7 || !strings.HasPrefix(value, got) || utf8.ValidString(value) && !utf8.ValidString(got) {
					t.Errorf("cut %q to %q", value, got)
				}
			case spec.SHA256:
				if value != "" && len(got) != 64 {
					t.Errorf("sha256 of %q is %q", value, got)
				}
			case spec.Lower, spec.TrimTo, spec.URLHost, spec.URLPath, spec.MapTo, spec.Regexp:
			}
		}
		if got := only(t, chain, in); got != "" && len(got) != 7 {
			t.Errorf("chain gives %q", got)
		}
	})
}
