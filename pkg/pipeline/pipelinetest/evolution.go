package pipelinetest

import (
	"reflect"
	"slices"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// twoGenerations adds a column to a stack that has rows, some of them in files
// and some not yet.
func twoGenerations(t *testing.T, h Harness) {
	first := spec.Spec{Fields: []spec.Field{asked("hotel", event.String)}}
	second := spec.Spec{Fields: append(slices.Clone(first.Fields), asked("rooms", event.Int))}
	d := deploySpec(t, h, first)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=1&hotel=ritz&rooms=1"))
	settle(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=2&hotel=ritz&rooms=2"))
	planned, err := h.Pipeline.Deploy(t.Context(), pipeline.DeployOptions{Spec: &second, DryRun: true}, nil)
	if got := deployedSpec(t, h); err != nil || !reflect.DeepEqual(got, first) {
		t.Fatalf("after a dry run: %v, deployed %s", err, got.JSON())
	}
	d = deploySpec(t, h, second)
	if d.Action != pipeline.Updated || !reflect.DeepEqual(d.Fields, planned.Fields) || len(d.Fields) != 1 || d.Fields[0].Action != "add" {
		t.Errorf("deploy with one more column: %+v; planned %+v", d, planned.Fields)
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=3&hotel=savoy&rooms=3"))
	settle(t, h)
	h.Pipeline = h.Again()
	if d = deploySpec(t, h, second); d.Action != pipeline.Unchanged || len(d.Fields) != 0 {
		t.Errorf("deploy of the same spec: %+v, want unchanged", d)
	}
	if d = deploy(t, h); d.Action != pipeline.Unchanged {
		t.Errorf("deploy without a spec: %+v, want unchanged", d)
	}
	want := [][]any{{"1", "ritz", nil, "1"}, {"2", "ritz", nil, "2"}, {"3", "savoy", int64(3), nil}}
	if rows := ask(t, h, "SELECT user_id, hotel, rooms, element_at(params, 'rooms') FROM hits ORDER BY user_id"); !reflect.DeepEqual(rows, want) {
		t.Errorf("rows of both generations\n%v\nwant\n%v", rows, want)
	}
	if rows := ask(t, h, "SELECT user_id FROM tp_hits WHERE rooms IS NULL ORDER BY 1"); !reflect.DeepEqual(rows, [][]any{{"1"}, {"2"}}) {
		t.Errorf("rows without rooms: %v", rows)
	}
}

// refusedChange keeps a stack as it is when a spec would give a column another
// meaning or is none.
func refusedChange(t *testing.T, h Harness) {
	first := spec.Spec{Fields: []spec.Field{asked("hotel", event.String)}}
	renamed := asked("lodging", event.String)
	renamed.Sources = first.Fields[0].Sources
	d := deploySpec(t, h, first)
	for name, s := range map[string]spec.Spec{
		"another type": {Fields: []spec.Field{asked("hotel", event.Int)}},
		"another name": {Fields: []spec.Field{renamed}},
		"no spec":      {Fields: []spec.Field{asked("event_id", event.String)}},
	} {
		for _, dry := range []bool{true, false} {
			_, err := h.Pipeline.Deploy(t.Context(), pipeline.DeployOptions{Spec: &s, DryRun: dry}, nil)
			if fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
				t.Errorf("%s: %v, want a usage error with a hint", name, err)
			}
		}
	}
	if got := deployedSpec(t, h); !reflect.DeepEqual(got, first) {
		t.Fatalf("deployed spec %s; want it unchanged", got.JSON())
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?hotel=ritz"))
	settle(t, h)
	if rows := ask(t, h, "SELECT hotel FROM hits"); len(rows) != 1 || rows[0][0] != "ritz" {
		t.Errorf("rows %v after refused changes", rows)
	}
}

// retired columns stay, with what old rows hold.
func retiredColumn(t *testing.T, h Harness) {
	both := spec.Spec{Fields: []spec.Field{asked("hotel", event.String), asked("rooms", event.Int)}}
	less := spec.Spec{Fields: both.Fields[1:]}
	d := deploySpec(t, h, both)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=1&hotel=ritz&rooms=1"))
	settle(t, h)
	d = deploySpec(t, h, less)
	if len(d.Fields) != 1 || d.Fields[0].Action != "retire" {
		t.Errorf("deploy with a column less: %+v", d.Fields)
	}
	got := deployedSpec(t, h)
	if len(got.Fields) != 2 || got.Fields[0].Name != "hotel" || !got.Fields[0].Retired || got.Fields[1].Retired {
		t.Fatalf("deployed spec %s; want hotel first and retired", got.JSON())
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=2&hotel=savoy&rooms=2"))
	settle(t, h)
	want := [][]any{{"1", "ritz", int64(1)}, {"2", nil, int64(2)}}
	if rows := ask(t, h, "SELECT user_id, hotel, rooms FROM hits ORDER BY user_id"); !reflect.DeepEqual(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
}
