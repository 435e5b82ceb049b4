package dialect_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pixelctl/pkg/query"
	"pixelctl/pkg/query/dialect"
)

// plain statements have nothing to translate.
var plain = []string{
	"", " ", "SELECT 1", "SELECT site, count(*) AS n FROM hits GROUP BY site ORDER BY n DESC -- done\n", "select \"a\"\"b\" from /* x */ tp_hits",
	"SELECT 'it''s', upper(site) FROM hits WHERE year = 2026 AND value > 1.5", "INSERT INTO x VALUES 1, 2", "(SELECT 1)",
	"SELECT date_trunc('day', received_at) AS d FROM hits", "VALUES (1, 2), (3, 4)", "SELECT a.b FROM t AS a(x, y)",
}

func TestPlainStatementsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, sql := range plain {
		got, err := dialect.Translate(sql, func(string) string { return "double" })
		if err != nil || got.SQL != sql {
			t.Errorf("%q became %q, %v", sql, got.SQL, err)
		}
		if line, column := got.Place(1, 3); line != 1 || column != 3 {
			t.Errorf("%q: 1:3 became %d:%d", sql, line, column)
		}
	}
}

func TestTranslations(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT CAST(a AS decimal), CAST(NULL AS array(date))": "SELECT CAST(a AS decimal(38, 0)), CAST(NULL AS date[])",
		"SELECT if(a, 1)":                                   "SELECT if(a, 1, NULL)",
		"SELECT transform(a, x -> x + 1)":                   "SELECT list_transform(a, lambda x : x + 1)",
		"VALUES 1, (2), (3) + 1":                            "VALUES (1), (2), ((3) + 1)",
		"SELECT approx_distinct(v) FILTER (WHERE b)":        "SELECT count(DISTINCT v) FILTER (WHERE b)",
		"SELECT a = 'x'":                                    `SELECT (a) COLLATE "C" = CAST('x' AS VARCHAR)`,
		"SELECT lower(a) = 'x'":                             "SELECT lower(a) = CAST('x' AS VARCHAR)",
		"SELECT a || b = 'x'":                               "SELECT a || b = CAST('x' AS VARCHAR)",
		"SELECT a <> 5 OR 5 = abs(a) AND b + c = 5":         "SELECT (+a) <> 5 OR 5 = (+abs(a)) AND b + c = 5",
		"SELECT a.b[1][2]":                                  "SELECT subscript(subscript(a.b,1),2)",
		"SELECT current_date - d":                           "SELECT CAST(current_date AS TIMESTAMP) - d",
		"SELECT date '2026-07-05' - date '2026-07-01'":      "SELECT CAST(date '2026-07-05' AS TIMESTAMP) - CAST(date '2026-07-01' AS TIMESTAMP)",
		"SELECT x FROM information_schema.tables":           "SELECT x FROM athena.tables",
		"SELECT date_parse(s, '%Y-%m-%d %H:%i')":            "SELECT strptime(s, '%Y-%m-%d %H:%M')",
		"SELECT CAST(t AT TIME ZONE 'UTC' AS date)":         "SELECT CAST(as_date((CAST(t AS TIMESTAMPTZ) AT TIME ZONE 'UTC'), 'date') AS date)",
		"SELECT x FROM t CROSS JOIN UNNEST(m) AS u(k, v)":   "SELECT x FROM t CROSS JOIN (SELECT unnest(map_entries(m), recursive := true)) AS u(k, v)",
		"SELECT lag(a) IGNORE NULLS OVER (ORDER BY b)":      "SELECT lag(a ignore nulls)  OVER (ORDER BY b)",
		"SELECT d + INTERVAL '1' DAY":                       "SELECT plus_interval(d , INTERVAL '1' DAY)",
		"SELECT listagg(a, ';') WITHIN GROUP (ORDER BY\nb)": "SELECT string_agg(a, ';'ORDER BY\nb)",
		"SELECT map_filter(m, (k, v) -> v > 1 AND k = t.k)": "SELECT map_from_entries(list_filter(map_entries(m), lambda pair_: pair_.value > 1 AND pair_.key = t.k))",
	} {
		got, err := dialect.Translate(sql, nil)
		if err != nil || strings.Join(strings.Fields(got.SQL), " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%s\nbecame %s, %v\nwant   %s", sql, got.SQL, err, want)
		}
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT 1, a, b AS c, t.d, upper(e), f g, 'x', null":           "_col0 . . . _col4 . _col6 _col7",
		"SELECT *, count(*) OVER () FROM t":                            ". . . . . . . _col7",
		"SELECT *, *, 1":                                               ". . . . . . . .",
		"VALUES (1, 2, 3, 4, 5, 6, 7, 8)":                              "_col0 _col1 _col2 _col3 _col4 _col5 _col6 _col7",
		"SHOW TABLES":                                                  ". . . . . . . .",
		"WITH x AS (SELECT 1) (SELECT a,b,c,d,e,f,g,h+1 FROM x)":       ". . . . . . . .",
		"SELECT a,b,c,d,e,f,g,INTERVAL '1' DAY UNION SELECT 1,2":       ". . . . . . . _col7",
		"SELECT DISTINCT a,b,c,d,e,f,g,CASE WHEN h THEN 1 END LIMIT 1": ". . . . . . . _col7",
	} {
		names := strings.Fields(". . . . . . . .")
		if got := strings.Join(dialect.Columns(sql, names), " "); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

// FuzzTranslate wants no panic, refusals with a place within the statement,
// places of every byte within it too, and lines that stay.
func FuzzTranslate(f *testing.F) {
	for _, e := range list(f) {
		f.Add(e.sql)
		f.Add(e.asked)
	}
	for _, sql := range append(plain, "if(", "x -> ", "UNNEST(", ") at time zone", "listagg() within group (", "VALUES ,,", "CAST( AS", "-'", "'", "$a$", "[:]", "(k,v)->", "map_filter(m,(k,v)->", "values (", "interval - '1' day") {
		f.Add(sql)
		f.Add("SELECT " + sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		got, err := dialect.Translate(sql, func(string) string { return "integer" })
		dialect.Columns(sql, make([]string, 3))
		if err != nil {
			var syntax *query.SyntaxError
			if !errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1 || syntax.Line > strings.Count(sql, "\n")+1 {
				t.Fatalf("%q: %v", sql, err)
			}
			return
		}
		if strings.Count(got.SQL, "\n") != strings.Count(sql, "\n") {
			t.Fatalf("%q: the lines of %q differ", sql, got.SQL)
		}
		for n, line := range strings.Split(got.SQL, "\n") {
			for column := range utf8.RuneCountInString(line) {
				if l, c := got.Place(n+1, column+1); l < 1 || c < 1 || l > strings.Count(sql, "\n")+1 {
					t.Fatalf("%q: %d:%d is %d:%d", sql, n+1, column+1, l, c)
				}
			}
		}
	})
}

func BenchmarkTranslate(b *testing.B) {
	sql := `SELECT date_format(received_at AT TIME ZONE 'Europe/Berlin', '%Y-%m-%d') AS day, site, count(*) AS n, approx_distinct(visitor_id) AS v,
 listagg(DISTINCT utm_campaign, ', ') WITHIN GROUP (ORDER BY utm_campaign) AS c FROM hits WHERE year = 2026 AND month = 7 AND site = 'shop'
 AND received_at > current_date - INTERVAL '7' DAY GROUP BY 1, 2 ORDER BY n DESC OFFSET 5 LIMIT 10`
	b.ReportAllocs()
	for b.Loop() {
		if _, err := dialect.Translate(sql, nil); err != nil {
			b.Fatal(err)
		}
	}
}
