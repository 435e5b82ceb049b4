package pipelinetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// compactKeepsRows makes one file of several, where the target has a clock that
// lets an hour end, and changes no row in any case.
func compactKeepsRows(t *testing.T, h Harness) {
	d := deploy(t, h)
	for range 3 {
		mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=u-1&note=x"))
		settle(t, h)
	}
	const sql = "SELECT event_id, user_id, element_at(params, 'note') FROM tp_hits ORDER BY 1"
	before := ask(t, h, sql)
	if !h.real {
		h.Pass(3 * time.Hour)
	}
	o := pipeline.CompactOptions{Until: h.Now().Add(-time.Minute), DryRun: true}
	plan := compacts(t, h, o)
	o.DryRun = false
	done := compacts(t, h, o)
	if len(plan.Partitions) != len(done.Partitions) || !h.real && len(done.Partitions) == 0 {
		t.Errorf("planned %+v, done %+v", plan.Partitions, done.Partitions)
	}
	for _, p := range done.Partitions {
		if p.FilesAfter >= p.FilesBefore || p.Rows < 2 || p.Digest == "" {
			t.Errorf("compacted %+v", p)
		}
	}
	if again := compacts(t, h, o); len(again.Partitions) != 0 {
		t.Errorf("a second time: %+v", again.Partitions)
	}
	if after := ask(t, h, sql); len(after) != 3 || !slices.Equal(texts(after), texts(before)) {
		t.Errorf("rows %v, were %v", after, before)
	}
}

func compacts(t *testing.T, h Harness, o pipeline.CompactOptions) pipeline.CompactResult {
	t.Helper()
	r, err := h.Again().Compact(t.Context(), o, nil)
	if err != nil {
		t.Fatalf("compact %+v: %v", o, err)
	}
	return r
}

func texts(rows [][]any) []string {
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = fmt.Sprint(row...)
	}
	return list
}

func compactRefuses(t *testing.T, h Harness) {
	deploy(t, h)
	for _, o := range []pipeline.CompactOptions{{}, {Until: h.Now().Add(time.Hour)}, {Until: h.Now().Add(-time.Hour), TargetSize: 1}} {
		if _, err := h.Pipeline.Compact(t.Context(), o, nil); fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("compact %+v: %v", o, err)
		}
	}
}
