package pipelinetest

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

func questionCases() []behaviour {
	return []behaviour{
		{"a window finds its rows and reads its hours", windowFinds},
		{"parameters are values whatever they hold", parametersBind},
		{"arrays, maps and rows are one text", partsPrinted},
		{"what has no value or no place is refused", unfitQuestions},
		{"an estimate is never below what is read", estimates},
	}
}

// threeHits gives the times of hits more than an hour apart.
func threeHits(t *testing.T, h Harness, endpoint string) []time.Time {
	t.Helper()
	var at []time.Time
	for i, user := range []string{"first", "second", "third"} {
		if i > 0 {
			h.Pass(90 * time.Minute)
		}
		mustRecord(t, get(t, h, endpoint+"/p.gif?uid="+user))
		settle(t, h)
		at = append(at, received(t, h, user))
	}
	return at
}

func windowFinds(t *testing.T, h Harness) {
	if h.Kill != nil { // on the real clock three hits lie in one hour, or wait for two
		windowNow(t, h)
		return
	}
	d := deploy(t, h)
	at := threeHits(t, h, d.Endpoint)
	for _, c := range []struct {
		w    query.Window
		want string
	}{
		{query.Window{Since: at[0], Until: at[0].Add(time.Millisecond)}, "first"},
		{query.Window{Since: at[0].Add(time.Millisecond), Until: at[2]}, "second"},
		{query.Window{Since: at[1]}, "second third"},
		{query.Window{Until: at[1].Add(time.Millisecond)}, "first second"},
		{query.Window{Since: at[2].Add(time.Millisecond)}, ""},
	} {
		asksWindow(t, h, c.w, c.want)
	}
	one, all := scanned(t, h, query.Window{Since: at[0], Until: at[0].Add(time.Millisecond)}), scanned(t, h, query.Window{Until: at[2].Add(time.Hour)})
	if one <= 0 || one >= all {
		t.Errorf("a window of one hour reads %d bytes, one of all %d", one, all)
	}
	readsAsEstimated(t, h, query.Window{Since: at[1], Until: at[1].Add(time.Millisecond)})
}

// readsAsEstimated asks for one hour of three in ways that engines see through
// more or less.
func readsAsEstimated(t *testing.T, h Harness, w query.Window) {
	t.Helper()
	for _, sql := range []string{
		"SELECT user_id FROM hits WHERE $window",
		"SELECT count(*) FROM (SELECT * FROM tp_hits) AS x WHERE $window",
		"WITH x AS (SELECT * FROM hits WHERE $window) SELECT count(*) FROM x JOIN x AS y ON x.event_id = y.event_id",
		"SELECT count(*) FROM hits WHERE $window UNION ALL SELECT count(*) FROM tp_hits",
		"SELECT count(*) FROM hits AS a JOIN tp_hits AS b ON a.event_id = b.event_id WHERE a.user_id IN (SELECT user_id FROM people WHERE $window)",
	} {
		o := pipeline.QueryOptions{SQL: sql, Window: w}
		e := estimate(t, h, o)
		if _, stats := askOptions(t, h, o); stats.BytesScanned > e.Bytes || stats.Dollars > e.Dollars || e.Bytes == 0 {
			t.Errorf("%s: read %+v, estimated %+v", sql, stats, e)
		}
	}
}

// scanned gives the bytes that a question for a window reads.
func scanned(t *testing.T, h Harness, w query.Window) int64 {
	t.Helper()
	_, stats := askOptions(t, h, pipeline.QueryOptions{SQL: "SELECT user_id FROM hits WHERE $window", Window: w})
	return stats.BytesScanned
}

// windowNow asks for what came in just now, and for what is older.
func windowNow(t *testing.T, h Harness) {
	t.Helper()
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=first"))
	settle(t, h)
	at := received(t, h, "first")
	asksWindow(t, h, query.Window{Since: at, Until: at.Add(time.Millisecond)}, "first")
	asksWindow(t, h, query.Window{Since: at.Add(time.Millisecond)}, "")
	asksWindow(t, h, query.Window{Until: at}, "")
	o := pipeline.QueryOptions{SQL: "SELECT user_id FROM hits WHERE $window", Window: query.Window{Until: at.Add(-48 * time.Hour)}}
	if rows, stats := askOptions(t, h, o); len(rows) != 0 || stats.FilesRead > 0 {
		t.Errorf("the days before: %d rows, %d of %d files read", len(rows), stats.FilesRead, stats.FilesTotal)
	}
}

