package dialect_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

var quotedSQL = regexp.MustCompile(`"(SELECT [^"]+)"`)

// published are the statements that README, demo, help and reports have.
func published(t testing.TB) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"../../../README.md", "../../../cmd/*.go", "../../../embed/demo/*.sql"} {
		for _, file := range glob(t, pattern) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(file) == ".sql" {
				found = append(found, strings.TrimSpace(string(text)))
			}
			for _, m := range quotedSQL.FindAllStringSubmatch(string(text), -1) {
				found = append(found, m[1])
			}
		}
	}
	for i, sql := range found {
		found[i] = filled(t, sql)
	}
	found = append(found, reports(t)...)
	slices.Sort(found)
	if found = slices.Compact(found); len(found) < 6 {
		t.Fatalf("only %d statements are published: %q", len(found), found)
	}
	return found
}

var parameter = regexp.MustCompile(` :\w+`)

// filled has a value for each parameter, and a window.
func filled(t testing.TB, sql string) string {
	t.Helper()
	sql = parameter.ReplaceAllString(strings.ReplaceAll(sql, `\$`, "$"), " 'shop'")
	w := query.Window{Since: time.Date(2026, 7, 5, 9, 30, 0, 0, time.UTC), Until: time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC)}
	if !strings.Contains(sql, "$window") {
		return sql
	}
	out, err := query.Expand(sql, w, 15*time.Minute)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

// reports are the statements of every report, by hours and by days.
func reports(t testing.TB) []string {
	t.Helper()
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }
	var out []string
	for _, name := range report.Names() {
		for _, o := range []report.Options{
			{Name: name, Window: query.Window{Since: day(7, 5), Until: day(7, 7)}, Step: report.Hour, Compare: true},
			{Name: name, Window: query.Window{Since: day(6, 1), Until: day(13, 30)}, Zone: "Europe/Berlin"},
		} {
			o.Now, o.Buffer = day(14, 1), 15*time.Minute
			list, err := report.Statements(o)
			if err != nil || len(list) == 0 {
				t.Fatalf("report %s: %d statements, %v", name, len(list), err)
			}
			for _, s := range list {
				out = append(out, s.SQL)
			}
		}
	}
	return out
}
