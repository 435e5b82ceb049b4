package cloud_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// sqlLoop takes a stack from its deploy to answers of Trino over the very
// objects that its function and its stream wrote. A put that the function
// repeats makes a row twice; the view hits has each once.
func sqlLoop(t *testing.T, a *trinoAthena) {
	l := &life{T: t, m: a.ministack, stack: "sql-loop", target: a.target(t, "sql-loop", rigWish{})}
	l.deploy()
	a.adopt(t, l.out["WorkGroup"])
	l.campaigns()
	count := func() string {
		rows, _ := l.ask(pipeline.QueryOptions{SQL: "SELECT count(*) FROM hits", NoRepair: true})
		return rows.Rows[0]
	}
	if n := count(); n != "0" {
		t.Errorf("%s hits without a partition", n)
	}
	r, err := l.target.Repair(t.Context(), pipeline.RepairOptions{MSCK: true}, nil)
	if err != nil || len(r.Added) == 0 {
		t.Fatalf("repair: %+v, %v", r, err)
	}
	if n := count(); n != fmt.Sprint(len(l.ids)) {
		t.Errorf("%s hits after the repair, want %d", n, len(l.ids))
	}
	l.findsEachHit()
	l.views()
	l.countsByCampaign()
	l.leavesHoursOut()
	l.placesErrors()
}

// findsEachHit wants the ids that were answered, and no other.
func (l *life) findsEachHit() {
	l.Helper()
	got, _ := l.ask(pipeline.QueryOptions{SQL: "SELECT event_id FROM hits"})
	want := make([]string, len(l.ids))
	for i, id := range l.ids {
		want[i] = fmt.Sprintf("%q", id)
	}
	slices.Sort(want)
	if !slices.Equal(got.Sorted().Rows, want) {
		l.Errorf("found %s, want %s", got.Sorted().Rows, want)
	}
}

// delivered waits for n objects or more; ministack makes one of each record.
func (l *life) delivered(n int) {
	l.Helper()
	for deadline := time.Now().Add(time.Minute); len(l.m.objects(l.T, l.out["DataBucket"], "data/")) < n; rigPause(l.T, 100*time.Millisecond) {
		if time.Now().After(deadline) {
			l.Fatalf("fewer than %d objects came", n)
		}
	}
}

// ask has the target answer.
func (l *life) ask(o pipeline.QueryOptions) (rigs.Table, query.Stats) {
	l.Helper()
	rows, err := l.target.Query(l.Context(), o, nil)
	if err != nil {
		l.Fatalf("%s: %v", o.SQL, err)
	}
	t, err := rigs.Read(l.Context(), rows)
	if err != nil {
		l.Fatalf("%s: %v", o.SQL, err)
	}
	return t, rows.Stats()
}

// odd are titles and campaigns that a wrong quoting would break.
var odd = []string{`"quoted", 'single' \back`, "zwei\nZeilen", "日本語 👩‍👧", "NULL", " "}

// campaigns sends a hit more for each of the campaigns than for the last.
func (l *life) campaigns() {
	l.Helper()
	client := l.m.client(l.T)
	for i, name := range odd {
		for range i + 1 {
			v := url.Values{"utm_campaign": {name}, "title": {name}, "colour": {name}}
			l.ids = append(l.ids, recorded(l.T, client, http.MethodGet, l.endpoint+"/p.gif?"+v.Encode(), ""))
		}
	}
	l.ids = append(l.ids, recorded(l.T, client, http.MethodGet, l.endpoint+"/p.gif?userid=9&thirdpartyname=hotel", ""))
	l.delivered(len(l.ids))
}

