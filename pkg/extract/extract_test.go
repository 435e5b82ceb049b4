package extract

import (
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

func TestSources(t *testing.T) {
	tests := []struct {
		name   string
		source spec.Source
		want   string
	}{
		{"query", query("a"), "1"},
		{"query alias", query("none", "b"), "two"},
		{"query, first listed wins", query("b", "a"), "two"},
		{"query missing", query("none"), ""},
		{"query names are exact", query("A"), ""},
		{"body", spec.Source{Kind: spec.FromBody, Names: []string{"a"}}, "body"},
		{"page", spec.Source{Kind: spec.FromPage, Names: []string{"hotel"}}, "lisbon"},
		{"header", spec.Source{Kind: spec.FromHeader, Names: []string{"x-plan"}}, "Pro"},
		{"header host", spec.Source{Kind: spec.FromHeader, Names: []string{"HOST"}}, "px.example.com"},
		{"header missing", spec.Source{Kind: spec.FromHeader, Names: []string{"X-None"}}, ""},
		{"cookie", spec.Source{Kind: spec.FromCookie, Names: []string{"theme"}}, "dark"},
		{"cookie in quotes", spec.Source{Kind: spec.FromCookie, Names: []string{"q"}}, "quoted"},
		{"cookie with equals", spec.Source{Kind: spec.FromCookie, Names: []string{"eq"}}, "a=b"},
		{"cookie empty", spec.Source{Kind: spec.FromCookie, Names: []string{"empty"}}, ""},
		{"path 1", spec.Source{Kind: spec.FromPath, Segment: 1}, "shop"},
		{"path 2", spec.Source{Kind: spec.FromPath, Segment: 2}, "footer"},
		{"const", spec.Source{Kind: spec.Constant, Value: "eu"}, "eu"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := compile(t, text(tt.source))
			if got := only(t, p, hit()); got != tt.want {
				t.Errorf("value = %q, want %q", got, tt.want)
			}
			if got := only(t, p, &Input{}); tt.source.Kind != spec.Constant && got != "" {
				t.Errorf("an empty hit gives %q", got)
			}
		})
	}
}

