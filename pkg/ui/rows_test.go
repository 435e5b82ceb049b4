package ui

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// fakeRows is a result in memory; err ends it when set.
type fakeRows struct {
	columns []query.Column
	rows    [][]any
	stats   query.Stats
	err     error
	at      int
}

func (f *fakeRows) Columns() []query.Column { return f.columns }
func (f *fakeRows) Stats() query.Stats      { return f.stats }
func (f *fakeRows) Close() error            { return nil }

func (f *fakeRows) Next(ctx context.Context) ([]any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.at == len(f.rows) {
		if f.err != nil {
			return nil, f.err
		}
		return nil, io.EOF
	}
	f.at++
	return f.rows[f.at-1], nil
}

// columnsOf takes names and types in turn.
func columnsOf(namesAndTypes ...string) []query.Column {
	var cols []query.Column
	for i := 0; i+1 < len(namesAndTypes); i += 2 {
		cols = append(cols, query.Column{Name: namesAndTypes[i], Type: namesAndTypes[i+1]})
	}
	return cols
}

// pairsOf takes keys and values in turn.
func pairsOf(keysAndValues ...any) query.Pairs {
	var pairs query.Pairs
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		pairs = append(pairs, query.Pair{Key: keysAndValues[i], Value: keysAndValues[i+1]})
	}
	return pairs
}

func stats() query.Stats {
	return query.Stats{FilesRead: 3, FilesTotal: 168, BytesScanned: 1 << 20, Elapsed: 12 * time.Millisecond}
}

func simple() *fakeRows {
	at := time.Date(2026, 7, 5, 9, 0, 0, 123e6, time.UTC)
	return &fakeRows{
		columns: columnsOf("campaign", "varchar", "hits", "bigint", "first", "timestamp", "page", "varchar"),
		rows: [][]any{
			{"spring", int64(1234567), at, "https://example.com/shop/shoes/running?utm_campaign=spring&utm_source=mail"},
			{nil, int64(2), at.Add(time.Hour), ""},
			{"プロモーション", int64(-3), nil, "a|b <i>*x*</i>"},
		},
		stats: stats(),
	}
}

func types() *fakeRows {
	at := time.Date(2026, 7, 5, 9, 0, 0, 123456e3, time.UTC)
	return &fakeRows{
		columns: columnsOf("flag", "boolean", "f", "double", "dec", "decimal(10,2)", "day", "date", "at", "time", "ts", "timestamp", "bin", "varbinary", "arr", "array(bigint)", "map", "map(varchar, varchar)", "row", "row(a integer, b varchar)", "f", "double"),
		rows: [][]any{
			{
				true, 0.1, query.Decimal("12.50"), at, at, at,
				[]byte{0, 255},
				[]any{int64(1), nil},
				pairsOf("k", "v", int64(2), nil), pairsOf("a", int64(1), "b", "x\ty"), math.NaN(),
			},
			{false, 1e300, query.Decimal("-0.01"), nil, nil, nil, nil, []any{}, query.Pairs{}, nil, math.Inf(-1)},
		},
		stats: query.Stats{FilesRead: -1, FilesTotal: -1, BytesScanned: -1, Elapsed: 1500 * time.Millisecond, Warnings: []string{"left out x.parquet: no magic bytes"}},
	}
}

// wide is what SELECT * gives: every column of the record and the four keys.
func wide() *fakeRows {
	f := &fakeRows{stats: stats()}
	var row []any
	for i, c := range (event.Schema{}).Columns() {
		f.columns = append(f.columns, query.Column{Name: c.Name, Type: string(c.Type)})
		switch {
		case c.Type == event.Timestamp:
			row = append(row, time.Date(2026, 7, 5, 9, 0, 0, i*1e6, time.UTC))
		case c.Name == "user_agent":
			row = append(row, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36")
		case i%3 == 0:
			row = append(row, nil)
		default:
			row = append(row, "value of "+c.Name)
		}
	}
	f.rows = [][]any{row, row}
	return f
}

func TestWriteRows(t *testing.T) {
	for name, rows := range map[string]func() *fakeRows{"simple": simple, "types": types, "wide": wide} {
		for _, f := range Formats() {
			t.Run(name+"_"+string(f), func(t *testing.T) {
				golden(t, "rows_"+name+"_"+string(f), rowForms(t, rows, f))
			})
		}
	}
}

// rowForms shows a table in every form; the others are the same at any width.
func rowForms(t *testing.T, rows func() *fakeRows, f Format) string {
	t.Helper()
	write := func(s *Streams) error { return WriteRows(t.Context(), s, rows(), f) }
	if f == FormatTable {
		return forms(t, write)
	}
	var b strings.Builder
	for _, o := range []TestOptions{{}, tty(40)} {
		s := newScreen("", o)
		if err := write(s.Streams); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "=== terminal %v\n%s--- stderr\n%s", o.OutTTY, visible(s.out.String()), visible(s.err.String()))
	}
	return b.String()
}

