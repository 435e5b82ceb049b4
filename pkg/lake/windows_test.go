package lake_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
)

// edges are the first instants of an hour, a day, a month, a year, and of the
// day after a leap day.
func edges() []time.Time {
	return []time.Time{
		time.Date(2026, 7, 5, 10, 0, 0, 0, time.UTC), time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC), time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC),
	}
}

// arrivals are rows around each edge, by the time at which the stream has them.
type arrival struct{ received, arrived time.Time }

func arrivals() []arrival {
	var out []arrival
	for _, edge := range edges() {
		times := []time.Time{edge.Add(-time.Millisecond), edge, edge.Add(time.Millisecond)}
		for d := -18 * time.Minute; d < 18*time.Minute; d += 31 * time.Second {
			times = append(times, edge.Add(d))
		}
		for i, at := range times {
			out = append(out, arrival{at, at.Add(time.Duration(i%5) * 7 * time.Second)})
		}
	}
	slices.SortFunc(out, func(a, b arrival) int { return a.arrived.Compare(b.arrived) })
	return out
}

// objects puts rows together as Firehose does: an object takes what arrives
// within the buffer after its oldest record, and lies under the hour of that
// one's arrival.
func objects(all []arrival, buffer time.Duration) [][]arrival {
	var out [][]arrival
	for _, a := range all {
		if n := len(out) - 1; n >= 0 && a.arrived.Sub(out[n][0].arrived) <= buffer {
			out[n] = append(out[n], a)
			continue
		}
		out = append(out, []arrival{a})
	}
	return out
}

