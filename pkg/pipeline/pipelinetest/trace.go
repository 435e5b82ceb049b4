package pipelinetest

import (
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
)

// traceHits sees a hit when its file came, and not before; one that was never sent
// is never seen.
func traceHits(t *testing.T, h Harness) {
	d := deploy(t, h)
	before := get(t, h, d.Endpoint+"/p.gif")
	settle(t, h)
	h.Pass(1100 * time.Millisecond) // files are dated to the second
	since := h.Now()
	first, second := get(t, h, d.Endpoint+"/p.gif"), get(t, h, d.Endpoint+"/p.gif?n=2")
	for _, a := range []answer{before, first, second} {
		mustRecord(t, a)
	}
	o := pipeline.TraceOptions{IDs: []string{first.id, second.id, "it's none"}, Since: since}
	look := func() pipeline.Trace {
		t.Helper()
		trace, err := h.Pipeline.Trace(t.Context(), o)
		if err != nil {
			t.Fatalf("trace: %v", err)
		}
		o.Last = &trace
		return trace
	}
	if trace := look(); trace.Files != 0 || trace.Hits[first.id] != (pipeline.Traced{Waiting: true}) || trace.Queries != 0 {
		t.Errorf("before a file came: %+v", trace)
	}
	settle(t, h)
	trace := look()
	if trace.Files < 1 || trace.Rejected != 0 || trace.Hits[first.id].Rows != 1 || trace.Hits[second.id].Rows != 1 || trace.Queries != 1 {
		t.Errorf("after it came: %+v", trace)
	}
	if again := look(); again.Hits[first.id] != trace.Hits[first.id] || again.Dollars != trace.Dollars {
		t.Errorf("a look at what is known: %+v, after %+v", again, trace)
	}
}
