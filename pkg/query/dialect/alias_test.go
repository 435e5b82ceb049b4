package dialect

import (
	"strings"
	"testing"
)

// columnOf is a table of three columns.
func columnOf(name string) string {
	return map[string]string{"site": "varchar", "hour": "integer", "params": "map<string,string>"}[name]
}

func TestNamesOfTheSelect(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT site AS s, count(*) FROM hits GROUP BY s":                     "write GROUP BY 1",
		"SELECT count(*), lower(site) s FROM hits GROUP BY s":                 "write GROUP BY 2",
		"SELECT site, count(*) AS n FROM hits GROUP BY 1 HAVING n > 1":        "write what n stands for",
		"SELECT lower(site) AS s FROM hits WHERE s = 'x' ORDER BY s":          "write what s stands for",
		"SELECT 1 AS x, x + 1 AS y":                                           "write what x stands for",
		`SELECT count(*) AS "n" FROM hits GROUP BY site HAVING ("n") > 1`:     "write what n stands for",
		"SELECT * FROM (SELECT site AS s FROM hits GROUP BY ROLLUP (s)) AS t": "write GROUP BY 1",
		"SELECT site AS s, rank() OVER (ORDER BY s) FROM hits":                "write what s stands for",
	} {
		if _, err := Translate(sql, columnOf); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", sql, err, want)
		}
	}
	for _, sql := range []string{
		"SELECT lower(site) AS s, count(*) AS n FROM hits GROUP BY 1 ORDER BY n DESC, s",
		"SELECT lower(site) AS site, count(*) FROM hits GROUP BY site",
		"SELECT s FROM (SELECT site AS s FROM hits) WHERE s = 'x' GROUP BY s",
		"WITH a AS (SELECT site AS s FROM hits) SELECT s AS t FROM a WHERE s = 'x'",
		"WITH a(s) AS (SELECT site FROM hits) SELECT lower(s) AS s FROM a WHERE s = 'x'",
		"SELECT lower(x) AS x FROM (VALUES 'a') AS t(x) WHERE x = 'a'",
		"SELECT lower(x) AS x FROM (VALUES 'a') t (x) WHERE x = 'a'",
		"SELECT count(*) AS hits FROM hits",
		"SELECT count(*) AS h FROM hits AS h GROUP BY h.site",
		"SELECT extract(week FROM t) AS week FROM (SELECT received_at AS t FROM hits) GROUP BY 1",
		"SELECT CAST(received_at AS date) AS date FROM hits WHERE received_at > date '2026-07-05' GROUP BY 1",
		"SELECT NOT via_proxy AS via_proxy, count(*) FROM opens GROUP BY via_proxy",
		"SELECT date FROM seed_view", "SELECT substr(CAST(date AS varchar), 1, 10) AS date FROM seed_view WHERE date IS NOT NULL",
		"SELECT count(*) AS time FROM hits WHERE received_at AT TIME ZONE 'UTC' > timestamp '2026-07-05 00:00:00'",
		"SELECT 1 AS x, transform(ARRAY[1], x -> x + 1)", "SELECT 1 AS x, reduce(ARRAY[1], 0, (s, x) -> s + x, s -> s)",
		"SELECT site AS s FROM hits UNION ALL SELECT s FROM (SELECT site AS s FROM hits)",
		"SELECT min(hour) AS first, rank() OVER (ORDER BY site NULLS FIRST) FROM hits GROUP BY site",
		"SELECT hour AS second FROM hits WHERE received_at > now() - INTERVAL '5' second",
		"SELECT site AS s, max(hour) AS m FROM hits GROUP BY site HAVING max(hour) > 1",
		"SELECT (SELECT max(hour) FROM hits) AS m, count(*) FROM hits",
	} {
		if _, err := Translate(sql, columnOf); err != nil && strings.Contains(err.Error(), "names of the SELECT") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestAsk(t *testing.T) {
	for sql, want := range map[string]string{
		"PRAGMA table_info('hits')": "information_schema.columns", "desc hits": "information_schema.columns", " show COLUMNS from hits": "information_schema.columns",
		"SHOW TABLES": "information_schema.tables", "show create table hits": "pixelctl fields", "/* x */ EXPLAIN ANALYZE SELECT 1": "query --explain", "SELECT 1": "", "": "",
	} {
		if err := Ask(sql); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", sql, err, want)
		}
	}
}

func TestTextsAndNumbers(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT 1 FROM hits WHERE site = 5":                     "write '5'",
		"SELECT 1 FROM hits WHERE 5 <> h.site":                  "write '5'",
		"SELECT 1 FROM hits WHERE site NOT IN ('x', 5)":         "write '5'",
		"SELECT 1 FROM hits WHERE lower(site) BETWEEN 1 AND 2":  "write '1'",
		"SELECT 1 FROM hits WHERE params['n'] = 5":              "write '5'",
		"SELECT 1 FROM hits WHERE element_at(params, 'n') >= 5": "write '5'",
		"SELECT hour || '-' || site FROM hits":                  "write CAST(hour AS varchar)",
		"SELECT '-' || h.hour FROM hits AS h":                   "write CAST(h.hour AS varchar)",
		"SELECT site || 5 FROM hits":                            "write CAST(5 AS varchar)",
		"SELECT date '2026-07-05' || '-' || site FROM hits":     "write CAST(date '2026-07-05' AS varchar)",
		"SELECT 0x1F":             "write 31",
		"SELECT 5min":             "5min is no number",
		"SELECT `site` FROM hits": `write "name"`,
		"SELECT 1 FROM hits WHERE site IN ('a',)":                   "leave out the last comma",
		"SELECT site, unnest(ARRAY[1, 2]) FROM hits":                "CROSS JOIN UNNEST",
		"SELECT n FROM (SELECT unnest(map_keys(params)) AS n) AS t": "CROSS JOIN UNNEST",
	} {
		if _, err := Translate(sql, columnOf); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", sql, err, want)
		}
	}
	for _, sql := range []string{
		"SELECT 1_000, .5, 1., 1.5E-3, 1e5 FROM hits WHERE length(site) = 5 AND hour = 5 AND hour IN (1, 2)",
		"SELECT 1 FROM hits WHERE CAST(site AS integer) = 5 AND cardinality(params) > 3 AND strpos(lower(site), 'x') > 0",
		"SELECT k FROM hits CROSS JOIN UNNEST(map_keys(params)) AS t(k) WHERE site = '5'",
		"SELECT ARRAY[1] || ARRAY[2], 'a' || chr(10) || site, CAST(hour AS varchar) || '-', site || lower(site) FROM hits",
		"SELECT hour || '-' FROM (SELECT site AS hour FROM hits)",
		"SELECT a FROM hits, UNNEST(ARRAY[1]) AS t(a)",
		"SELECT site FROM (SELECT 1 AS site) WHERE site = 5",
	} {
		if _, err := Translate(sql, columnOf); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}