func TestTransforms(t *testing.T) {
	tests := []struct {
		name, in string
		steps    []spec.Transform
		want     string
	}{
		{"lower", "ÄbC", []spec.Transform{{Kind: spec.Lower}}, "äbc"},
		{"trim", " \t a b \n", []spec.Transform{{Kind: spec.TrimTo}}, "a b"},
		{"cut", "abcdef", []spec.Transform{{Kind: spec.Cut, N: 3}}, "abc"},
		{"cut at a rune", "aéé", []spec.Transform{{Kind: spec.Cut, N: 4}}, "aé"},
		{"cut of no UTF-8", "\x80\x80\x80\x80\x80", []spec.Transform{{Kind: spec.Cut, N: 4}}, "\x80\x80\x80\x80"},
		// printf 'saltvalue' | sha256sum
		{"sha256", "value", []spec.Transform{{Kind: spec.SHA256, Salt: "salt"}}, "d430a1da30afe1a9d07b3b36042151ebaf53c4882af1609733c04930de318e33"},
		{"host", "https://U:p@WWW.Example.com:8443/a?b#c", []spec.Transform{{Kind: spec.URLHost}}, "www.example.com"},
		{"host of no URL", "about:blank", []spec.Transform{{Kind: spec.URLHost}}, ""},
		{"path", "https://www.example.com/a/b?c#d", []spec.Transform{{Kind: spec.URLPath}}, "/a/b"},
		{"map", "DE", []spec.Transform{{Kind: spec.MapTo, Values: map[string]string{"DE": "Germany"}}}, "Germany"},
		{"map of another", "FR", []spec.Transform{{Kind: spec.MapTo, Values: map[string]string{"DE": "Germany"}}}, ""},
		{"regexp, first capture", "room-0412-x", []spec.Transform{{Kind: spec.Regexp, Pattern: `room-(\d+)-(.)`}}, "0412"},
		{"regexp, whole match", "room-0412", []spec.Transform{{Kind: spec.Regexp, Pattern: `\d+`}}, "0412"},
		{"regexp, none", "room", []spec.Transform{{Kind: spec.Regexp, Pattern: `\d+`}}, ""},
		{"regexp, capture that took no part", "b", []spec.Transform{{Kind: spec.Regexp, Pattern: `(a)?b`}}, ""},
		{"chain", "  HTTPS://Shop.Example/HOTEL/42 ", []spec.Transform{
			{Kind: spec.TrimTo}, {Kind: spec.Lower}, {Kind: spec.URLPath}, {Kind: spec.Regexp, Pattern: `/hotel/(\d+)`}, {Kind: spec.Cut, N: 1},
		}, "4"},
		{"chain that ends early", "   ", []spec.Transform{{Kind: spec.TrimTo}, {Kind: spec.SHA256}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := compile(t, text(query("q"), tt.steps...))
			if got := only(t, p, &Input{Query: params("q=" + tt.in)}); got != tt.want {
				t.Errorf("%q becomes %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// A value that is longer than MaxText is cut before the first transform.
func TestLongText(t *testing.T) {
	p := compile(t, text(query("q"), spec.Transform{Kind: spec.Regexp, Pattern: `x$`}))
	long := strings.Repeat("é", MaxText) + "x"
	if got := only(t, p, &Input{Query: params("q=" + long)}); got != "" {
		t.Errorf("the end of a long value was read: %q", got)
	}
	p = compile(t, text(query("q")))
	if got := only(t, p, &Input{Query: params("q=a" + long)}); len(got) != MaxText-1 {
		t.Errorf("%d bytes are left, want %d: a rune has two", len(got), MaxText-1)
	}
}

// Values that fit are taken from the parameters, others stay there; a default
// stands only where no source gives a text.
func TestRules(t *testing.T) {
	number := func(d string, sources ...spec.Source) spec.Field {
		return spec.Field{Name: "n", Type: event.Int, Sources: sources, Default: d}
	}
	tests := []struct {
		name  string
		field spec.Field
		want  any
		taken []string
	}{
		{"fits", number("", query("a")), int64(1), []string{"a=1"}},
		{"does not fit", number("", query("b")), nil, nil},
		{"does not fit, default", number("7", query("b")), nil, nil},
		{"too large", number("", query("big")), nil, nil},
		{"absent", number("", query("none")), nil, nil},
		{"absent, default", number("7", query("none")), int64(7), nil},
		{"next name fits", number("7", query("b", "a")), int64(1), []string{"a=1"}},
		{"next source fits", number("7", query("b"), spec.Source{Kind: spec.Constant, Value: "3"}), int64(3), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, in := compile(t, tt.field), hit()
			var sc Scratch
			values, _ := p.Run(in, &sc, nil, nil)
			var got any
			if len(values) == 1 {
				got = values[0].Int
			}
			if got != tt.want {
				t.Errorf("value = %v, want %v", got, tt.want)
			}
			if q, _ := in.Query.(*pairs); !slices.Equal(q.taken, tt.taken) {
				t.Errorf("taken %q, want %q", q.taken, tt.taken)
			}
		})
	}
}

// Values stand in the order of the spec behind what dst holds, know their
// columns, and retired fields give none.
func TestOrder(t *testing.T) {
	constant := func(name string) spec.Field {
		return spec.Field{Name: name, Type: event.String, Sources: []spec.Source{{Kind: spec.Constant, Value: "v" + name}}}
	}
	retired := constant("b")
	retired.Retired = true
	p := compile(t, constant("a"), retired, constant("c"))
	var sc Scratch
	values, _ := p.Run(hit(), &sc, []event.Value{{Text: "before"}}, nil)
	var got []string
	for _, v := range values[1:] {
		got = append(got, v.Field.Name+"="+v.Text)
	}
	if want := []string{"a=va", "c=vc"}; !slices.Equal(got, want) || values[0].Text != "before" {
		t.Errorf("values %q behind %q, want %q", got, values[0].Text, want)
	}
	if p.Empty() || !compile(t, retired).Empty() {
		t.Error("a plan is empty without fields that are not retired, and only then")
	}
}

func TestMissing(t *testing.T) {
	field := func(name, source string, required bool) spec.Field {
		return spec.Field{Name: name, Type: event.Int, Sources: []spec.Source{query(source)}, Required: required}
	}
	p := compile(t, field("there", "a", true), field("gone", "none", true), field("free", "none", false), field("unfit", "b", true))
	var sc Scratch
	_, missing := p.Run(hit(), &sc, nil, nil)
	if got, want := p.Names(missing), "gone,unfit"; got != want {
		t.Errorf("missing %q, want %q", got, want)
	}
	if got := p.Names(0); got != "" {
		t.Errorf("nothing missing is %q", got)
	}
	var many []spec.Field
	for i := range event.MaxFields {
		many = append(many, field(strings.Repeat("x", 38)+string(rune('a'+i/26))+string(rune('a'+i%26)), "none", true))
	}
	p = compile(t, many...)
	_, missing = p.Run(hit(), &sc, nil, nil)
	if got := p.Names(missing); len(got) > maxNames || !strings.HasSuffix(got, ",more") || strings.Count(got, ",") != 6 {
		t.Errorf("%d bytes of names: %s", len(got), got)
	}
}

// The cookies of one hit are not those of the next.
func TestScratchIsReused(t *testing.T) {
	p := compile(t, text(spec.Source{Kind: spec.FromCookie, Names: []string{"theme"}}, spec.Transform{Kind: spec.SHA256}))
	var sc Scratch
	first, _ := p.Run(&Input{Header: header{"Cookie": "theme=a"}}, &sc, nil, nil)
	second, _ := p.Run(&Input{Header: header{"Cookie": "theme=b"}}, &sc, nil, nil)
	none, _ := p.Run(&Input{}, &sc, nil, nil)
	if first[0].Text != "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb" || second[0].Text != "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d" || len(none) != 0 {
		t.Errorf("values %v, %v, %v", first, second, none)
	}
}

func TestTrace(t *testing.T) {
	p := compile(t,
		spec.Field{Name: "one", Type: event.Int, Sources: []spec.Source{query("none", "a")}},
		spec.Field{Name: "two", Type: event.String, Sources: []spec.Source{{Kind: spec.FromHeader, Names: []string{"x-plan"}}}, Transforms: []spec.Transform{{Kind: spec.Lower}, {Kind: spec.Cut, N: 2}}},
		spec.Field{Name: "three", Type: event.Int, Sources: []spec.Source{query("none")}, Default: "3"},
		spec.Field{Name: "four", Type: event.String, Sources: []spec.Source{{Kind: spec.FromPath, Segment: 2}}},
		spec.Field{Name: "five", Type: event.String, Sources: []spec.Source{query("none")}},
	)
	var got []string
	var sc Scratch
	p.Run(hit(), &sc, nil, func(column, source string) { got = append(got, column+" <- "+source) })
	want := []string{"one <- query:a", "two <- header:X-Plan, lower, cut", "three <- default", "four <- path:2"}
	if !slices.Equal(got, want) {
		t.Errorf("trace %q, want %q", got, want)
	}
}

func TestCompileRefuses(t *testing.T) {
	tests := []struct {
		field spec.Field
		want  string
	}{
		{text(spec.Source{Kind: "env"}), `compile field x: source "env" is unknown`},
		{text(query()), "compile field x: source query names no parameter"},
		{text(spec.Source{Kind: spec.FromHeader}), "compile field x: source header has 0 names, not 1"},
		{text(spec.Source{Kind: spec.FromCookie, Names: []string{"a", "b"}}), "compile field x: source cookie has 2 names, not 1"},
		{text(spec.Source{Kind: spec.FromPath}), "compile field x: source path:0: a pixel's path has segments 1 to 2"},
		{text(spec.Source{Kind: spec.FromPath, Segment: 3}), "compile field x: source path:3: a pixel's path has segments 1 to 2"},
		{text(query("a"), spec.Transform{Kind: "upper"}), `compile field x: transform "upper" is unknown`},
		{text(query("a"), spec.Transform{Kind: spec.Cut}), "compile field x: transform cut 0 keeps nothing"},
		{text(query("a"), spec.Transform{Kind: spec.Regexp, Pattern: "("}), "compile field x: transform regexp: error parsing regexp: missing closing ): `(`"},
		{spec.Field{Name: "x", Type: event.Int, Default: "seven"}, `compile field x: default "seven" is no int`},
	}
	for _, tt := range tests {
		if _, err := Compile(spec.Spec{Fields: []spec.Field{tt.field}}); err == nil || err.Error() != tt.want {
			t.Errorf("error %v, want %s", err, tt.want)
		}
	}
	if _, err := Compile(spec.Spec{Fields: make([]spec.Field, event.MaxFields+1)}); err == nil {
		t.Error("too many fields compile")
	}
}

func TestCookies(t *testing.T) {
	long := strings.Repeat("a=1; ", 4000)
	many := strings.Repeat("x=1;", maxCookies) + "last=1"
	tests := []struct{ name, header, cookie, want string }{
		{"first", "a=1; b=2", "a", "1"},
		{"last", "a=1;b=2", "b", "2"},
		{"first of two", "a=1; a=2", "a", "1"},
		{"no value", "a; b=2", "a", ""},
		{"blanks", "  a=1  ;  b=2\t", "b", "2"},
		{"one quote", `a="`, "a", `"`},
		{"behind too many", many, "last", ""},
		{"behind too much", long + "b=2", "b", ""},
		{"cut in two", strings.Repeat("y", maxCookieBytes-4) + ";b=12345", "b", ""},
		{"no header", "", "a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Cookie(tt.header, tt.cookie); got != tt.want {
				t.Errorf("Cookie = %q, want %q", got, tt.want)
			}
			p := compile(t, text(spec.Source{Kind: spec.FromCookie, Names: []string{tt.cookie}}))
			if got := only(t, p, &Input{Header: header{"Cookie": tt.header}}); got != tt.want {
				t.Errorf("field = %q, want %q", got, tt.want)
			}
		})
	}
}
