package cloud_test

import (
	"slices"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// generations deploys a spec, changes it, and has Trino read rows of before and
// after as one table. The second spec also needs the stack's secret.
func generations(t *testing.T, a *trinoAthena) {
	query := func(name string) []spec.Source { return []spec.Source{{Kind: spec.FromQuery, Names: []string{name}}} }
	hotel := spec.Field{Name: "hotel", Type: event.String, Sources: query("hotel"), Transforms: []spec.Transform{{Kind: spec.Lower}}}
	rate := spec.Field{Name: "rate", Type: event.Double, Sources: query("rate")}
	l := &life{T: t, m: a.ministack, stack: "generations", target: a.target(t, "generations", rigWish{})}
	l.record(spec.Spec{Fields: []spec.Field{hotel}}, "/p.gif?hotel=BER&rate=1")
	a.adopt(t, l.out["WorkGroup"])
	l.delivered(1)
	l.record(spec.Spec{Fields: []spec.Field{hotel, rate}, Privacy: spec.Privacy{Visitor: spec.VisitorDaily}}, "/p.gif?hotel=MUC&rate=99.5")
	l.delivered(2)
	got, _ := l.ask(pipeline.QueryOptions{SQL: "SELECT DISTINCT hotel, rate, length(visitor_id), element_at(params, 'rate') FROM hits"})
	if want := []string{`"ber" | NULL | NULL | "1"`, `"muc" | 99.5 | 16 | NULL`}; !slices.Equal(got.Sorted().Rows, want) {
		t.Errorf("got %q, want %q", got.Sorted().Rows, want)
	}
	rate.Type = event.String
	_, err := l.target.Deploy(t.Context(), pipeline.DeployOptions{Spec: &spec.Spec{Fields: []spec.Field{hotel, rate}}}, nil)
	if fault.KindOf(err) != fault.Usage {
		t.Errorf("another type: %v", err)
	}
	if kept, err := l.target.Kept(t.Context()); err != nil || len(kept.Spec.Fields) != 2 || kept.Spec.Privacy.Visitor != spec.VisitorDaily {
		t.Errorf("kept: %+v, %v", kept, err)
	}
}

// record deploys with a spec and sends a hit.
func (l *life) record(s spec.Spec, path string) {
	l.Helper()
	d, err := l.target.Deploy(l.Context(), pipeline.DeployOptions{Spec: &s}, nil)
	if err != nil || len(d.Fields) == 0 {
		l.Fatalf("deploy: %+v, %v", d, err)
	}
	l.endpoint = d.Endpoint
	l.readOutputs()
	l.recorded("GET", path, "")
}
