package dialect

import (
	"strings"
	"testing"

	"pixelctl/pkg/query"
)

func TestParams(t *testing.T) {
	for _, c := range []struct{ sql, param, want string }{
		{"SELECT 1 FROM hits WHERE hour = ?", "h=21", "give --param h:int=…"},
		{"SELECT 1 FROM hits WHERE hour IN (?)", "h=21", "integer with string"},
		{"SELECT 1 FROM hits WHERE CAST(site AS date) >= ?", "d=2026-07-05", "give --param d:date=…"},
		{"SELECT 1 FROM hits WHERE site = ?", "s:int=5", "give --param s=…"},
		{"SELECT 1 FROM hits WHERE hour BETWEEN ? AND 5", "h:boolean=true", "give --param h:int=…"},
		{"SELECT 1 FROM hits WHERE hour = ?", "h:int=21", ""},
		{"SELECT 1 FROM hits WHERE hour > ?", "h:double=2.5", ""},
		{"SELECT 1 FROM hits WHERE site = ? OR abs(hour) = ?", "s=x", ""},
		{"SELECT 1 FROM hits WHERE CAST(site AS timestamp) >= ?", "d:date=2026-07-05", ""},
		{"SELECT 1 FROM hits WHERE length(site) = ?", "n=5", "give --param n:int=…"},
		{"SELECT 1 FROM hits WHERE abs(hour) = ?", "n=5", ""}, // not plain
	} {
		params, err := query.ParseParams([]string{c.param})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Translate(c.sql, columnOf, params...)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s with %s: %v, want %q", c.sql, c.param, err, c.want)
		}
	}
}
