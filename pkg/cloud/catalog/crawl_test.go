package catalog

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/fault"
)

// crawler is an answer of GetCrawler; run numbers the last run, 0 for none.
func crawler(state, status string, run int) any {
	c := map[string]any{"Name": "c", "State": state}
	if run > 0 {
		c["LastCrawl"] = map[string]any{
			"Status": status, "StartTime": 1_783_000_000 + run, "ErrorMessage": "why", "LogGroup": "/aws-glue/crawlers", "LogStream": "c",
		}
	}
	return map[string]any{"Crawler": c}
}

func tables(created, updated int) any {
	return map[string]any{"CrawlerMetricsList": []any{
		map[string]any{"CrawlerName": "c", "TablesCreated": created, "TablesUpdated": updated, "TablesDeleted": 4},
	}}
}

func TestCrawl(t *testing.T) {
	running := wire.Error{Code: "CrawlerRunningException", Message: "runs"}
	for _, c := range []struct {
		name     string
		start    any
		states   []any // the first is asked before the start
		metrics  []any
		wait     bool
		attached bool
		status   string
		changed  int64
		kind     fault.Kind
		text     string
	}{
		{name: "not followed", start: map[string]any{}, states: []any{crawler("READY", "", 0)}},
		{name: "first run", start: map[string]any{}, states: []any{crawler("READY", "", 0), crawler("RUNNING", "", 0), crawler("STOPPING", "", 0), crawler("READY", "SUCCEEDED", 1)}, wait: true, status: "SUCCEEDED"},
		{name: "shown as before at first", start: map[string]any{}, states: []any{crawler("READY", "FAILED", 1), crawler("READY", "FAILED", 1), crawler("RUNNING", "FAILED", 1), crawler("READY", "SUCCEEDED", 2)}, wait: true, status: "SUCCEEDED"},
		{name: "over at the first look", start: map[string]any{}, states: []any{crawler("READY", "SUCCEEDED", 1), crawler("READY", "SUCCEEDED", 2)}, wait: true, status: "SUCCEEDED"},
		{name: "joins", start: running, states: []any{crawler("RUNNING", "", 0), crawler("READY", "SUCCEEDED", 1)}, wait: true, attached: true, status: "SUCCEEDED"},
		{name: "joins at its end", start: running, states: []any{crawler("RUNNING", "SUCCEEDED", 1), crawler("READY", "SUCCEEDED", 1)}, wait: true, attached: true, status: "SUCCEEDED"},
		{name: "changes tables", start: map[string]any{}, states: []any{crawler("READY", "", 0), crawler("READY", "SUCCEEDED", 1)}, metrics: []any{tables(1, 5), tables(2, 7)}, wait: true, status: "SUCCEEDED", changed: 3},
		{name: "counts anew", start: map[string]any{}, states: []any{crawler("READY", "", 0), crawler("READY", "SUCCEEDED", 1)}, metrics: []any{tables(9, 0), tables(1, 0)}, wait: true, status: "SUCCEEDED", changed: 1},
		{name: "fails", start: map[string]any{}, states: []any{crawler("READY", "", 0), crawler("READY", "FAILED", 1)}, wait: true, status: "FAILED", kind: fault.Failed, text: "crawl with c: why"},
		{name: "never begins", start: map[string]any{}, states: []any{crawler("READY", "SUCCEEDED", 1)}, wait: true, kind: fault.Failed, text: "did not run"},
		{name: "never ends", start: map[string]any{}, states: []any{crawler("READY", "", 0), crawler("RUNNING", "", 0)}, wait: true, kind: fault.TimedOut, text: "still RUNNING"},
		{name: "denied", start: wire.Error{Code: "AccessDeniedException"}, states: []any{crawler("READY", "", 0)}, wait: true, kind: fault.Credentials, text: "start crawler c"},
		{name: "gone", start: map[string]any{}, states: []any{wire.Error{Code: missing}}, wait: true, kind: fault.Failed, text: "describe crawler c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(t)
			if c.metrics == nil {
				c.metrics = []any{tables(0, 0)}
			}
			s.on("StartCrawler", c.start)
			s.on("GetCrawler", c.states...)
			s.on("GetCrawlerMetrics", c.metrics...)
			run, err := s.engine().Crawl(t.Context(), "c", c.wait, nil)
			if fault.KindOf(err) != c.kind || err != nil && !strings.Contains(err.Error(), c.text) {
				t.Errorf("kind %d of %v", fault.KindOf(err), err)
			}
			if run.Attached != c.attached || run.Status != c.status || run.TablesChanged != c.changed {
				t.Errorf("%+v", run)
			}
			if c.status != "" && (run.LogGroup != "/aws-glue/crawlers" || run.LogStream != "c" || run.State != "READY") {
				t.Errorf("%+v", run)
			}
		})
	}
}

