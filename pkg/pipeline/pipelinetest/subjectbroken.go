package pipelinetest

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

func subjectErrors(t *testing.T, h Harness) {
	if h.Corrupt == nil {
		t.Log("this target takes records only through its beacon")
		return
	}
	d := deploy(t, h)
	visit(t, h, d.Endpoint, stays, "")
	for _, user := range []string{goes, stays} {
		if err := h.Corrupt(t.Context(), []byte(`{"event_id":"x","user_id":"`+user+`","received_at":"not a time"}`+"\n")); err != nil {
			t.Fatalf("corrupt: %v", err)
		}
	}
	settle(t, h)
	who := pipeline.Subject{Column: "user_id", Value: goes}
	if m := findSubject(t, h, who); m.Errors != 1 || m.Rows != 0 {
		t.Errorf("found %+v, want 1 line", m)
	}
	var told []string
	rows, err := h.Pipeline.ExportSubject(t.Context(), who, func(e pipeline.Event) { told = append(told, e.Text) })
	if err != nil || rows.Close() != nil || !strings.Contains(strings.Join(told, "\n"), "did not") {
		t.Errorf("export: %v, told %q", err, told)
	}
	if r := mustErase(t, h, pipeline.EraseOptions{Subject: who}); r.Errors != 1 || r.Rows != 0 {
		t.Errorf("receipt %+v", r)
	}
	other := findSubject(t, h, pipeline.Subject{Column: "user_id", Value: stays})
	if m := findSubject(t, h, who); m.Errors != 0 || other.Errors != 1 || other.Rows != 1 {
		t.Errorf("after it: %+v, and of the other one %+v", m, other)
	}
	visit(t, h, d.Endpoint, stays, "")
	brokenLines(t, h)
}

// brokenLines looks for a person in what is no record at all, by each column
// that can name one. Who only has the value under another name is somebody else.
func brokenLines(t *testing.T, h Harness) {
	t.Helper()
	people := map[string]string{"user_id": "4711", "visitor_id": "v-1", "network_id": "n-1", "ip": "203.0.113.77"}
	for column, value := range people {
		for _, text := range []string{`"` + column + `" : "` + value + `" oops`, `{"x":"` + value + `","other_` + column + `":"` + value} {
			if err := h.Corrupt(t.Context(), []byte(text+"\n")); err != nil {
				t.Fatalf("corrupt: %v", err)
			}
		}
	}
	settle(t, h)
	for column, value := range people {
		r := mustErase(t, h, pipeline.EraseOptions{Subject: pipeline.Subject{Column: column, Value: value}})
		if r.Errors != 1 || !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "behind the name "+column) }) {
			t.Errorf("by %s: %+v, want one line, and how it was looked for", column, r)
		}
	}
}

func subjectRefused(t *testing.T, h Harness) {
	everything := func(s pipeline.Subject) []error {
		_, find := h.Pipeline.FindSubject(t.Context(), s, nil)
		_, export := h.Pipeline.ExportSubject(t.Context(), s, nil)
		_, dry := h.Pipeline.EraseSubject(t.Context(), pipeline.EraseOptions{Subject: s, DryRun: true}, nil)
		_, erase := h.Pipeline.EraseSubject(t.Context(), pipeline.EraseOptions{Subject: s}, nil)
		return []error{find, export, dry, erase}
	}
	for _, err := range everything(pipeline.Subject{Column: "user_id", Value: goes}) {
		if fault.KindOf(err) != fault.NotDeployed {
			t.Errorf("without a stack: %v", err)
		}
	}
	d := deploy(t, h)
	visit(t, h, d.Endpoint, goes, "")
	settle(t, h)
	now := h.Now()
	for _, s := range []pipeline.Subject{
		{},
		{Column: "email", Value: goes},
		{Column: "user_id"},
		{Column: "ip", Value: goes},
		{Column: "ip", Value: "203.0.113.0/24"},
		{Column: "user_id", Value: strings.Repeat("x", 300)},
		{Column: "user_id", Value: goes, Window: query.Window{Since: now, Until: now}},
	} {
		for _, err := range everything(s) {
			if fault.KindOf(err) != fault.Usage {
				t.Errorf("%+v: %v, want a usage error", s, err)
			}
		}
	}
	if n := count(t, h); n != 1 {
		t.Errorf("%d rows after refusals", n)
	}
}

// subjectInterrupted breaks an erasure off at each of its events.
func subjectInterrupted(t *testing.T, h Harness) {
	d := deploy(t, h)
	for range 2 {
		visit(t, h, d.Endpoint, goes, "")
		visit(t, h, d.Endpoint, stays, "")
		settle(t, h)
	}
	before := others(t, h)
	o := pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: goes}}
	for n := 1; n < 100; n++ {
		ctx, sink := interrupt(t, n)
		_, err := h.Pipeline.EraseSubject(ctx, o, sink)
		h.Pipeline = h.Again()
		if after := others(t, h); !reflect.DeepEqual(after, before) {
			t.Fatalf("interrupted at %d: rows of others\n%v\nwere\n%v", n, after, before)
		}
		if err == nil && ctx.Err() == nil {
			break
		}
	}
	if r, err := h.Pipeline.EraseSubject(context.WithoutCancel(t.Context()), o, nil); err != nil || r.Rows != 0 {
		t.Errorf("in the end: %+v, %v", r, err)
	}
	notStored(t, h, goes)
}