func asksWindow(t *testing.T, h Harness, w query.Window, want string) {
	t.Helper()
	for _, table := range []string{"tp_hits", "hits"} {
		o := pipeline.QueryOptions{SQL: "SELECT user_id FROM " + table + " WHERE $window ORDER BY received_at", Window: w}
		rows, _ := askOptions(t, h, o)
		var got []string
		for _, row := range rows {
			user, _ := row[0].(string)
			got = append(got, user)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s in %v: %v, want %s", table, w, got, want)
		}
	}
}

func parametersBind(t *testing.T, h Harness) {
	d := deploy(t, h)
	const hostile = "it's '; DROP TABLE tp_hits; -- ?"
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=plain"))
	h.Pass(2 * time.Millisecond) // received_at counts milliseconds
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=it%27s%20%27%3B%20DROP%20TABLE%20tp_hits%3B%20--%20%3F"))
	settle(t, h)
	at := received(t, h, "plain")
	for _, c := range []struct {
		where  string
		params []query.Param
		want   int64
	}{
		{"user_id = :u", []query.Param{{Name: "u", Type: query.ParamString, Value: hostile}}, 1},
		{"user_id = :u", []query.Param{{Name: "u", Type: query.ParamString, Value: "' OR '1' = '1"}}, 0},
		{"user_id = :u OR user_id = :v AND user_id = :v", []query.Param{
			{Name: "u", Type: query.ParamString, Value: "plain"}, {Name: "v", Type: query.ParamString, Value: hostile},
		}, 2},
		{"received_at <= :at", []query.Param{{Name: "at", Type: query.ParamTimestamp, Value: at}}, 1},
		{"received_at >= :day AND year >= :year AND 1.5 < :d AND :b AND user_id = 'plain'", []query.Param{
			{Name: "day", Type: query.ParamDate, Value: at.Truncate(24 * time.Hour)},
			{Name: "year", Type: query.ParamInt, Value: int64(2000)},
			{Name: "d", Type: query.ParamDouble, Value: 2.5},
			{Name: "b", Type: query.ParamBoolean, Value: true},
		}, 1},
	} {
		rows, _ := askOptions(t, h, pipeline.QueryOptions{SQL: "SELECT count(*) FROM tp_hits WHERE " + c.where, Params: c.params})
		if rows[0][0] != c.want {
			t.Errorf("%s with %v: %v rows, want %d", c.where, c.params, rows[0][0], c.want)
		}
	}
}

// partsPrinted asks for what has parts: in text and in JSON one answer on both
// targets.
func partsPrinted(t *testing.T, h Harness) {
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=x&plan=pro%2C+a%3Db&last=&n=1"))
	settle(t, h)
	const sql = `SELECT params,
  MAP(ARRAY['last', 'first', 'n'], ARRAY[1.5E0, 1E20, NULL]) AS doubles,
  MAP(ARRAY[7, -1, 20], ARRAY[true, false, NULL]) AS flags,
  ARRAY['a, b', NULL, ''] AS texts,
  ARRAY[date '2026-07-05'] AS days,
  ARRAY[CAST('2026-07-05 09:08:07' AS timestamp)] AS times,
  ARRAY[CAST(1.5 AS decimal(10, 2))] AS decimals,
  ARRAY[to_utf8('é')] AS bytes,
  CAST(ROW(1, 'x', ARRAY[1, 2]) AS ROW(a integer, b varchar, c array(integer))) AS r,
  json_format(CAST(params AS json)) AS j,
  CAST(NULL AS array(integer)) AS nothing
FROM tp_hits`
	rows, err := h.Pipeline.Query(t.Context(), pipeline.QueryOptions{SQL: sql}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"map", "map", "map", "array", "array", "array", "array", "array", "row", "varchar", "array"} {
		if c := rows.Columns()[i]; c.Type != want {
			t.Errorf("%s is of type %s, want %s", c.Name, c.Type, want)
		}
	}
	got, err := collect(t.Context(), rows)
	if err := errors.Join(err, rows.Close()); err != nil {
		t.Fatal(err)
	}
	want := []any{
		"{last=, plan=pro, a=b, n=1}", "{last=1.5, first=1.0E20, n=null}", "{-1=false, 20=null, 7=true}", "[a, b, null, ]", "[2026-07-05]",
		"[2026-07-05 09:08:07.000]", "[1.50]", "[c3 a9]", "{a=1, b=x, c=[1, 2]}", `{"last":"","n":"1","plan":"pro, a=b"}`, nil,
	}
	if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("answer\n%q, want\n%q", got, want)
	}
}