func TestCrawlInterrupted(t *testing.T) {
	s := newScript(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.on("StartCrawler", map[string]any{})
	s.on("GetCrawlerMetrics", tables(0, 0))
	s.on("GetCrawler", crawler("READY", "", 0), crawler("RUNNING", "", 0))
	s.clock.OnAdvance(func(time.Time) { cancel() })
	if _, err := s.engine().Crawl(ctx, "c", true, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := len(s.made("StopCrawler")); n != 0 {
		t.Error("the crawler was stopped")
	}
}

func TestStopCrawler(t *testing.T) {
	for _, c := range []struct {
		name   string
		stop   any
		states []any
		polls  int
		kind   fault.Kind
	}{
		{"runs", map[string]any{}, []any{crawler("STOPPING", "", 0), crawler("STOPPING", "", 0), crawler("READY", "CANCELLED", 1)}, 3, 0},
		{"does not run", wire.Error{Code: "CrawlerNotRunningException"}, []any{crawler("READY", "", 0)}, 1, 0},
		{"stops already", wire.Error{Code: "CrawlerStoppingException"}, []any{crawler("STOPPING", "", 0), crawler("READY", "", 0)}, 2, 0},
		{"is gone", wire.Error{Code: missing}, nil, 0, 0},
		{"goes meanwhile", map[string]any{}, []any{wire.Error{Code: missing}}, 1, 0},
		{"denied", wire.Error{Code: "AccessDeniedException"}, nil, 0, fault.Credentials},
		{"never stops", map[string]any{}, []any{crawler("STOPPING", "", 0)}, int(stopWithin/firstPoll) + 2, fault.TimedOut},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(t)
			s.on("StopCrawler", c.stop)
			if c.states != nil {
				s.on("GetCrawler", c.states...)
			}
			err := s.engine().StopCrawler(t.Context(), "c")
			if fault.KindOf(err) != c.kind || len(s.made("GetCrawler")) != c.polls {
				t.Errorf("%v after %d looks", err, len(s.made("GetCrawler")))
			}
		})
	}
}

func TestDatabase(t *testing.T) {
	s := newScript(t)
	e := s.engine()
	s.on("GetDatabase", map[string]any{"Database": map[string]any{"Name": "pixelctl", "Parameters": map[string]any{"pixelctl:bucket": "lake"}}}, wire.Error{Code: missing})
	if got, err := e.Parameters(t.Context()); err != nil || got["pixelctl:bucket"] != "lake" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := e.Parameters(t.Context()); err != nil || got != nil {
		t.Errorf("without a database: %v, %v", got, err)
	}
	s.on("DeleteDatabase", map[string]any{}, wire.Error{Code: missing}, wire.Error{Code: "AccessDeniedException"})
	for _, want := range []fault.Kind{0, 0, fault.Credentials} {
		if err := e.DropDatabase(t.Context()); fault.KindOf(err) != want {
			t.Errorf("drop database: %v", err)
		}
	}
}

func TestTable(t *testing.T) {
	s := newScript(t)
	got, err := s.engine().Table(t.Context())
	if err != nil || got.Format != "parquet" || got.Projection || got.Location != "s3://lake/data/" || len(got.Columns) != 1 || got.Columns[0].Comment != "what" {
		t.Errorf("%+v, %v", got, err)
	}
	s.on("GetTable", map[string]any{"Table": map[string]any{"Name": "tp_hits", "Parameters": map[string]any{"projection.enabled": "true"}}})
	if got, err := s.engine().Table(t.Context()); err != nil || !got.Projection {
		t.Errorf("%+v, %v", got, err)
	}
}
