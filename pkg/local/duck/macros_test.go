//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"fmt"
	"strings"
	"testing"
)

func TestFunctionsThatRefuse(t *testing.T) {
	e := open(t, Source{})
	for sql, want := range map[string]string{
		"date_format(timestamp '2026-07-05 00:00:00', '%D')":  "date_format knows no %D here",
		"date_add('eon', 1, timestamp '2026-07-05 00:00:00')": "date_add has no unit 'eon'",
	} {
		if _, err := ask(e, "SELECT "+sql); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", sql, err, want)
		}
	}
}

// Settings hold for every statement, and functions work over the table.
func TestFunctionsOverTheTable(t *testing.T) {
	e := open(t, Source{Spool: []string{segment(t, 100, 2)}})
	res := mustAsk(t, e, `SELECT date_format(received_at, '%Y-%m-%d %H') AS h, count(*) AS n, approx_distinct(user_id),
		approx_percentile(value, 0.95), url_extract_host(min(page_url)), count_if(element_at(params, 'k') = '1')
		FROM hits GROUP BY 1 ORDER BY h`)
	if got, want := fmt.Sprint(res.rows), "[[2026-07-05 09 50 50 12.5 www.example.com 10] [2026-07-05 10 50 50 12.5 www.example.com 10]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A checksum of rows is the same in any order, and another for other rows.
func TestChecksum(t *testing.T) {
	e := open(t, Source{})
	for rows, want := range map[string]bool{
		"('b', 2), ('a', 1)": true,
		"('a', 2), ('b', 1)": false,
		"('a', 1)":           false,
	} {
		sql := "SELECT (SELECT checksum(row(a, b)) FROM (VALUES ('a', 1), ('b', 2)) t(a, b)) = (SELECT checksum(row(a, b)) FROM (VALUES " + rows + ") t(a, b))"
		if got := one(t, e, sql); got != want {
			t.Errorf("%s: %v, want %v", rows, got, want)
		}
	}
}
