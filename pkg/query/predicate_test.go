package query_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
)

var update = flag.Bool("update", false, "write the golden files anew")

// buffers are all settings in steps, the limits among them.
var buffers = []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// windows have ends on and beside the edges of hours, days, months and years.
func windows(t testing.TB) []query.Window {
	t.Helper()
	var list []query.Window
	for _, w := range [][2]string{
		{"", ""},
		{"2026-07-05T09:20:00Z", "2026-07-05T09:40:00Z"},
		{"2026-07-05T09:00:00Z", "2026-07-05T10:00:00Z"},
		{"2026-07-05T09:00:59.999Z", "2026-07-05T09:59:00Z"},
		{"2026-07-05T00:00:00Z", "2026-07-06T00:00:00Z"},
		{"2026-07-04T22:00:00Z", "2026-07-05T22:00:00Z"},
		{"2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"},
		{"2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"2024-02-29T12:00:00Z", "2024-03-01T12:00:00Z"},
		{"2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"2026-01-01T00:15:00Z", "2026-12-31T23:59:00Z"},
		{"2021-06-15T13:30:00.0005Z", "2026-03-02T04:05:06.7Z"},
		{"2026-07-05T09:00:00Z", ""},
		{"2026-01-01T00:15:00Z", ""},
		{"2026-01-01T01:00:00Z", ""},
		{"", "2026-07-05T09:00:00Z"},
		{"", "2026-12-31T23:30:00Z"},
	} {
		list = append(list, query.Window{Since: instant(t, w[0]), Until: instant(t, w[1])})
	}
	return list
}

func TestPredicates(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, w := range windows(t) {
		for _, buffer := range []time.Duration{time.Minute, 15 * time.Minute} {
			fmt.Fprintf(&b, "-- %s to %s, buffer %s\n%s\n", stamp(w.Since), stamp(w.Until), buffer, w.Predicate(buffer))
		}
	}
	const file = "testdata/predicates.sql"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || b.String() != string(want) {
		t.Errorf("%s differs (%v); -update writes it anew. got:\n%s", file, err, b.String())
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > 600 {
			t.Errorf("%d bytes: %s", len(line), line)
		}
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "…"
	}
	return t.Format(time.RFC3339Nano)
}

// row is a record and the hour under which its object lies.
type row struct {
	received time.Time
	hour     lake.Hour
}

// An object lies under the hour of its oldest record, which the stream took up
// to a buffer earlier than any other, a moment after its received_at. Whatever
// the window, no row is lost, none is found that is not in it, and no hour is
// read that could hold none.
func TestWindowsLoseNothing(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(6, 2026))
	engine, err := duck.Open(t.Context(), duck.Source{}, duck.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	list := windows(t)
	for range 80 {
		list = append(list, anyWindow(random))
	}
	for _, w := range list {
		for _, buffer := range buffers {
			var rows []row
			for range 60 {
				rows = append(rows, anyRow(random, w, buffer))
			}
			check(t, engine, w, buffer, rows)
		}
	}
}

// anyWindow has ends near edges of hours as often as elsewhere.
func anyWindow(r *rand.Rand) query.Window {
	edge := func(t time.Time) time.Time {
		switch r.IntN(4) {
		case 0:
			return t.Truncate(time.Hour)
		case 1:
			return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		case 2:
			return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(time.Minute))))
		}
		return t
	}
	begin := time.Date(2019+r.IntN(8), time.Month(1+r.IntN(12)), 1+r.IntN(31), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1e9), time.UTC)
	length := []time.Duration{time.Minute, time.Hour, 24 * time.Hour, 31 * 24 * time.Hour, 5 * 366 * 24 * time.Hour}[r.IntN(5)]
	w := query.Window{Since: edge(begin)}
	w.Until = edge(w.Since.Add(time.Millisecond + time.Duration(r.Int64N(int64(length)))))
	if !w.Since.Before(w.Until) {
		w.Until = w.Since.Add(length)
	}
	switch r.IntN(8) {
	case 0:
		w.Since = time.Time{}
	case 1:
		w.Until = time.Time{}
	}
	return w
}

// anyRow was received in the window or beside it, and lies where Firehose may
// have put it.
func anyRow(r *rand.Rand, w query.Window, buffer time.Duration) row {
	near := []time.Time{w.Since, w.Until}[r.IntN(2)]
	if near.IsZero() {
		near = time.Date(2023, 5, 6, 7, 8, 9, 0, time.UTC)
	}
	spread := []time.Duration{time.Second, time.Hour, 40 * 24 * time.Hour, 500 * 24 * time.Hour}[r.IntN(4)]
	at := near.Add(time.Duration(r.Int64N(int64(2*spread))) - spread).Truncate(time.Millisecond)
	taken := at.Add(time.Duration(r.Int64N(int64(time.Minute))))
	oldest := taken.Add(-time.Duration(r.Int64N(int64(buffer) + 1)))
	return row{at, lake.HourOf(event.MillisOf(oldest))}
}

func check(t *testing.T, engine *duck.Engine, w query.Window, buffer time.Duration, rows []row) {
	t.Helper()
	var found, read []string
	inside := w.Since
	if inside.IsZero() {
		inside = w.Until.Add(-time.Second)
	}
	for i, r := range rows {
		keys := fmt.Sprintf("%d, %d, %d, %d, %d", i, r.hour.Year, r.hour.Month, r.hour.Day, r.hour.Hour)
		found = append(found, fmt.Sprintf("(%s, TIMESTAMP '%s')", keys, r.received.Format(event.TimeLayout)))
		read = append(read, fmt.Sprintf("(%s, TIMESTAMP '%s')", keys, inside.Add(time.Millisecond-time.Nanosecond).Truncate(time.Millisecond).Format(event.TimeLayout)))
	}
	first, last := w.Hours(buffer)
	got, hours := passes(t, engine, found, w.Predicate(buffer)), passes(t, engine, read, w.Predicate(buffer))
	for i, r := range rows {
		if got[i] != w.Contains(r.received) {
			t.Fatalf("%v, buffer %s: a row of %s under %s: found %v\n%s", w, buffer, r.received, r.hour, got[i], w.Predicate(buffer))
		}
		may := (w.Since.IsZero() || r.hour.Compare(first) >= 0) && (w.Until.IsZero() || r.hour.Compare(last) <= 0)
		if hours[i] != may {
			t.Fatalf("%v, buffer %s: hour %s is read: %v\n%s", w, buffer, r.hour, hours[i], w.Predicate(buffer))
		}
	}
}

// passes tells which of the rows the predicate lets pass.
func passes(t *testing.T, engine *duck.Engine, values []string, predicate string) map[int]bool {
	t.Helper()
	rows, err := engine.Query(t.Context(), "SELECT i FROM (VALUES "+strings.Join(values, ", ")+") AS t (i, year, month, day, hour, received_at) WHERE "+predicate)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	out := map[int]bool{}
	for {
		row, err := rows.Next(t.Context())
		if err != nil {
			return out
		}
		i, _ := row[0].(int64)
		out[int(i)] = true
	}
}