func unfitQuestions(t *testing.T, h Harness) {
	deploy(t, h)
	since := query.Window{Since: h.Now().Add(-time.Hour)}
	site := []query.Param{{Name: "site", Type: query.ParamString, Value: "x"}}
	for name, o := range map[string]pipeline.QueryOptions{
		"window without $window":   {SQL: "SELECT count(*) FROM hits", Window: since},
		"$window without window":   {SQL: "SELECT count(*) FROM hits WHERE $window"},
		"parameter without value":  {SQL: "SELECT count(*) FROM hits WHERE site = :site"},
		"value without parameter":  {SQL: "SELECT count(*) FROM hits", Params: site},
		"mark without value":       {SQL: "SELECT count(*) FROM hits WHERE site = ?"},
		"parameter outside WHERE":  {SQL: "SELECT :site FROM hits", Params: site},
		"two statements":           {SQL: "SELECT count(*) FROM hits WHERE $window; SELECT 1", Window: since},
		"column of two tables":     {SQL: "SELECT user_id\nFROM hits a JOIN hits b ON a.event_id = b.event_id"},
		"column that is not there": {SQL: "SELECT count(*) FROM seed_view WHERE $window", Window: since},
	} {
		_, err := h.Pipeline.Query(t.Context(), o, nil)
		var wrong *query.SyntaxError
		if !errors.As(err, &wrong) && fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if name == "column of two tables" && (wrong == nil || wrong.Line != 1 || wrong.Column != 8 || !strings.Contains(strings.ToLower(err.Error()), "ambiguous")) {
			t.Errorf("%s: %v (%+v)", name, err, wrong)
		}
		if name == "column that is not there" && (wrong == nil || wrong.Column != 38 || wrong.SQL != o.SQL) {
			t.Errorf("%s: %v (%+v)", name, err, wrong)
		}
	}
}

func estimate(t *testing.T, h Harness, o pipeline.QueryOptions) query.Estimate {
	t.Helper()
	e, err := h.Pipeline.Estimate(t.Context(), o)
	if err != nil {
		t.Fatalf("estimate %s: %v", o.SQL, err)
	}
	return e
}

func estimates(t *testing.T, h Harness) {
	d := deploy(t, h)
	if e := estimate(t, h, pipeline.QueryOptions{SQL: "SELECT * FROM hits"}); e.Bytes != 0 || e.Hours != 0 || e.Scans != 1 {
		t.Errorf("of an empty lake: %+v", e)
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=first"))
	settle(t, h)
	all := estimate(t, h, pipeline.QueryOptions{SQL: "SELECT * FROM hits"})
	if (all != query.Estimate{Hours: 1, HoursTotal: 1, Files: 1, FilesTotal: all.FilesTotal, Scans: 1, Bytes: all.Bytes, Dollars: all.Dollars}) || all.Bytes <= 0 {
		t.Errorf("of one hit: %+v", all)
	}
	_, stats := askOptions(t, h, pipeline.QueryOptions{SQL: "SELECT * FROM hits"})
	if stats.BytesScanned > all.Bytes || stats.FilesRead > all.Files || stats.Dollars > all.Dollars {
		t.Errorf("read %+v, estimated %+v", stats, all)
	}
	estimatesLess(t, h)
}

// estimatesLess asks for what a question leaves out.
func estimatesLess(t *testing.T, h Harness) {
	t.Helper()
	old := pipeline.QueryOptions{SQL: "SELECT * FROM hits WHERE $window", Window: query.Window{Until: h.Now().Add(-48 * time.Hour)}}
	if e := estimate(t, h, old); e.Hours != 0 || e.Files != 0 || e.Bytes != 0 || e.HoursTotal != 1 {
		t.Errorf("of days before: %+v", e)
	}
	if e := estimate(t, h, pipeline.QueryOptions{SQL: "SHOW TABLES"}); e.Scans != 0 || e.Dollars != 0 {
		t.Errorf("of what reads nothing: %+v", e)
	}
}
