package cloud

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
)

func hour(t *testing.T, text string) lake.Hour {
	t.Helper()
	at, err := time.Parse("2006-01-02 15", text)
	if err != nil {
		t.Fatal(err)
	}
	return hourOf(at)
}

func instantOf(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// An hour goes whole only if no row in its files can be outside the window: they
// hold rows from a minute before it to two hours after it.
func TestWindowHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		since, until, hour string
		covers, touches    bool
	}{
		{"", "", "2026-07-05 09", true, true},
		{"", "2026-07-05 12:00", "2026-07-05 09", true, true},
		{"", "2026-07-05 11:59", "2026-07-05 09", false, true},
		{"", "2026-07-05 08:59", "2026-07-05 09", false, false},
		{"", "2026-07-05 09:00", "2026-07-05 09", false, true}, // a row may have come a moment before its record
		{"2026-07-05 08:59", "", "2026-07-05 09", true, true},
		{"2026-07-05 09:00", "", "2026-07-05 09", false, true},
		{"2026-07-05 11:59", "", "2026-07-05 09", false, true},
		{"2026-07-05 12:00", "", "2026-07-05 09", false, false},
		{"2026-12-31 23:30", "2027-01-01 02:00", "2026-12-31 22", false, true},
		{"2026-12-31 21:59", "2027-01-01 02:00", "2026-12-31 22", true, true},
	} {
		w := window{query.Window{Since: instantOf(t, c.since), Until: instantOf(t, c.until)}}
		h := hour(t, c.hour)
		if w.covers(h) != c.covers || w.touches(h) != c.touches {
			t.Errorf("[%s, %s) and %s: covers %t, touches %t", c.since, c.until, c.hour, w.covers(h), w.touches(h))
		}
	}
}

// What touches finds, the condition of the count has Athena read, and no less.
func TestWindowConditionAgrees(t *testing.T) {
	t.Parallel()
	w := window{query.Window{Since: instantOf(t, "2026-12-31 23:30"), Until: instantOf(t, "2027-01-01 01:00")}}
	want := []string{
		"year >= 2026", "year * 1000000 + month * 10000 + day * 100 + hour >= 2026123121",
		"year <= 2027", "year * 1000000 + month * 10000 + day * 100 + hour <= 2027010101",
	}
	if got := w.hours(); !slices.Equal(got, want) {
		t.Errorf("conditions %v", got)
	}
	for at := instantOf(t, "2026-12-31 12:00"); at.Before(instantOf(t, "2027-01-01 12:00")); at = at.Add(time.Hour) {
		number := serial(hourOf(at))
		if read := number >= "2026123121" && number <= "2027010101"; w.touches(hourOf(at)) && !read {
			t.Errorf("%s is touched and not read", number)
		}
	}
}

