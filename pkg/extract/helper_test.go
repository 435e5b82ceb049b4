package extract

import (
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// pairs are parameters of a test, cut into names and values as a host's are
// before a plan sees them.
type pairs struct {
	list          []string // name=value texts in order
	names, values []string
	taken         []string
}

func params(list ...string) *pairs {
	p := &pairs{list: list}
	for _, pair := range list {
		name, value, _ := strings.Cut(pair, "=")
		p.names, p.values = append(p.names, name), append(p.values, value)
	}
	return p
}

func (p *pairs) Find(name string) (string, int) {
	for i, n := range p.names {
		if n == name && p.values[i] != "" {
			return p.values[i], i
		}
	}
	return "", -1
}

func (p *pairs) Take(place int) { p.taken = append(p.taken, p.list[place]) }

// header is one set of headers by canonical name.
type header map[string]string

func (h header) Get(name string) string { return h[name] }

// query is a source.
func query(names ...string) spec.Source { return spec.Source{Kind: spec.FromQuery, Names: names} }

// text is a string field with one source.
func text(source spec.Source, transforms ...spec.Transform) spec.Field {
	return spec.Field{Name: "x", Type: event.String, Sources: []spec.Source{source}, Transforms: transforms}
}

func compile(t testing.TB, fields ...spec.Field) *Plan {
	t.Helper()
	p, err := Compile(spec.Spec{Fields: fields})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// hit has something for each source.
func hit() *Input {
	return &Input{
		Query: params("a=", "a=1", "b=two", "big=99999999999", "url=https://A.example:8443/x/y?z=1#f"),
		Body:  params("a=body"),
		Page:  params("hotel=lisbon"),
		Header: header{
			"X-Plan": "Pro", "Accept-Language": "de",
			"Cookie": `empty=; theme=dark; q="quoted"; theme=light; =nameless; eq=a=b; sp = 1`,
		},
		Host: "px.example.com", Path: [2]string{"shop", "footer"},
	}
}

// only runs a plan of one field and gives its text; "" for none.
func only(t testing.TB, p *Plan, in *Input) string {
	t.Helper()
	var sc Scratch
	values, _ := p.Run(in, &sc, nil, nil)
	if len(values) == 0 {
		return ""
	}
	return values[0].Text
}
