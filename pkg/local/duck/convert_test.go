//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/reject"
)

func TestConvertWritesOneFileForEachHour(t *testing.T) {
	for _, c := range []struct{ rows, hours int }{{1, 1}, {3, 1}, {500, 3}, {600, 170}} {
		t.Run(fmt.Sprintf("%d rows in %d hours", c.rows, c.hours), func(t *testing.T) {
			src, done := stage(t, segment(t, c.rows, c.hours))
			if want := (Converted{Rows: int64(c.rows)}); done != want {
				t.Errorf("got %+v, want %+v", done, want)
			}
			if len(src.Files) != c.hours {
				t.Errorf("got %d files, want %d", len(src.Files), c.hours)
			}
			for _, f := range src.Files {
				if want := filepath.Join(src.Data, filepath.FromSlash(f.Hour.Path()), "seg-1.parquet"); f.Path != want {
					t.Errorf("got %s, want %s", f.Path, want)
				}
			}
			if n, err := CountRows(context.Background(), paths(src)); err != nil || n != int64(c.rows) {
				t.Errorf("CountRows: got %d, %v", n, err)
			}
			left, err := os.ReadDir(filepath.Dir(src.Data))
			if err != nil || len(left) != 1 {
				t.Errorf("staging holds %v %v, want data only", left, err)
			}
		})
	}
}

func paths(src Source) []string {
	var out []string
	for _, f := range src.Files {
		out = append(out, f.Path)
	}
	return out
}

func TestParquetHasTheColumnsInOrder(t *testing.T) {
	src, _ := stage(t, segment(t, 5, 1))
	db, err := openDatabase(context.Background(), 1, convertMemory, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.close() }()
	e := &Engine{db: db}
	res := mustAskDuck(t, e, "DESCRIBE SELECT * FROM read_parquet("+quote(src.Files[0].Path)+", hive_partitioning = false)")
	var names []string
	for _, row := range res.rows {
		names = append(names, fmt.Sprint(row[0]))
	}
	if !slices.Equal(names, (event.Schema{}).Names()) {
		t.Errorf("got %v, want %v", names, (event.Schema{}).Names())
	}
}

func TestConvertKeepsEveryValue(t *testing.T) {
	r := record(7, firstHour)
	r.PageTitle = "quote \" back\\slash \n newline \u00e9 \u65e5\u672c \U0001F600"
	r.ClientTS = event.MillisOf(firstHour) + 123
	r.Params = []event.Param{{Key: "b", Value: ""}, {Key: "a", Value: "\u2028\t"}}
	src, _ := stage(t, lines(t, string(r.AppendLine(nil))))
	files, spool := open(t, src), open(t, Source{Spool: []string{lines(t, string(r.AppendLine(nil)))}})
	sql := "SELECT * FROM tp_hits"
	got, want := mustAsk(t, files, sql).rows, mustAsk(t, spool, sql).rows
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("file and spool differ:\n%v\n%v", got, want)
	}
	if title := one(t, files, "SELECT page_title FROM tp_hits"); title != r.PageTitle {
		t.Errorf("got %q, want %q", title, r.PageTitle)
	}
	if ms := one(t, files, "SELECT millisecond(client_ts) FROM tp_hits"); ms != int64(123) {
		t.Errorf("got %v milliseconds, want 123", ms)
	}
}

const good = `{"event_id":"a","received_at":"2026-07-05 09:10:00.123"`

