package pipelinetest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
)

// replayErrors breaks the conversion, mends it, and has the records that failed
// meanwhile become rows, with the ids that were answered.
func replayErrors(t *testing.T, h Harness) {
	d := deploySpec(t, h, spec.Spec{Fields: []spec.Field{asked("hotel", event.String)}})
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=before"))
	settle(t, h)
	mend, err := h.Break(t.Context())
	if err != nil {
		t.Fatalf("break the conversion: %v", err)
	}
	want := [][]any{}
	for i := range 3 {
		user := fmt.Sprintf("broken-%d", i)
		a := get(t, h, d.Endpoint+"/p.gif?hotel=ritz&uid="+user)
		mustRecord(t, a)
		want = append(want, []any{user, a.id})
	}
	if err := h.Corrupt(t.Context(), []byte(`{"event_id":"x","received_at":"not a time"}`+"\n")); err != nil {
		t.Fatalf("corrupt: %v", err)
	}
	settle(t, h)
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows while nothing converts, want 1", n)
	}
	if err := mend(t.Context()); err != nil {
		t.Fatalf("mend the conversion: %v", err)
	}
	listed(t, h)
	replays(t, h, pipeline.ReplayOptions{DryRun: true}, 4, 3)
	replays(t, h, pipeline.ReplayOptions{Reason: "nothing"}, 0, 0)
	replays(t, h, pipeline.ReplayOptions{Window: query.Window{Until: h.Now().AddDate(-1, 0, 0)}}, 0, 0)
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows before the replay, want 1", n)
	}
	replays(t, h, pipeline.ReplayOptions{}, 4, 3)
	settle(t, h)
	h.Pipeline = h.Again()
	rows := ask(t, h, "SELECT user_id, event_id FROM tp_hits WHERE user_id <> 'before' ORDER BY user_id")
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
	replays(t, h, pipeline.ReplayOptions{}, 1, 0)
	settle(t, h)
	if rows := ask(t, h, "SELECT count(*) FROM hits"); rows[0][0] != int64(4) || count(t, h) != 4 {
		t.Errorf("%v hits, %d rows, want 4 of each", rows, count(t, h))
	}
}

// listed wants all four records in the report, by reason and column, and those
// that fit again marked.
func listed(t *testing.T, h Harness) {
	t.Helper()
	report, err := h.Pipeline.Errors(t.Context(), pipeline.ErrorsOptions{Limit: 2}, nil)
	if err != nil || report.Records != 4 || report.Files == 0 || len(report.Shown) != 2 || len(report.Groups) != 2 {
		t.Fatalf("errors: %+v, %v", report, err)
	}
	for i, want := range []pipeline.ErrorGroup{
		{Reason: "MalformedData", Column: "hotel", Records: 3, Fit: 3}, {Reason: "MalformedData", Column: "received_at", Records: 1},
	} {
		got := report.Groups[i]
		if got.First.IsZero() || got.Last.Before(got.First) || got.Message == "" || got.Example == "" {
			t.Errorf("group %+v", got)
		}
		if got = (pipeline.ErrorGroup{Reason: got.Reason, Column: got.Column, Records: got.Records, Fit: got.Fit}); got != want {
			t.Errorf("group %+v, want %+v", got, want)
		}
	}
	nowhere(t, h)
	shown := slices.ContainsFunc(report.Shown, func(r pipeline.Rejected) bool { return r.EventID != "" && len(r.Raw) > 0 && r.Source != "" })
	if !shown {
		t.Errorf("shown: %+v", report.Shown)
	}
}

// nowhere wants nothing in a report on what there is none of.
func nowhere(t *testing.T, h Harness) {
	t.Helper()
	for _, o := range []pipeline.ErrorsOptions{{Reason: "nothing"}, {Window: query.Window{Until: h.Now().AddDate(-1, 0, 0)}}} {
		if report, err := h.Pipeline.Errors(t.Context(), o, nil); err != nil || report.Records != 0 {
			t.Errorf("errors %+v: %+v, %v; want none", o, report, err)
		}
	}
}

// replays checks how many records a replay finds and how many it sends. When some
// are left it is done in part, and they are listed.
func replays(t *testing.T, h Harness, o pipeline.ReplayOptions, found, sent int64) {
	t.Helper()
	r, err := h.Pipeline.ReplayErrors(t.Context(), o, nil)
	if left := found > sent && !o.DryRun; left != (fault.KindOf(err) == fault.Partial) || left != (len(fault.LeftOf(err)) > 0) || !left && err != nil {
		t.Fatalf("replay %+v: %v, left %q", o, err, fault.LeftOf(err))
	}
	if r.DryRun != o.DryRun || r.Records != found || r.Replayed != sent || r.Left != found-sent || r.Stored+r.Refused+r.Earlier != 0 {
		t.Fatalf("replay %+v: %+v, %v; want %d found and %d sent", o, r, err, found, sent)
	}
}

// noErrors is a stack without any, and none at all.
func noErrors(t *testing.T, h Harness) {
	if _, err := h.Pipeline.ReplayErrors(t.Context(), pipeline.ReplayOptions{}, nil); fault.KindOf(err) != fault.NotDeployed {
		t.Errorf("replay without a stack: %v", err)
	}
	if _, err := h.Pipeline.Errors(t.Context(), pipeline.ErrorsOptions{}, nil); fault.KindOf(err) != fault.NotDeployed {
		t.Errorf("errors without a stack: %v", err)
	}
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	report, err := h.Pipeline.Errors(t.Context(), pipeline.ErrorsOptions{Limit: 1}, nil)
	if err != nil || report.Records != 0 || len(report.Groups)+len(report.Shown) != 0 {
		t.Errorf("errors: %+v, %v", report, err)
	}
	replays(t, h, pipeline.ReplayOptions{}, 0, 0)
	if n := count(t, h); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}
