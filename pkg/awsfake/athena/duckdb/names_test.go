package duckdb

import (
	"fmt"
	"testing"

	"pixelctl/pkg/awsfake/athena/lexer"
)

func TestReferences(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT 1":        "[]",
		"SELECT * FROM a": "[.a]",
		"SELECT x, y FROM a AS x, db.b y WHERE x IN (SELECT c, d FROM c) ORDER BY e, f": "[.a db.b .c]",
		`SELECT * FROM "AwsDataCatalog"."db"."t" JOIN u ON t.x = u.x, v`:                "[db.t .u .v]",
		"SELECT * FROM (a CROSS JOIN b)":                                                "[.a .b]",
		"SELECT * FROM (SELECT q, r FROM a) z, b":                                       "[.a .b]",
		"WITH x AS (SELECT * FROM a), y (p, q) AS (SELECT 1 FROM x) SELECT * FROM y, b": "[.a .b]",
		"SELECT extract(hour FROM received_at), trim(both FROM s) FROM a":               "[.a]",
		"SELECT a IS DISTINCT FROM b FROM c":                                            "[.c]",
		"SELECT * FROM a, unnest(m) u (k, v) LEFT JOIN lateral_thing(x) ON true":        "[.a]",
		"SELECT 'FROM x' FROM a -- FROM y":                                              "[.a]",
		"SELECT * FROM a UNION ALL SELECT f, g FROM b":                                  "[.a .b]",
		"SELECT count(*) FILTER (WHERE x) FROM a GROUP BY b, c":                         "[.a]",
		"SELECT * FROM (VALUES (1, 2), (3, 4)) t (a, b)":                                "[]",
	} {
		var got []string
		for _, r := range references(lexer.Lex(sql)) {
			got = append(got, r.database+"."+r.name)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", sql, got, want)
		}
	}
}

// What follows a name stays where it is, so that errors name their place.
func TestNamesKeepTheirPlaces(t *testing.T) {
	const sql = "SELECT x FROM db.tp_hits, information_schema.tables WHERE y"
	p := plan{statement: sql, references: references(lexer.Lex(sql))}
	if got, want := p.sql(nil, nil), "SELECT x FROM    tp_hits, information_schema.tables WHERE y"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAlias(t *testing.T) {
	for rest, want := range map[string]bool{"": false, " a": true, " AS a": true, ` "where"`: true, " WHERE x": false, " JOIN b": false, ", b": false, ")": false} {
		if got := aliased(rest); got != want {
			t.Errorf("%q: %v", rest, got)
		}
	}
}