func TestWriteRowsEmpty(t *testing.T) {
	tests := []struct {
		name  string
		stats query.Stats
		want  string
	}{
		{"filtered", query.Stats{FilesRead: 3, FilesTotal: 9, Elapsed: time.Millisecond}, "no rows, 3 of 9 files, 1 ms\n"},
		{"pruned", query.Stats{FilesRead: 0, FilesTotal: 9}, "no rows: none of 9 files had to be read\n"},
		{"no data", query.Stats{}, "no rows: the lake holds no data yet\n"},
		{"unknown", query.Stats{FilesRead: -1, FilesTotal: -1, Elapsed: 2 * time.Second}, "no rows, 2 s\n"},
	}
	for _, tt := range tests {
		s := newScreen("", TestOptions{OutTTY: true})
		if err := WriteRows(t.Context(), s.Streams, &fakeRows{columns: simple().columns, stats: tt.stats}, FormatTable); err != nil {
			t.Fatal(err)
		}
		if s.out.Len() > 0 || s.err.String() != tt.want {
			t.Errorf("%s: stdout %q, stderr %q", tt.name, s.out, s.err)
		}
	}
}

func TestWriteRowsStreamsBeyondLookAhead(t *testing.T) {
	f := &fakeRows{columns: columnsOf("n", "bigint", "text", "varchar")}
	for i := range lookAhead + 5 {
		f.rows = append(f.rows, []any{int64(i), "short"})
	}
	f.rows[lookAhead+2][1] = strings.Repeat("long ", 10)
	o := tty(80, "NO_COLOR", "1")
	o.Height = 2 * lookAhead
	s := newScreen("", o)
	if err := WriteRows(t.Context(), s.Streams, f, FormatTable); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(s.out.String(), "\n"), "\n")
	if len(lines) != lookAhead+5+2 {
		t.Fatalf("%d lines", len(lines))
	}
	if got := lines[2+lookAhead+2]; got != "1002  long…" {
		t.Errorf("a row after the first ones: %q", got)
	}
}

// A long result stops at the height of the terminal, unread from there on, and
// says how to get all; a pipe and a file get all.
func TestWriteRowsStopsAtAScreenful(t *testing.T) {
	for _, tt := range []struct {
		rows, height, want int
		tty                bool
		format             Format
	}{
		{10_000_000, 40, 35, true, FormatTable},
		{36, 40, 35, true, FormatTable},
		{35, 40, 35, true, FormatTable},
		{100, 5, leastRows, true, FormatTable},
		{100, 40, 100, false, FormatTable},
		{100, 40, 100, true, FormatCSV},
	} {
		endless := &countedRows{fakeRows: fakeRows{columns: columnsOf("n", "bigint"), stats: query.Stats{FilesRead: 1, FilesTotal: 1}}, left: tt.rows}
		s := newScreen("", TestOptions{OutTTY: tt.tty, Height: tt.height})
		if err := WriteRows(t.Context(), s.Streams, endless, tt.format); err != nil {
			t.Fatal(err)
		}
		got := strings.Count(s.out.String(), "7\n")
		more := strings.Contains(s.err.String(), "there are more rows")
		if got != tt.want || more != (tt.want < tt.rows) || endless.closed != more || tt.rows-endless.left > tt.want+1 {
			t.Errorf("%+v: %d rows, %d were read, %s", tt, got, tt.rows-endless.left, s.err)
		}
	}
}

// countedRows gives a number of rows and notes how many were taken.
type countedRows struct {
	fakeRows
	left   int
	closed bool
}

