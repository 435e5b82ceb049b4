//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/reject"
)

// own gives fields of every type, so that a line can hold them.
func own() []event.Field {
	return []event.Field{
		{Name: "hotel", Type: event.String, Limit: event.FieldText},
		{Name: "rooms", Type: event.Int},
		{Name: "booking", Type: event.BigInt},
		{Name: "price", Type: event.Double},
		{Name: "member", Type: event.Boolean},
		{Name: "arrival", Type: event.Date},
		{Name: "seen", Type: event.Timestamp},
	}
}

// hold gives a record a value for each field, in their order.
func hold(r *event.Record, fields []event.Field, texts ...string) *event.Record {
	for i := range fields {
		if v, ok := fields[i].Parse(texts[i]); ok {
			r.Fields = append(r.Fields, v)
		}
	}
	return r
}

// generationFile writes one file into its own hour of the lake at dir.
func generationFile(tb testing.TB, dir string, hour int, schema event.Schema, line []byte) {
	tb.Helper()
	done, err := Convert(context.Background(), ConvertOptions{
		Source: lines(tb, string(line)), Staging: dir, Name: fmt.Sprintf("s%d", hour), Schema: schema,
	})
	if err != nil || done != (Converted{Rows: 1}) {
		tb.Fatal(done, err)
	}
}

func at(hour int) time.Time { return firstHour.Add(time.Duration(hour) * time.Hour) }

// Old files lack what was added later, and a file of a spec that was given up
// holds more than the table: one question reads them all.
func TestGenerations(t *testing.T) {
	fields := own()
	full, some := event.NewSchema(fields...), event.NewSchema(fields[:3]...)
	other := event.NewSchema(append([]event.Field{{Name: "given_up", Type: event.String}}, fields[:1]...)...)
	dir := t.TempDir()
	generationFile(t, dir, 0, event.Schema{}, record(0, at(0)).AppendLine(nil))
	generationFile(t, dir, 1, some, hold(record(1, at(1)), fields[:3], "Ritz", "2", "9007199254740993").AppendLine(nil))
	all := hold(record(2, at(2)), fields, "Ritz", "3", "-9223372036854775808", "0.1", "true", "2026-02-28", "2026-07-05T09:10:11.123Z")
	generationFile(t, dir, 2, full, all.AppendLine(nil))
	generationFile(t, dir, 3, other, hold(record(3, at(3)), other.Fields(), "x", "Savoy").AppendLine(nil))
	src := sourceOf(t, dir)
	src.Schema = full
	waits := hold(record(4, at(4)), fields, "Spool", "5", "6", "7.5", "no", "1999-12-31", "0").AppendLine(nil)
	src.Spool = []string{lines(t, string(slices.Concat(waits, record(5, at(5)).AppendLine(nil))))}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	want := [][]any{
		{int64(9), nil, nil, nil, nil, nil, nil, nil},
		{int64(10), "Ritz", int64(2), int64(9007199254740993), nil, nil, nil, nil},
		{int64(11), "Ritz", int64(3), int64(-9223372036854775808), 0.1, true, day(2026, 2, 28), time.Date(2026, 7, 5, 9, 10, 11, 123e6, time.UTC)},
		{int64(12), "Savoy", nil, nil, nil, nil, nil, nil},
		{int64(13), "Spool", int64(5), int64(6), 7.5, false, day(1999, 12, 31), time.Unix(0, 0).UTC()},
		{int64(14), nil, nil, nil, nil, nil, nil, nil},
	}
	for name, files := range map[string][]File{"oldest first": src.Files, "newest first": reversed(src.Files)} {
		t.Run(name, func(t *testing.T) {
			s := src
			s.Files = files
			e := open(t, s)
			for _, table := range []string{"tp_hits", "hits", "opens", "people", "seed_view"} {
				mustAsk(t, e, "SELECT * FROM "+table)
			}
			res := mustAsk(t, e, "SELECT hour, hotel, rooms, booking, price, member, arrival, seen FROM hits ORDER BY hour")
			if !reflect.DeepEqual(res.rows, want) {
				t.Errorf("rows\n%v\nwant\n%v", res.rows, want)
			}
			types := []string{"integer", "varchar", "integer", "bigint", "double", "boolean", "date", "timestamp"}
			for i, c := range res.columns {
				if c.Type != types[i] {
					t.Errorf("%s is a %s, want %s", c.Name, c.Type, types[i])
				}
			}
			res = mustAsk(t, e, "SELECT event_id FROM hits WHERE year = 2026 AND month = 7 AND day = 5 AND hour < 10")
			if len(res.rows) != 1 || res.stats.FilesTotal != 4 || res.stats.FilesRead != 1 {
				t.Errorf("%d rows, %d files read of %d", len(res.rows), res.stats.FilesRead, res.stats.FilesTotal)
			}
			if res = mustAsk(t, e, "SELECT event_id FROM hits WHERE hour >= 10"); res.stats.FilesRead != 3 {
				t.Errorf("%d files read, want 3", res.stats.FilesRead)
			}
			if res = mustAsk(t, e, "SELECT event_id FROM hits"); res.stats.FilesRead != 4 {
				t.Errorf("%d files read, want all 4", res.stats.FilesRead)
			}
			if res = mustAsk(t, e, "SELECT event_id FROM hits WHERE year = 1999"); len(res.rows) != 0 || res.stats.FilesRead != 0 {
				t.Errorf("of 1999: %d rows, %d files read", len(res.rows), res.stats.FilesRead)
			}
		})
	}
}

