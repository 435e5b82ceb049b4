package pipelinetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

func crawlRepair(t *testing.T, h Harness) {
	d := deploy(t, h)
	crawls(t, h, pipeline.CrawlOptions{}, 0, 0)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	crawls(t, h, pipeline.CrawlOptions{DryRun: true}, 1, 1)
	crawls(t, h, pipeline.CrawlOptions{}, 1, 1)
	crawls(t, h, pipeline.CrawlOptions{}, 1, 0)
	for range 2 {
		r, err := h.Pipeline.Repair(t.Context(), pipeline.RepairOptions{Prune: true}, nil)
		if err != nil || r.Total != 1 || len(r.Added)+len(r.Pruned) != 0 {
			t.Fatalf("repair: %+v, %v; want nothing to do", r, err)
		}
	}
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows, want 1", n)
	}
}

// crawls checks how many partitions a crawl finds and how many of them are new.
func crawls(t *testing.T, h Harness, o pipeline.CrawlOptions, found, added int) {
	t.Helper()
	c, err := h.Pipeline.Crawl(t.Context(), o, nil)
	if err != nil || c.DryRun != o.DryRun || c.Found != found || len(c.Added) != added {
		t.Fatalf("crawl %+v: %+v, %v; want %d found and %d added", o, c, err, found, added)
	}
}

func queryNoRepair(t *testing.T, h Harness) {
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	rows, _ := askOptions(t, h, pipeline.QueryOptions{SQL: "SELECT count(*) FROM tp_hits", NoRepair: true})
	if rows[0][0] != int64(0) {
		t.Fatalf("an unregistered partition was read: %v", rows)
	}
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows after repair, want 1", n)
	}
	rows, _ = askOptions(t, h, pipeline.QueryOptions{SQL: "SELECT count(*) FROM tp_hits", NoRepair: true})
	if rows[0][0] != int64(1) {
		t.Fatalf("the repair was not kept: %v", rows)
	}
}

func queryReadOnly(t *testing.T, h Harness) {
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	for _, sql := range []string{
		"DROP TABLE tp_hits", "DELETE FROM tp_hits", "INSERT INTO tp_hits (event_id) VALUES ('x')",
		"CREATE TABLE x AS SELECT * FROM tp_hits", "SELECT 1; SELECT 2", "",
	} {
		rows, err := h.Pipeline.Query(t.Context(), pipeline.QueryOptions{SQL: sql}, nil)
		if err == nil {
			_ = rows.Close()
			t.Errorf("%q was not refused", sql)
		}
	}
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows, want 1", n)
	}
}

func syntaxError(t *testing.T, h Harness) {
	deploy(t, h)
	_, err := h.Pipeline.Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT event_id\nFROM tp_hits WHEER site = 'x'"}, nil)
	var s *query.SyntaxError
	if !errors.As(err, &s) || s.Line != 2 || s.Column == 0 {
		t.Fatalf("%v (%+v), want a syntax error in line 2", err, s)
	}
	_, err = h.Pipeline.Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT evnt_id FROM tp_hits"}, nil)
	if !errors.As(err, &s) || s.Line != 1 || s.Column != 8 {
		t.Fatalf("%v (%+v), want line 1, column 8", err, s)
	}
}

func pruning(t *testing.T, h Harness) {
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	now := h.Now().UTC()
	for _, what := range []string{"event_id FROM tp_hits", "event_id FROM hits", "* FROM tp_hits", "* FROM hits"} {
		rows, stats := askOptions(t, h, pipeline.QueryOptions{SQL: "SELECT " + what + " WHERE year = 1999"})
		if len(rows) != 0 || stats.FilesRead > 0 {
			t.Fatalf("%s of 1999: %d rows, %d files read of %d", what, len(rows), stats.FilesRead, stats.FilesTotal)
		}
	}
	sql := fmt.Sprintf("SELECT event_id FROM hits WHERE year = %d AND month IN (%d, %d)", now.Year(), now.Month(), now.Add(-time.Hour).Month())
	if rows := ask(t, h, sql); len(rows) != 1 {
		t.Fatalf("%s: %d rows, want 1", sql, len(rows))
	}
}

func badLine(t *testing.T, h Harness) {
	if h.Corrupt == nil {
		t.Log("this target takes records only through its beacon")
		return
	}
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	for _, line := range []string{`{"event_id":"torn`, `{"event_id":"x","received_at":"not a time"}`, `[1,2]`} {
		if err := h.Corrupt(t.Context(), []byte(line+"\n")); err != nil {
			t.Fatalf("corrupt: %v", err)
		}
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	if n := count(t, h); n != 2 {
		t.Errorf("%d rows, want the 2 good ones", n)
	}
	s, err := h.Pipeline.Status(t.Context())
	if err != nil || s.Errors.Records != 3 {
		t.Fatalf("status counts %d errors (%v), want 3", s.Errors.Records, err)
	}
}

func purgeWindow(t *testing.T, h Harness) {
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=old"))
	h.Pass(2 * time.Millisecond) // received_at counts milliseconds
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=new"))
	settle(t, h)
	o := pipeline.PurgeOptions{Window: query.Window{Until: received(t, h, "new")}, DryRun: true}
	r, err := h.Pipeline.Purge(t.Context(), o, nil)
	if err != nil || r.Rows != 1 || count(t, h) != 2 {
		t.Fatalf("purge dry run: %+v, %v", r, err)
	}
	o.DryRun = false
	for _, want := range []int64{1, 0} {
		if r, err = h.Pipeline.Purge(t.Context(), o, nil); err != nil || r.Rows != want {
			t.Fatalf("purge: %+v, %v; want %d rows", r, err, want)
		}
	}
	rows := ask(t, h, "SELECT user_id FROM tp_hits")
	if len(rows) != 1 || rows[0][0] != "new" {
		t.Fatalf("rows %v, want only the new one", rows)
	}
}

// received gives when the hit of a user came in.
func received(t *testing.T, h Harness, user string) time.Time {
	t.Helper()
	rows := ask(t, h, "SELECT received_at FROM tp_hits WHERE user_id = '"+user+"'")
	if len(rows) != 1 {
		t.Fatalf("%d rows of %s", len(rows), user)
	}
	at, ok := rows[0][0].(time.Time)
	if !ok {
		t.Fatalf("received_at is a %T", rows[0][0])
	}
	return at
}

func purgeAll(t *testing.T, h Harness) {
	d := deploy(t, h)
	for _, o := range []pipeline.PurgeOptions{{}, {All: true, Window: query.Window{Until: h.Now()}}, {Window: query.Window{Since: h.Now(), Until: h.Now().Add(-time.Hour)}}} {
		if _, err := h.Pipeline.Purge(t.Context(), o, nil); fault.KindOf(err) != fault.Usage {
			t.Errorf("purge %+v: %v, want a usage error", o, err)
		}
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	if r, err := h.Pipeline.Purge(t.Context(), pipeline.PurgeOptions{All: true}, nil); err != nil || r.Rows < 1 {
		t.Fatalf("purge all: %+v, %v", r, err)
	}
	if n := count(t, h); n != 0 {
		t.Fatalf("%d rows are left", n)
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows after a new hit, want 1", n)
	}
}