// firehoseLake writes such objects below dir and gives the files.
func firehoseLake(t *testing.T, dir string, buffer time.Duration) duck.Source {
	t.Helper()
	src := duck.Source{Data: filepath.Join(dir, lake.DataPrefix)}
	for i, o := range objects(arrivals(), buffer) {
		var lines []byte
		for _, a := range o {
			r := event.Record{
				SchemaVersion: event.SchemaVersion, EventID: id(a), ReceivedAt: event.MillisOf(a.received), Event: event.DefaultEvent,
				Site: "shop", ClientClass: event.ClassHuman, Status: event.StatusRecorded,
			}
			lines = append(lines, r.AppendLine(nil)...)
		}
		staging := t.TempDir()
		segment := filepath.Join(staging, "segment.ndjson")
		if err := os.WriteFile(segment, lines, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := duck.Convert(t.Context(), duck.ConvertOptions{Source: segment, Staging: staging, Name: "segment"}); err != nil {
			t.Fatal(err)
		}
		hour := lake.HourOf(event.MillisOf(o[0].arrived))
		made, err := filepath.Glob(filepath.Join(staging, lake.DataPrefix, "*", "*", "*", "*", "*"))
		if err != nil || len(made) == 0 {
			t.Fatalf("%d files, %v", len(made), err)
		}
		for j, path := range made { // one an hour that its rows were received in
			f := duck.File{Path: filepath.Join(src.Data, filepath.FromSlash(hour.Path()), fmt.Sprintf("object-%d-%d.parquet", i, j)), Hour: hour}
			if err := errors.Join(os.MkdirAll(filepath.Dir(f.Path), 0o750), os.Rename(path, f.Path)); err != nil {
				t.Fatal(err)
			}
			src.Files = append(src.Files, f)
		}
	}
	return src
}

func id(a arrival) string { return a.received.Format("20060102T150405.000") }

// edgeWindows end at, before and after the edges.
func edgeWindows() []query.Window {
	list := []query.Window{
		{Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Since: time.Date(2026, 7, 5, 9, 50, 0, 0, time.UTC)},
		{Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	for _, e := range edges() {
		for _, w := range [][2]time.Duration{
			{-10 * time.Minute, 0}, {0, 10 * time.Minute}, {-time.Millisecond, time.Millisecond}, {-time.Hour, 0}, {0, 24 * time.Hour}, {-24 * time.Hour, 0}, {-time.Minute, 30 * 24 * time.Hour},
		} {
			list = append(list, query.Window{Since: e.Add(w[0]), Until: e.Add(w[1])})
		}
	}
	return list
}

// expand puts a window into a question for ids.
func expand(t *testing.T, table string, w query.Window, buffer time.Duration) string {
	t.Helper()
	sql, err := query.Expand("SELECT event_id FROM "+table+" WHERE $window", w, buffer)
	if err != nil {
		t.Fatal(err)
	}
	return sql
}

// within are the ids that a window holds, by time.
func within(w query.Window) (ids []string) {
	for _, a := range arrivals() {
		if w.Contains(a.received) {
			ids = append(ids, id(a))
		}
	}
	slices.Sort(ids)
	return ids
}

// Whatever the buffer, each window finds all of its rows, also those that lie
// under the hour before, and opens the files of its hours only.
func TestWindowsOverEdges(t *testing.T) {
	for _, buffer := range []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute} {
		t.Run(buffer.String(), func(t *testing.T) {
			t.Parallel()
			src := firehoseLake(t, t.TempDir(), buffer)
			engine, err := duck.Open(t.Context(), src, duck.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = engine.Close() })
			late, exact := 0, 0
			for _, w := range edgeWindows() {
				for _, table := range []string{"tp_hits", "hits"} {
					ids, stats := idsOf(t, engine, expand(t, table, w, buffer))
					if want := within(w); !slices.Equal(ids, want) {
						t.Errorf("%v of %s: %d rows, want %d", w, table, len(ids), len(want))
					}
					want := filesOf(src, w, buffer)
					if stats.FilesRead > want { // it is less where the bounds of a file's times leave it out
						t.Errorf("%v of %s: %d files read of %d, want %d", w, table, stats.FilesRead, stats.FilesTotal, want)
					}
					if stats.FilesRead == want {
						exact++
					}
				}
				late += len(within(w)) - len(narrow(t, engine, w))
			}
			if exact < len(edgeWindows()) {
				t.Errorf("%d of %d questions read the files of their hours", exact, 2*len(edgeWindows()))
			}
			if late <= 0 {
				t.Error("no row lies under an hour that is not its own: nothing is shown")
			}
		})
	}
}

// narrow gives what is found by the hours of received_at alone.
func narrow(t *testing.T, engine *duck.Engine, w query.Window) []string {
	t.Helper()
	var keys []string
	for _, k := range lake.PartitionKeys() {
		keys = append(keys, fmt.Sprintf("%s(received_at) = %s", k.Name, k.Name))
	}
	ids, _ := idsOf(t, engine, expand(t, "tp_hits", w, 0)+" AND "+strings.Join(keys, " AND "))
	return ids
}

func filesOf(src duck.Source, w query.Window, buffer time.Duration) (n int64) {
	first, last := w.Hours(buffer)
	for _, f := range src.Files {
		if f.Hour.Compare(first) >= 0 && (w.Until.IsZero() || f.Hour.Compare(last) <= 0) {
			n++
		}
	}
	return n
}

func idsOf(t *testing.T, engine *duck.Engine, sql string) (ids []string, stats query.Stats) {
	t.Helper()
	rows, err := engine.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	for {
		row, err := rows.Next(t.Context())
		if errors.Is(err, io.EOF) {
			slices.Sort(ids)
			return ids, rows.Stats()
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := row[0].(string)
		ids = append(ids, text)
	}
}

// TestRigWindows has Trino read the same files by the same predicates: it finds
// the rows, and reads no row of another hour.
func TestRigWindows(t *testing.T) {
	rigs.Need(t, "the predicate of a window runs on DuckDB only, not on Trino")
	engine := rigs.StartTrino(t, "")
	const buffer = 5 * time.Minute
	src := firehoseLake(t, engine.Lake, buffer)
	for _, sql := range []string{
		"CREATE SCHEMA " + lake.Database, trinoTable(), "CALL system.sync_partition_metadata('" + lake.Database + "', '" + lake.Table + "', 'ADD')",
	} {
		ask(t, engine, sql)
	}
	for _, v := range lake.Views(event.Schema{}) {
		ask(t, engine, "CREATE OR REPLACE VIEW "+v.Name+" AS "+v.SQL)
	}
	local, err := duck.Open(t.Context(), src, duck.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = local.Close() })
	for _, w := range edgeWindows() {
		for table, b := range map[string]time.Duration{"tp_hits": buffer, "hits": 15 * time.Minute} {
			sql := expand(t, table, w, b)
			a := ask(t, engine, sql)
			got, err := rigs.TableOf(a)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rows) != len(within(w)) {
				t.Errorf("%s: %d rows, want %d", sql, len(got.Rows), len(within(w)))
			}
			if most := rowsIn(t, local, w, b); a.Stats.ProcessedRows > most {
				t.Errorf("%s: read %d rows, its hours hold %d", sql, a.Stats.ProcessedRows, most)
			}
		}
	}
}

// rowsIn counts the rows that lie in the hours of a window.
func rowsIn(t *testing.T, local *duck.Engine, w query.Window, buffer time.Duration) int64 {
	t.Helper()
	first, last := w.Hours(buffer)
	if w.Until.IsZero() {
		last = lake.Hour{Year: 9999, Month: 12, Day: 31, Hour: 23}
	}
	number := func(h lake.Hour) int { return h.Year*1_000_000 + h.Month*10_000 + h.Day*100 + h.Hour }
	ids, _ := idsOf(t, local, fmt.Sprintf("SELECT event_id FROM tp_hits WHERE year * 1000000 + month * 10000 + day * 100 + hour BETWEEN %d AND %d", number(first), number(last)))
	return int64(len(ids))
}