func reversed(files []File) []File {
	files = slices.Clone(files)
	slices.Reverse(files)
	return files
}

// The table has the columns of the schema, whatever the lake holds, and in
// their order.
func TestTableFollowsSchema(t *testing.T) {
	schema := event.NewSchema(own()...)
	dir := t.TempDir()
	generationFile(t, dir, 0, event.Schema{}, record(0, at(0)).AppendLine(nil))
	filled := sourceOf(t, dir)
	filled.Schema = schema
	want := append(schema.Names(), "year", "month", "day", "hour")
	for name, src := range map[string]Source{"empty": {Schema: schema}, "old file": filled} {
		var got []string
		for _, c := range mustAsk(t, open(t, src), "SELECT * FROM tp_hits").columns {
			got = append(got, c.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: columns %v, want %v", name, got, want)
		}
	}
}

func TestLinesOfOwnColumns(t *testing.T) {
	schema := event.NewSchema(own()...)
	begin := `{"event_id":"x","received_at":"2026-07-05 09:00:00.000",`
	for line, want := range map[string]string{
		`"hotel":7}`:                              "hotel: not a string",
		`"rooms":2147483648}`:                     "rooms: number does not fit int",
		`"booking":9223372036854775808}`:          "booking: number does not fit bigint",
		`"booking":1.5}`:                          "booking: number does not fit bigint",
		`"booking":"7"}`:                          "booking: not a bigint",
		`"price":"1"}`:                            "price: not a double",
		`"member":1}`:                             "member: not a boolean",
		`"arrival":"2026-02-29"}`:                 "arrival: not a date as yyyy-MM-dd",
		`"arrival":"2026-2-28"}`:                  "arrival: not a date as yyyy-MM-dd",
		`"arrival":"2026-02-28 00:00:00"}`:        "arrival: not a date as yyyy-MM-dd",
		`"arrival":""}`:                           "arrival: not a date as yyyy-MM-dd",
		`"arrival":20260228}`:                     "arrival: not a date",
		`"seen":"2026-07-05T09:00:00Z"}`:          "seen: not a timestamp as yyyy-MM-dd HH:mm:ss.SSS",
		`"arrival":"2024-02-29","booking":-1}`:    "",
		`"arrival":null,"booking":null}`:          "",
		`"rooms":2147483647,"unknown":{"a":[1]}}`: "",
	} {
		check := reject.NewChecker(schema)
		if _, bad := check.Line([]byte(begin + line)); bad.Message != want {
			t.Errorf("%s: %q, want %q", line, bad.Message, want)
		}
	}
}

// Every column of a file is found in its footer, also with values of every
// type, many row groups or none at all.
func TestColumnsOfFooter(t *testing.T) {
	schema := event.NewSchema(own()...)
	dir := t.TempDir()
	generationFile(t, dir, 0, schema, record(0, at(0)).AppendLine(nil))
	path := sourceOf(t, dir).Files[0].Path
	if got, err := inspect(path); err != nil || !slices.Equal(got.columns, schema.Names()) {
		t.Errorf("columns %v, %v", got.columns, err)
	}
	nested := filepath.Join(t.TempDir(), "nested.parquet")
	db, err := openDatabase(t.Context(), 1, convertMemory, "")
	if err != nil {
		t.Fatal(err)
	}
	err = db.exec(t.Context(), `COPY (SELECT 1 AS a, {'x': 1, 'y': [2], 'z': {'w': 3}} AS s, [1] AS l, MAP {'k': [1]} AS m, 'v' AS "odd name" WHERE false) TO `+
		quote(nested)+" (FORMAT parquet)")
	if err := errors.Join(err, db.close()); err != nil {
		t.Fatal(err)
	}
	if got, err := inspect(nested); err != nil || !slices.Equal(got.columns, []string{"a", "s", "l", "m", "odd name"}) {
		t.Errorf("columns %v, %v", got, err)
	}
}

// A footer that is cut or made up tells nothing, and ends.
func FuzzFooter(f *testing.F) {
	dir := f.TempDir()
	generationFile(f, dir, 0, event.NewSchema(own()...), record(0, at(0)).AppendLine(nil))
	b, err := os.ReadFile(sourceOf(f, dir).Files[0].Path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b[max(0, len(b)-9000):])
	f.Add([]byte{0x15, 0x02, 0x19, 0x1c, 0x48, 0x01, 'r', 0x15, 0x02, 0x00})
	f.Add([]byte{0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := parseFooter(b); len(got.columns) > len(b) || got.once != "" && !bytes.Contains(b, []byte(onceKey)) {
			t.Errorf("%d names, mark %q, of %d bytes", len(got.columns), got.once, len(b))
		}
	})
}
