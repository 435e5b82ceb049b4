package query

import (
	"slices"
	"testing"
	"time"

	"pixelctl/pkg/lake"
)

// july are the hours of three days.
func july() []Stored {
	var out []Stored
	for day := 4; day <= 6; day++ {
		for hour := range 24 {
			out = append(out, Stored{Hour: lake.Hour{Year: 2026, Month: 7, Day: day, Hour: hour}, Files: 2, Bytes: 100})
		}
	}
	return out
}

func TestReach(t *testing.T) {
	t.Parallel()
	window := Window{time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC), time.Date(2026, 7, 5, 10, 0, 0, 0, time.UTC)}.Predicate(time.Minute)
	for _, c := range []struct {
		sql          string
		hours, scans int
		bytes        int64
	}{
		{"SELECT 1", 0, 0, 0},
		{"SELECT count(*) FROM tp_hits", 72, 1, 7200},
		{"SELECT 1 FROM hits WHERE " + window, 3, 1, 300},
		{"SELECT 1 FROM hits h WHERE h.day = 5 AND site = 'x'", 24, 1, 2400},
		{"SELECT 1 FROM pixelctl.hits WHERE \"year\" = 2026 AND day IN (4, 6)", 48, 1, 4800},
		{"SELECT 1 FROM hits WHERE day = 5 OR day = 6 AND hour < 3", 27, 1, 2700},
		{"SELECT 1 FROM hits WHERE day = 5 OR site = 'x'", 72, 1, 7200},
		{"SELECT 1 FROM hits WHERE NOT day = 5", 72, 1, 7200},
		{"SELECT 1 FROM hits WHERE NOT (day = 5) AND hour BETWEEN 1 AND 2", 6, 1, 600},
		{"SELECT 1 FROM hits WHERE (day >= 5 AND (hour > 21))", 4, 1, 400},
		{"SELECT 1 FROM hits WHERE day = 5 + 1", 72, 1, 7200},
		{"SELECT 1 FROM hits WHERE CASE WHEN day = 5 AND hour = 1 THEN true END", 72, 1, 7200},
		{"SELECT 1 FROM hits WHERE (SELECT bool_or(a) FROM b WHERE a AND day = 5)", 72, 1, 7200},
		{"SELECT 1 FROM hits WHERE day = 5 GROUP BY site HAVING hour = 1", 24, 1, 2400},
		{"SELECT 1 FROM hits WHERE day = 5 UNION ALL SELECT 1 FROM hits WHERE day = 6 AND hour = 0", 25, 2, 2500},
		{"SELECT 1 FROM hits WHERE day = 5 UNION ALL SELECT 1 FROM people", 72, 2, 9600},
		{"SELECT 1 FROM hits a, hits b WHERE a.day = 5", 72, 2, 14400},
		{"SELECT 1 FROM hits, UNNEST(x) AS t (day) WHERE t.day = 5", 72, 1, 7200},
		{"SELECT 1 FROM hits, (SELECT 1 AS day) x WHERE x.day = 5", 72, 1, 7200},
		{"SELECT 1 FROM (SELECT * FROM hits WHERE day = 5) x JOIN y ON a = b", 24, 1, 2400},
		{"SELECT (SELECT max(day) FROM opens WHERE day = 4), extract(day FROM received_at) FROM hits WHERE day = 5 AND hour = 1", 25, 2, 2500},
		{"WITH x AS (SELECT * FROM hits WHERE day = 5) SELECT 1 FROM x JOIN x AS y ON true", 24, 2, 4800},
		{"WITH x AS (SELECT * FROM hits WHERE day = 5), y (a) AS (SELECT 1 FROM x, x) SELECT 1 FROM y, y", 24, 4, 9600},
		{"WITH hits AS (SELECT 1 AS day) SELECT 1 FROM hits", 0, 0, 0},
		{"WITH RECURSIVE r AS (SELECT 1 FROM hits WHERE day = 4 UNION ALL SELECT 1 FROM r) SELECT 1 FROM r", 24, 1, 2400},
		{"WITH x AS (SELECT 1 FROM hits) SELECT 1", 0, 0, 0},
		{"SELECT 1 FROM hits WHERE a IS DISTINCT FROM b AND day = 5", 24, 1, 2400},
		{"SELECT count(*) FILTER (WHERE day = 5) FROM hits WHERE hour = 3", 3, 1, 300},
		{"SELECT 1 FROM hits WHERE day = 5 AND offset = 1 OR site = 'x' LIMIT 3", 72, 1, 7200},
		{"TABLE hits", 72, 1, 7200},
		{"EXPLAIN SELECT 1 FROM hits", 0, 0, 0},
		{"EXPLAIN ANALYZE SELECT 1 FROM hits WHERE day = 4 AND hour = 4", 1, 1, 100},
		{"DESCRIBE hits", 0, 0, 0},
		{"SHOW TABLES FROM pixelctl", 0, 0, 0},
		{"SELECT 'FROM hits' -- FROM hits", 0, 0, 0},
		{")) SELECT ( FROM hits WHERE ((", 72, 1, 7200},
	} {
		e := ReachOf(c.sql).Estimate(july())
		if e.Hours != c.hours || e.Scans != c.scans || e.Bytes != c.bytes || e.Files != int64(2*c.hours) || e.HoursTotal != 72 || e.FilesTotal != 144 {
			t.Errorf("%s: %+v, want %+v", c.sql, e, c)
		}
	}
}

func FuzzReach(f *testing.F) {
	for _, sql := range []string{"SELECT 1 FROM hits WHERE (day = 5", "WITH a AS (SELECT 1 FROM a) SELECT 1 FROM a", ")(", "FROM", "table table"} {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		if e := ReachOf(sql).Estimate(july()); e.Hours > 72 || e.Bytes < 0 {
			t.Fatalf("%q: %+v", sql, e)
		}
		for i, piece := range Split(sql) {
			if len(Tokens(piece)) == 0 || slices.ContainsFunc(Tokens(piece), func(t Token) bool { return t.Text == ";" }) {
				t.Fatalf("statement %d of %q is %q", i, sql, piece)
			}
		}
		if s, err := Prepare(sql, Window{}, 0, nil); err == nil && s.SQL != sql {
			t.Fatalf("%q became %q", sql, s.SQL)
		}
	})
}