// countsByCampaign has texts come back as they were sent, through the stream,
// Parquet, Trino, the result's CSV and the engine that reads it.
func (l *life) countsByCampaign() {
	l.Helper()
	in := make([]string, len(odd))
	var want []string
	for i, name := range odd {
		in[i] = "'" + strings.ReplaceAll(name, "'", "''") + "'"
		want = append(want, fmt.Sprintf("%q | %q | %q | %d", name, name, name, i+1))
	}
	got, _ := l.ask(pipeline.QueryOptions{SQL: "SELECT utm_campaign, min(page_title) AS title, min(element_at(params, 'colour')) AS colour, count(*) AS hits FROM hits" +
		" WHERE utm_campaign IN (" + strings.Join(in, ", ") + ") GROUP BY 1 ORDER BY hits"})
	if !slices.Equal(got.Rows, want) || strings.Join(got.Columns, ", ") != "utm_campaign varchar, title varchar, colour varchar, hits bigint" {
		l.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func (l *life) views() {
	l.Helper()
	for view, want := range map[string]int{"hits": len(l.ids), "seed_view": len(l.ids), "people": 0, "opens": 0} {
		if got, _ := l.ask(pipeline.QueryOptions{SQL: "SELECT * FROM " + view}); len(got.Rows) != want {
			l.Errorf("%s has %d rows, want %d", view, len(got.Rows), want)
		}
	}
	got, _ := l.ask(pipeline.QueryOptions{SQL: "SELECT userId, thirdPartyId FROM seed_view WHERE userId = '9'"})
	if !slices.Equal(got.Rows, []string{`"9" | "hotel"`}) {
		l.Errorf("seed_view gives %s", got)
	}
}

// leavesHoursOut adds hours of the past and wants no byte of them read when
// the question names other hours.
func (l *life) leavesHoursOut() {
	l.Helper()
	l.fill(nil, "parquet")
	read := func(where string) int64 {
		_, s := l.ask(pipeline.QueryOptions{SQL: "SELECT event_id, user_agent, path FROM hits" + where})
		return s.BytesScanned
	}
	all, one, none := read(""), read(" WHERE year = 2026 AND month = 12 AND day = 31 AND hour = 23"), read(" WHERE year = 1999")
	if none != 0 || one == 0 || one*10 > all {
		l.Errorf("bytes read for no hour %d, for one %d, for all %d", none, one, all)
	}
}

// placesErrors wants line and column of what Trino does not understand.
func (l *life) placesErrors() {
	l.Helper()
	for _, c := range []struct {
		sql          string
		line, column int
		says         string
	}{
		{"SELECT event_id\nFROM tp_hits WHEER site = 'x'", 2, 20, "mismatched input"},
		{"SELECT event_id,\n\n  evnt FROM tp_hits", 3, 3, "'evnt' cannot be resolved"},
		{"SELECT 1 FROM nothing", 1, 15, "does not exist"},
		{"SELECT received_at > '2026-07-05' FROM hits", 1, 20, "Cannot apply operator"},
	} {
		_, err := l.target.Query(l.Context(), pipeline.QueryOptions{SQL: c.sql, NoRepair: true}, nil)
		at, placed := errors.AsType[*query.SyntaxError](err)
		if !placed {
			l.Errorf("%s: %v, want a syntax error", c.sql, err)
		} else if at.Line != c.line || at.Column != c.column || !strings.Contains(at.Message, c.says) {
			l.Errorf("%s: line %d, column %d, %s; want %d, %d, %s", c.sql, at.Line, at.Column, at.Message, c.line, c.column, c.says)
		}
	}
	_, err := l.target.Query(l.Context(), pipeline.QueryOptions{SQL: "SELECT element_at(ARRAY[1], 0)", NoRepair: true}, nil)
	if _, placed := errors.AsType[*query.SyntaxError](err); err == nil || placed || !strings.Contains(err.Error(), "SQL array indices start at 1") {
		l.Errorf("a question that fails as it runs: %v", err)
	}
}

// binaryLoop is the loop by the real command, as a user would.
func binaryLoop(t *testing.T, a *trinoAthena) {
	b := buildBinary(t, a.ministack)
	b.gate, b.stack = openGate(t, a.front.address), "sql-binary"
	b.must(t, nil, "deploy")
	l := &life{T: t, m: a.ministack, stack: b.stack}
	l.readOutputs()
	a.adopt(t, l.out["WorkGroup"])
	b.must(t, nil, "hit", "--count", "40", "--campaign", "spring")
	l.delivered(40)
	var repaired struct{ Added []string }
	if b.must(t, &repaired, "repair", "--msck"); len(repaired.Added) == 0 {
		t.Error("repair --msck added no hour")
	}
	var answer struct{ Rows [][]any }
	b.must(t, &answer, "query", "SELECT utm_campaign, count(*) AS hits, count(DISTINCT event_id) AS ids FROM hits GROUP BY 1")
	if fmt.Sprint(answer.Rows) != "[[spring 40 40]]" {
		t.Errorf("hits by campaign: %v", answer.Rows)
	}
	for _, name := range []string{"1_article", "2_campaigns", "3_hours"} {
		sql, err := os.ReadFile(filepath.Join(rigHome, "embed", "demo", name+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		_, question, _ := strings.Cut(string(sql), "\n") // an argument that begins with -- is a flag
		if b.must(t, &answer, "query", question); len(answer.Rows) == 0 {
			t.Errorf("%s has no answer", name)
		}
	}
	out, code := b.run(t, "query", "SELECT event_id\nFROM tp_hits WHEER site = 'x'")
	if code != int(fault.Usage) || !strings.Contains(out, "line 2, column 20") {
		t.Errorf("a wrong question ended with %d: %s", code, out)
	}
	b.must(t, nil, "destroy", "--yes")
}