func TestWindowDays(t *testing.T) {
	t.Parallel()
	w := window{query.Window{Since: instantOf(t, "2026-07-05 01:00"), Until: instantOf(t, "2026-07-06 00:00")}}
	for key, want := range map[string]bool{
		"errors/x/year=2026/month=7/day=4/a": true, "errors/x/year=2026/month=7/day=3/a": false, "errors/x/year=2026/month=7/day=5/a": true,
		"errors/x/year=2026/month=7/day=6/a": true, "errors/x/year=2026/month=7/day=7/a": false, "errors/a": true, "errors/x/year=x/a": true,
	} {
		if got := w.touchesDay(key); got != want {
			t.Errorf("%s: %t", key, got)
		}
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	h := hour(t, "2026-07-05 09")
	since, until := h.Start().Add(time.Minute), h.Start().Add(2*time.Minute)
	columns := []lake.CatalogColumn{{Name: "event_id", Type: "string"}, {Name: "received_at", Type: "timestamp"}}
	rows := choice{inside: query.Window{Since: since, Until: until}.Bounds()}
	kept := keptSQL(columns, "json", h, []string{"s3://b/it's"}, rows)
	for got, want := range map[string]string{
		countSQL(time.Time{}, time.Time{}): "SELECT count(*) FROM tp_hits",
		countSQL(since, time.Time{}): "SELECT count(*) FROM tp_hits WHERE year >= 2026 AND year * 1000000 + month * 10000 + day * 100 + hour >= 2026070507" +
			" AND received_at >= TIMESTAMP '2026-07-05 09:01:00.000'",
		surveySQL([]lake.Hour{h}, choice{inside: query.Window{Until: until}.Bounds()}): `SELECT "$path", count(*), count(*) FILTER (WHERE received_at < TIMESTAMP '2026-07-05 09:02:00.000')` +
			" FROM tp_hits WHERE (year = 2026 AND month = 7 AND day = 5 AND hour = 9) GROUP BY 1",
		unloadSQL(kept, "json", "s3://b/staging/"): `UNLOAD (SELECT "event_id", substr(date_format("received_at", '%Y-%m-%d %H:%i:%s.%f'), 1, 23) AS "received_at"` +
			` FROM tp_hits WHERE year = 2026 AND month = 7 AND day = 5 AND hour = 9 AND "$path" IN ('s3://b/it''s')` +
			" AND coalesce(NOT (received_at >= TIMESTAMP '2026-07-05 09:01:00.000' AND received_at < TIMESTAMP '2026-07-05 09:02:00.000'), true))" +
			" TO 's3://b/staging/' WITH (format = 'JSON', compression = 'GZIP')",
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if sql := unloadSQL("SELECT 1", "orc", "s3://b/x/"); !strings.Contains(sql, "format = 'ORC', compression = 'SNAPPY'") {
		t.Error(sql)
	}
	// The longest names must fit a statement (Athena API, StartQueryExecution), and
	// so must as many new files as old ones.
	files := slices.Repeat([]string{"s3://" + strings.Repeat("b", 63) + "/" + strings.Repeat("k", 250)}, mostFiles)
	all := lake.Columns(event.Schema{})
	person := choice{inside: personIn("user_id", []string{strings.Repeat("'", 256)}), blank: blanks(spec.Spec{}, all)}
	for _, sql := range []string{unloadSQL(keptSQL(all, "json", h, files, person), "json", "s3://b/x/"), digestSQL(all, h, files, files, person)} {
		if len(sql) > 262_144 {
			t.Errorf("%d bytes", len(sql))
		}
	}
}

// The rigs judge what is listed: each statement is in it.
func TestStatementsForRigs(t *testing.T) {
	t.Parallel()
	list, err := Statements(lake.Columns(event.Schema{}), "json", hour(t, "2026-07-05 09"), nil, "s3://b/staging/")
	if err != nil || len(list) != 16 {
		t.Fatalf("%d statements, %v", len(list), err)
	}
	if tail := list[len(list)-1]; strings.Count(tail, " AND ") < 9 {
		t.Errorf("a filter is missing: %s", tail)
	}
}

func TestSubjectStatements(t *testing.T) {
	t.Parallel()
	h := hour(t, "2026-07-05 09")
	w := window{query.Window{Since: h.Start(), Until: h.End()}}
	person := choice{inside: append(w.Bounds(), personIn("user_id", []string{"o'neill"})...), blank: map[string]string{"user_id": "CAST(NULL AS VARCHAR)"}}
	const hours = "year >= 2026 AND year * 1000000 + month * 10000 + day * 100 + hour >= 2026070507 AND " +
		"year <= 2026 AND year * 1000000 + month * 10000 + day * 100 + hour <= 2026070510 AND month BETWEEN 7 AND 7 AND day BETWEEN 5 AND 5"
	const inside = `received_at >= TIMESTAMP '2026-07-05 09:00:00.000' AND received_at < TIMESTAMP '2026-07-05 10:00:00.000' AND "user_id" IN ('o''neill')`
	const blanked = `SELECT CASE WHEN ` + inside + ` THEN CAST(NULL AS VARCHAR) ELSE "user_id" END AS "user_id" FROM tp_hits` +
		` WHERE year = 2026 AND month = 7 AND day = 5 AND hour = 9 AND "$path" IN ('s3://b/f')`
	columns := []lake.CatalogColumn{{Name: "user_id", Type: "string"}}
	for got, want := range map[string]string{
		findSQL(window{}, choice{inside: personIn("ip", []string{"a", "b"})}): `SELECT "$path", count(*) FROM tp_hits WHERE "ip" IN ('a', 'b') GROUP BY 1`,
		findSQL(w, person):                                        `SELECT "$path", count(*) FROM tp_hits WHERE ` + hours + " AND " + inside + " GROUP BY 1",
		exportSQL(columns, w, person.inside):                      "SELECT " + query.ColumnsSQL(schemaOf(columns)) + ", year, month, day, hour FROM tp_hits WHERE " + hours + " AND " + inside,
		keptSQL(columns, "json", h, []string{"s3://b/f"}, person): blanked,
		digestSQL(columns, h, []string{"s3://b/f"}, []string{"s3://b/g"}, person): `SELECT 'old', count(*), to_hex(checksum(ROW("user_id"))) FROM (` + blanked +
			`) AS kept UNION ALL SELECT 'new', count(*), to_hex(checksum(ROW("user_id"))) FROM tp_hits WHERE year = 2026 AND month = 7 AND day = 5 AND hour = 9 AND "$path" IN ('s3://b/g')`,
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