func TestBadLines(t *testing.T) {
	cases := []struct{ name, line, code string }{
		{"torn", `{"event_id":"a","rec`, reject.ParseError},
		{"text", "hello", reject.ParseError},
		{"garbage of 1 MB", strings.Repeat("x", 1<<20), reject.ParseError},
		{"NUL bytes", "\x00\x00\x00", reject.ParseError},
		{"NUL in a string", good + ",\"label\":\"a\x00b\"}", reject.ParseError},
		{"invalid UTF-8", good + ",\"label\":\"\xff\xfe\"}", reject.ParseError},
		{"half a surrogate pair", good + `,"label":"\ud800"}`, reject.ParseError},
		{"empty", "", reject.ParseError},
		{"blank", "  ", reject.ParseError},
		{"array", "[1]", reject.ParseError},
		{"array of records", "[" + good + "}]", reject.ParseError},
		{"number", "5", reject.ParseError},
		{"null", "null", reject.ParseError},
		{"two objects", good + "}" + good + "}", reject.ParseError},
		{"comma at the end", good + ",}", reject.ParseError},
		{"NaN", good + `,"value":NaN}`, reject.ParseError},
		{"deep", good + `,"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", reject.ParseError},
		{"no event_id", `{"received_at":"2026-07-05 09:10:00.123"}`, reject.MalformedData},
		{"null event_id", `{"event_id":null,"received_at":"2026-07-05 09:10:00.123"}`, reject.MalformedData},
		{"number as event_id", `{"event_id":5,"received_at":"2026-07-05 09:10:00.123"}`, reject.MalformedData},
		{"no received_at", `{"event_id":"a"}`, reject.MalformedData},
		{"no timestamp", `{"event_id":"a","received_at":"nope"}`, reject.MalformedData},
		{"ISO timestamp", `{"event_id":"a","received_at":"2026-07-05T09:10:00Z"}`, reject.MalformedData},
		{"no such day", `{"event_id":"a","received_at":"2026-02-30 09:10:00.123"}`, reject.MalformedData},
		{"year 0", `{"event_id":"a","received_at":"0000-01-01 09:10:00.123"}`, reject.MalformedData},
		{"text for an int", good + `,"screen_width":"xx"}`, reject.MalformedData},
		{"quoted int", good + `,"screen_width":"12"}`, reject.MalformedData},
		{"fraction for an int", good + `,"screen_width":1.5}`, reject.MalformedData},
		{"int too large", good + `,"screen_width":3000000000}`, reject.MalformedData},
		{"double too large", good + `,"value":1e999}`, reject.MalformedData},
		{"int for a boolean", good + `,"dnt":1}`, reject.MalformedData},
		{"object for a string", good + `,"label":{"a":1}}`, reject.MalformedData},
		{"string for a map", good + `,"params":"x"}`, reject.MalformedData},
		{"number in a map", good + `,"params":{"a":1}}`, reject.MalformedData},
		{"column twice", good + `,"label":"a","label":"b"}`, reject.MalformedData},
		{"column twice, escaped", good + `,"label":"a","l\u0061bel":"b"}`, reject.MalformedData},
		{"good", good + "}", ""},
		{"spaces", " { \"event_id\" : \"a\" , \"received_at\" : \"2026-07-05 09:10:00\" } \r", ""},
		{"unknown keys", good + `,"x":[1,{"y":null}],"z":"12","x":1}`, ""},
		{"nulls", good + `,"label":null,"params":null,"value":null,"dnt":null}`, ""},
		{"null in a map", good + `,"params":{"a":null}}`, ""},
		{"escapes", good + `,"label":"\ud83d\ude00\u00e9\n\/"}`, ""},
		{"escaped NUL", good + `,"label":"a\u0000b"}`, ""},
		{"exponent", good + `,"value":-1.5E-3}`, ""},
		{"carriage return within", good + ",\r\"label\":\"x\"}", ""},
		{"nanoseconds", `{"event_id":"a","received_at":"2026-07-05 09:59:59.999999999"}`, ""},
		{"same key twice in a map", good + `,"params":{"a":"1","a":"2"}}`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			content := good + "}\n" + c.line + "\n" + good + "}\n"
			staging := t.TempDir()
			done, err := Convert(context.Background(), ConvertOptions{Source: lines(t, content), Staging: staging, Name: "s"})
			if err != nil {
				t.Fatal(err)
			}
			want := Converted{Rows: 2, Errors: 1}
			if c.code == "" {
				want = Converted{Rows: 3}
			}
			if done != want {
				t.Errorf("got %+v, want %+v", done, want)
			}
			rows, err := CountRows(context.Background(), paths(sourceOf(t, staging)))
			if err != nil || rows != want.Rows {
				t.Errorf("Parquet holds %d rows, %v; want %d", rows, err, want.Rows)
			}
			checkErrorFile(t, staging, c.code, c.line)
		})
	}
}

func checkErrorFile(t *testing.T, staging, code, line string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(staging, filepath.FromSlash(reject.FileName("s"))))
	if code == "" {
		if !os.IsNotExist(err) {
			t.Errorf("error file for a good line: %s %v", b, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := reject.ParseErrorLine(bytes.TrimSpace(b))
	if err != nil {
		t.Fatal(err)
	}
	if l.LastErrorCode != code || string(l.RawData) != line || l.ArrivalTimestamp == 0 || l.LastErrorMessage == "" {
		t.Errorf("got %s %q for %.60q", l.LastErrorCode, l.LastErrorMessage, l.RawData)
	}
	if l.DataCatalogTable.DatabaseName != lake.Database || l.DataCatalogTable.TableName != lake.Table {
		t.Errorf("got table %+v", l.DataCatalogTable)
	}
}

func TestArrivalTimeOfBadLine(t *testing.T) {
	staging := t.TempDir()
	content := good + `,"dnt":1}` + "\nhello\n"
	at := firstHour.Add(5)
	_, err := Convert(context.Background(), ConvertOptions{Source: lines(t, content), Staging: staging, Name: "s", At: at})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(staging, filepath.FromSlash(reject.FileName("s"))))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{firstHour.UnixMilli() + 600_123, at.UnixMilli()} {
		l, err := reject.ParseErrorLine(bytes.Split(b, []byte("\n"))[i])
		if err != nil || l.ArrivalTimestamp != want || l.AttemptEndingTimestamp != at.UnixMilli() {
			t.Errorf("line %d: got %+v, %v; want arrival %d", i, l, err, want)
		}
	}
}

func TestConvertOfNothing(t *testing.T) {
	for content, bad := range map[string]int64{"": 0, "\n \n\r\n": 3, "x": 1} {
		t.Run(strconv.Quote(content), func(t *testing.T) {
			src, done := stage(t, lines(t, content))
			if done.Rows != 0 || done.Errors != bad || len(src.Files) != 0 {
				t.Errorf("got %+v and files %v", done, src.Files)
			}
		})
	}
}

func TestConvertAgainGivesTheSame(t *testing.T) {
	staging := t.TempDir()
	o := ConvertOptions{Source: lines(t, good+"}\nbad\n"), Staging: staging, Name: "s"}
	for range 2 {
		if done, err := Convert(context.Background(), o); err != nil || done != (Converted{Rows: 1, Errors: 1}) {
			t.Fatalf("got %+v, %v", done, err)
		}
		checkErrorFile(t, staging, reject.ParseError, "bad")
	}
	if src := sourceOf(t, staging); len(src.Files) != 1 {
		t.Errorf("got %v", src.Files)
	}
}

func TestConvertFailsWithoutSegment(t *testing.T) {
	_, err := Convert(context.Background(), ConvertOptions{Source: "/nonexistent/x.ndjson", Staging: t.TempDir(), Name: "s"})
	if err == nil || !strings.Contains(err.Error(), "/nonexistent/x.ndjson") {
		t.Errorf("got %v", err)
	}
}

// FuzzChecker holds that what the check lets pass is JSON and that DuckDB
// takes it: a line must never stop a whole segment.
func FuzzChecker(f *testing.F) {
	for _, s := range []string{
		good + "}", good + `,"label":"\ud83d\ude00"}`, good + `,"params":{"a":"b"},"value":1e3,"x":[1,{}]}`, "[]", `{"a":"\u0000"}`,
		`{"event_id":"a","received_at":"2026-07-05 09:10:00"}`, good + `,"screen_width":-0}`, good + `,"l\u0061bel":"x"}`,
	} {
		f.Add([]byte(s))
	}
	check := reject.NewChecker(event.Schema{})
	f.Fuzz(func(t *testing.T, line []byte) {
		line = bytes.ReplaceAll(line, []byte("\n"), nil)
		_, bad := check.Line(line)
		if bad.Code != reject.ParseError && !json.Valid(line) {
			t.Fatalf("%q is not JSON", line)
		}
		if bad.Code != "" {
			return
		}
		done, err := Convert(t.Context(), ConvertOptions{Source: lines(t, string(line)), Staging: t.TempDir(), Name: "s"})
		if err != nil || done.Rows != 1 {
			t.Fatalf("%q: %+v %v", line, done, err)
		}
	})
}
