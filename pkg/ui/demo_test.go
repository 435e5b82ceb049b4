package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// playDemo draws a whole demo with fixed results.
func playDemo(t *testing.T, d *Demo) error {
	t.Helper()
	ctx := t.Context()
	rows := func(types []string, rows ...[]any) query.Rows {
		f := &fakeRows{rows: rows}
		for i, typ := range types {
			f.columns = append(f.columns, query.Column{Name: []string{"campaign", "hits"}[i], Type: typ})
		}
		return f
	}
	noon := time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC)
	return errors.Join(
		d.Step("deploy", "start the beacon on this machine; its clock is simulated and stands a week back"),
		d.Deployed("http://127.0.0.1:4711", "/tmp/demo"),
		d.Tag(`<img src="http://127.0.0.1:4711/p.gif">`),
		d.Step("hit", "many requests"),
		d.Sent(sent()),
		d.Flushed(pipeline.FlushResult{Records: 3, Files: []string{"a", "b"}}),
		d.Crawled(pipeline.CrawlResult{Found: 3, Added: hours(3)}),
		d.Rows(ctx, "-- A question?\nSELECT 1\n", rows([]string{"varchar", "bigint"}, []any{"spring\x1b[2J", int64(7)})),
		d.Bars(ctx, "SELECT 2", rows([]string{"varchar", "bigint"}, []any{"spring\x1b[2J", int64(7)}, []any{"none", 3.5})),
		d.Hours(ctx, "SELECT 3", rows([]string{"timestamp", "bigint"}, []any{noon, int64(2)}, []any{noon.Add(3 * time.Hour), int64(5)})),
		d.Destroyed(pipeline.DestroyResult{Stack: "demo", Target: "local", Items: gone(items())}),
		d.Kept("/tmp/demo"),
	)
}

// The demo is drawn also into a pipe; nothing in its data reaches a terminal raw.
func TestDemo(t *testing.T) {
	text := forms(t, func(s *Streams) error { return playDemo(t, NewDemo(s)) })
	if strings.Contains(text, "\\e[2J") {
		t.Error("a campaign's escape sequence was passed on")
	}
	golden(t, "demo", text)
}

func TestDemoEndsProgressBeforeItDraws(t *testing.T) {
	s := newScreen("", tty(80))
	d := NewDemo(s.Streams)
	sink := d.Sink()
	sink(pipeline.Event{Phase: pipeline.Move, Step: "send hits", Done: 1, Total: 2})
	if err := d.Sent(sent()); err != nil {
		t.Fatal(err)
	}
	if d.progress != nil {
		t.Error("the progress line is still live")
	}
}