func (c *countedRows) Next(context.Context) ([]any, error) {
	if c.left == 0 {
		return nil, io.EOF
	}
	c.left--
	return []any{int64(7)}, nil
}

func (c *countedRows) Close() error {
	c.closed = true
	return nil
}

func TestCSVReadsBack(t *testing.T) {
	values := []string{"", "a", `q"q`, "a,b", "x\ny", "cr\rlf", " lead", "trail ", "=1+1", "ünï", "\x1b[31m"}
	f := &fakeRows{columns: columnsOf("a", "varchar", "b", "varchar")}
	for _, v := range values {
		f.rows = append(f.rows, []any{v, nil})
	}
	s := newScreen("", TestOptions{})
	if err := WriteRows(t.Context(), s.Streams, f, FormatCSV); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(s.out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		if got[i+1][0] != v || got[i+1][1] != "" {
			t.Errorf("%q came back as %q", v, got[i+1])
		}
	}
}

func TestJSONIsOneDocument(t *testing.T) {
	for name, rows := range map[string]*fakeRows{"types": types(), "empty": {columns: simple().columns}, "hostile": hostileRows()} {
		s := newScreen("", TestOptions{})
		if err := WriteRows(t.Context(), s.Streams, rows, FormatJSON); err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Columns []query.Column
			Rows    [][]any
			Stats   struct{ Rows int }
		}
		dec := json.NewDecoder(s.out)
		if err := dec.Decode(&doc); err != nil || dec.More() {
			t.Fatalf("%s: %v", name, err)
		}
		if len(doc.Rows) != len(rows.rows) || doc.Stats.Rows != len(rows.rows) || len(doc.Columns) != len(rows.columns) {
			t.Errorf("%s: got %+v", name, doc)
		}
	}
}

func TestWriteRowsErrors(t *testing.T) {
	broken := fmt.Errorf("read result: connection closed: %w", io.EOF) // no end of the rows
	for _, f := range Formats() {
		s := newScreen("", tty(80))
		rows := simple()
		rows.err = broken
		if err := WriteRows(t.Context(), s.Streams, rows, f); !errors.Is(err, broken) {
			t.Errorf("%s: got %v", f, err)
		}
		if f == FormatJSON && json.Valid(s.out.Bytes()) {
			t.Error("a broken result looks like a whole document")
		}
	}
	s := newScreen("", tty(80))
	if err := WriteRows(t.Context(), s.Streams, simple(), "xml"); fault.KindOf(err) != fault.Usage {
		t.Errorf("unknown format: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := WriteRows(ctx, s.Streams, simple(), FormatCSV); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// Rows of more than the buffer fail while they are written, and the rest of the
// buffer fails again.
func TestWriteRowsTellsAFailedWriteOnce(t *testing.T) {
	f := &fakeRows{columns: columnsOf("text", "varchar")}
	for range 100 {
		f.rows = append(f.rows, []any{strings.Repeat("x", 1<<10)})
	}
	s := newScreen("", TestOptions{})
	s.Out = newOutput(fullDisk{}, false, nil, Settings{Env: env()})
	err := WriteRows(t.Context(), s.Streams, f, FormatCSV)
	if err == nil || strings.Count(err.Error(), "no space left") != 1 {
		t.Errorf("got %v", err)
	}
}

func TestUniqueNames(t *testing.T) {
	var cols []query.Column
	for _, n := range []string{"a", "a", "a_2", "a", "b"} {
		cols = append(cols, query.Column{Name: n})
	}
	if got := strings.Join(uniqueNames(cols), " "); got != "a a_3 a_2 a_4 b" {
		t.Errorf("got %s", got)
	}
}

func BenchmarkWriteRows(b *testing.B) {
	for _, f := range Formats() {
		b.Run(string(f), func(b *testing.B) {
			row := simple().rows[0]
			rows := make([][]any, 10000)
			for i := range rows {
				rows[i] = row
			}
			s := Test(io.Discard, io.Discard, nil, TestOptions{OutTTY: f == FormatTable})
			b.ReportAllocs()
			for b.Loop() {
				r := &fakeRows{columns: simple().columns, rows: rows}
				if err := WriteRows(b.Context(), s, r, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
