package athena

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

func TestTypes(t *testing.T) {
	at := func(h, m, s, ns int) time.Time { return time.Date(2026, 10, 10, h, m, s, ns, time.UTC) }
	tests := []struct {
		kind, text, name string
		want             any
	}{
		{"boolean", "true", "boolean", true},
		{"boolean", "false", "boolean", false},
		{"boolean", "maybe", "boolean", "maybe"},
		{"tinyint", "-128", "tinyint", int64(-128)},
		{"smallint", "7", "smallint", int64(7)},
		{"integer", "42", "integer", int64(42)},
		{"bigint", "9223372036854775807", "bigint", int64(math.MaxInt64)},
		{"bigint", "9223372036854775808", "bigint", "9223372036854775808"},
		{"float", "1.5", "real", 1.5},
		{"double", "1.0E-10", "double", 1e-10},
		{"double", "Infinity", "double", math.Inf(1)},
		{"double", "-Infinity", "double", math.Inf(-1)},
		{"double", "far", "double", "far"},
		{"decimal", "12345678.90", "decimal(12,2)", query.Decimal("12345678.90")},
		{"varchar", "héllo", "varchar", "héllo"},
		{"varchar", "", "varchar", ""},
		{"char", "ab  ", "varchar", "ab  "},
		{"string", "x", "varchar", "x"},
		{"date", "2026-10-10", "date", at(0, 0, 0, 0)},
		{"date", "+12026-10-10", "date", "+12026-10-10"},
		{"timestamp", "2026-10-10 12:34:56.123", "timestamp", at(12, 34, 56, 123e6)},
		{"timestamp", "2026-10-10 12:34:56", "timestamp", at(12, 34, 56, 0)},
		{"timestamp with time zone", "2026-10-10 12:34:56.123 +07:00", "timestamp with time zone", at(5, 34, 56, 123e6)},
		{"timestamp with time zone", "2026-10-10 12:34:56.5 -07:30", "timestamp with time zone", at(20, 4, 56, 5e8)},
		{"timestamp with time zone", "2026-10-10 12:34:56 UTC", "timestamp with time zone", at(12, 34, 56, 0)},
		{"timestamp with time zone", "2026-10-10 12:34:56 Nowhere/Land", "timestamp with time zone", "2026-10-10 12:34:56 Nowhere/Land"},
		{"timestamp with time zone", "2026-10-10 12:34:56 Local", "timestamp with time zone", "2026-10-10 12:34:56 Local"},
		{"timestamp with time zone", "soon UTC", "timestamp with time zone", "soon UTC"},
		{"timestamp with time zone", "soon", "timestamp with time zone", "soon"},
		{"varbinary", "de ad be ef", "varbinary", []byte{0xde, 0xad, 0xbe, 0xef}},
		{"varbinary", "", "varbinary", []byte{}},
		{"varbinary", "xyz", "varbinary", "xyz"},
		{"time", "12:34:56.123", "time", "12:34:56.123"},
		{"interval day to second", "1 00:00:00.000", "interval", "1 00:00:00.000"},
		{"interval year to month", "1-0", "interval", "1-0"},
		{"array", "[a,b, c\"d]", "array", "[a,b, c\"d]"},
		{"map", "{k,1=v\"2}", "map", "{k,1=v\"2}"},
		{"row", "{a=x,y, b=z}", "row", "{a=x,y, b=z}"},
		{"json", `{"a":1}`, "json", `{"a":1}`},
		{"uuid", "0d1e", "uuid", "0d1e"},
		{"unknown", null, "unknown", nil},
		{"integer", null, "integer", nil},
	}
	for _, tt := range tests {
		s := newScript(t)
		s.on("GetQueryResults", page("", []string{"v " + tt.kind}, []string{"v"}, []string{tt.text}))
		r, err := s.engine(Options{}).Query(t.Context(), "SELECT v")
		if err != nil {
			t.Fatal(err)
		}
		if c := r.Columns(); len(c) != 1 || c[0] != (query.Column{Name: "v", Type: tt.name}) {
			t.Errorf("%s: columns %v, want %s", tt.kind, c, tt.name)
		}
		all, err := collect(t.Context(), r)
		if err != nil || len(all) != 1 || !reflect.DeepEqual(all[0][0], tt.want) {
			t.Errorf("%s %q: %#v, %v, want %#v", tt.kind, tt.text, all, err, tt.want)
		}
	}
	if f, ok := float("NaN").(float64); !ok || !math.IsNaN(f) {
		t.Errorf("NaN: %v", f)
	}
	if v, ok := zoned("2026-10-10 12:34:56 Europe/Paris").(time.Time); ok && !v.Equal(at(10, 34, 56, 0)) {
		t.Errorf("Paris: %v", v)
	}
}

// FuzzTimestamp holds the quick way to package time.
func FuzzTimestamp(f *testing.F) {
	for _, s := range []string{"2026-10-10 12:34:56.123", "2024-02-29 00:00:00.000", "2023-02-29 00:00:00.000", "2026-13-01 00:00:00.000", "2026-00-10 24:60:60.000", "20x6-10-10 12:34:56.12/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := instant(s, time.DateTime, time.UTC)
		if got := timestamp(s); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}
	})
}

func TestHeaderIsSkippedByTheKindOfStatement(t *testing.T) {
	tests := []struct {
		name      string
		execution any
		page      any
		want      [][]any
	}{
		{"a SELECT of its own header", execution("SUCCEEDED", nil), page("", []string{"a varchar"}, []string{"a"}, []string{"a"}), [][]any{{"a"}}},
		{"a SELECT without rows", execution("SUCCEEDED", nil), page("", []string{"a varchar"}, []string{"a"}), nil},
		{"nothing at all", execution("SUCCEEDED", nil), page("", []string{"a varchar"}), nil},
		{"SHOW", utility("SHOW_PARTITIONS"), page("", []string{"partition string"}, []string{"partition"}, []string{"year=2026"}), [][]any{{"partition"}, {"year=2026"}}},
		{"SHOW pads", utility("SHOW_COLUMNS"), page("", []string{"field string"}, []string{"event_id            "}), [][]any{{"event_id"}}},
		{
			"DESCRIBE joins", utility("DESCRIBE_TABLE"), page("", []string{"col_name string", "data_type string", "comment string"},
				[]string{"event_id            \tstring              \t                    "}, []string{""}, []string{null}),
			[][]any{{"event_id", "string", ""}, {"", nil, nil}, {nil, nil, nil}},
		},
	}
	for _, tt := range tests {
		s := newScript(t)
		s.on("GetQueryExecution", tt.execution)
		s.on("GetQueryResults", tt.page)
		if all, _ := ask(t, s.engine(Options{}), "SELECT a"); !reflect.DeepEqual(all, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, all, tt.want)
		}
	}
}

var two = []string{"a varchar", "n bigint"}

// large makes s answer with n rows, by pages and as an object.
func large(s *script, n int) (want [][]any) {
	rows := [][]any{{"a", "n"}}
	for i := range n {
		a := any(fmt.Sprintf("value \"%d\"\n, é", i))
		switch i % 5 {
		case 1:
			a = nil
		case 2:
			a = ""
		}
		rows = append(rows, []any{a, fmt.Sprint(i)})
		want = append(want, []any{a, int64(i)})
	}
	s.object = []byte(writeCSV(rows))
	texts := make([][]string, len(rows))
	for i, r := range rows {
		for _, v := range r {
			if v == nil {
				v = null
			}
			texts[i] = append(texts[i], fmt.Sprint(v))
		}
	}
	s.answer("GetQueryResults", func(in map[string]any) any {
		from := 0
		if token, ok := in["NextToken"].(string); ok {
			if _, err := fmt.Sscan(token, &from); err != nil {
				return wire.Error{Code: "InvalidRequestException", Message: "INVALID_INPUT|Malformed nextPageToken"}
			}
		}
		most, ok := in["MaxResults"].(float64)
		if !ok || most > 1000 {
			return wire.Error{Code: "InvalidRequestException", Message: "INVALID_INPUT|MaxResults is more than maximum allowed length 1000"}
		}
		to, next := from+int(most), ""
		if to < len(texts) {
			next = fmt.Sprint(to)
		}
		return page(next, two, texts[from:min(to, len(texts))]...)
	})
	return want
}

// small has an engine read by small chunks.
func small(e *Engine, chunk int64, parallel int) *Engine {
	e.fetch = fetch{chunk, parallel}
	return e
}

func TestLargeResultsComeFromTheObject(t *testing.T) {
	s := newScript(t)
	want := large(s, 2500)
	for _, chunk := range []int64{61, 1000, 4096, int64(len(s.object)) - 1, int64(len(s.object)), 1 << 20} {
		for _, parallel := range []int{1, 3, 6} {
			all, stats := ask(t, small(s.engine(Options{}), chunk, parallel), "SELECT a, n FROM t")
			if !reflect.DeepEqual(all, want) || len(stats.Warnings) > 0 {
				t.Errorf("chunks of %d, %d at a time: %d rows, warnings %q", chunk, parallel, len(all), stats.Warnings)
			}
		}
	}
	if asked := s.asked(); asked[len(asked)-1] != "bytes=0-1048575" {
		t.Errorf("last range %s", asked[len(asked)-1])
	}
	if n, runs := len(s.made("GetQueryResults")), len(s.made("StartQueryExecution")); n != runs {
		t.Errorf("%d pages for %d queries", n, runs)
	}
}

func TestSmallResultsAskNoObject(t *testing.T) {
	s := newScript(t)
	want := large(s, 999)
	all, _ := ask(t, s.engine(Options{}), "SELECT a, n FROM t")
	if !reflect.DeepEqual(all, want) || len(s.asked()) > 0 {
		t.Errorf("%d rows, ranges %v", len(all), s.asked())
	}
}

func TestResultsWithoutAnObjectAreRead(t *testing.T) {
	for name, change := range map[string]func(e map[string]any){
		"managed": func(e map[string]any) { delete(e, "ResultConfiguration") },
		"text": func(e map[string]any) {
			e["ResultConfiguration"] = map[string]any{"OutputLocation": "s3://results/x.txt"}
		},
	} {
		s := newScript(t)
		want := large(s, 2500)
		s.on("GetQueryExecution", execution("SUCCEEDED", change))
		all, stats := ask(t, s.engine(Options{}), "SELECT a, n FROM t")
		if !reflect.DeepEqual(all, want) || len(s.asked()) > 0 || len(stats.Warnings) > 0 {
			t.Errorf("%s: %d rows, ranges %v, warnings %q", name, len(all), s.asked(), stats.Warnings)
		}
	}
}

func TestAnObjectThatCannotBeReadIsPaged(t *testing.T) {
	tests := map[string]func(s *script){
		"AccessDenied":                    func(s *script) { s.denied = &wire.Error{Code: "AccessDenied", Message: "Access Denied"} },
		"does not exist":                  func(s *script) { s.object = nil },
		"3 values for 2 columns":          func(s *script) { s.object = []byte("\"a\",\"n\",\"x\"\n") },
		"range not satisfiable, or empty": func(s *script) { s.object = []byte{} },
	}
	for name, change := range tests {
		s := newScript(t)
		want := large(s, 2500)
		change(s)
		all, stats := ask(t, s.engine(Options{}), "SELECT a, n FROM t")
		if !reflect.DeepEqual(all, want) || len(stats.Warnings) != 1 || !strings.Contains(stats.Warnings[0], "page by page") {
			t.Errorf("%s: %d rows, warnings %q", name, len(all), stats.Warnings)
		}
		if !strings.Contains(name, "range") && !strings.Contains(strings.Join(stats.Warnings, ""), name) {
			t.Errorf("%s: warnings %q", name, stats.Warnings)
		}
	}
}

func TestBodiesThatBreakOffAreReadOn(t *testing.T) {
	s := newScript(t)
	want := large(s, 2500)
	s.cut = func(from, to int64) int64 { return max((to-from)*2/3, 1) }
	all, _ := ask(t, small(s.engine(Options{}), 4096, 3), "SELECT a, n FROM t")
	if !reflect.DeepEqual(all, want) {
		t.Errorf("%d rows", len(all))
	}
	ranges := s.asked()
	if !slices.Contains(ranges, "bytes=2730-4095") || slices.Contains(ranges[1:], "bytes=0-4095") {
		t.Errorf("ranges %v", ranges[:10])
	}
}

func TestABodyThatAlwaysBreaksIsAnError(t *testing.T) {
	s := newScript(t)
	large(s, 2500)
	s.cut = func(from, _ int64) int64 {
		if from < 8192 {
			return math.MaxInt64
		}
		return 0
	}
	r, err := small(s.engine(Options{}), 4096, 2).Query(t.Context(), "SELECT a, n FROM t")
	if err != nil {
		t.Fatal(err)
	}
	all, err := collect(t.Context(), r)
	if err == nil || !strings.Contains(err.Error(), "read byte 8192 of results/"+queryID+".csv of bucket results") || len(all) == 0 {
		t.Errorf("%d rows, %v", len(all), err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestAnObjectThatChangesIsAnError(t *testing.T) {
	s := newScript(t)
	large(s, 2500)
	s.cut = func(int64, int64) int64 {
		s.mu.Lock()
		s.etag = `"two"`
		s.mu.Unlock()
		return math.MaxInt64
	}
	r, err := small(s.engine(Options{}), 4096, 1).Query(t.Context(), "SELECT a, n FROM t")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = collect(t.Context(), r); err == nil || !strings.Contains(err.Error(), "pre-conditions") {
		t.Errorf("%v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestClosingEarlyAndEndOfContext(t *testing.T) {
	s := newScript(t)
	large(s, 20000)
	r, err := small(s.engine(Options{}), 4096, 3).Query(t.Context(), "SELECT a, n FROM t")
	if err != nil {
		t.Fatal(err)
	}
	ctx := &endable{Context: t.Context(), done: make(chan struct{})}
	if row, err := r.Next(ctx); err != nil || len(row) != 2 {
		t.Fatalf("%v, %v", row, err)
	}
	ctx.end(errors.New("enough"))
	if _, err := r.Next(ctx); err == nil || err.Error() != "enough" {
		t.Errorf("%v", err)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
	if n := len(s.asked()); n > 16 {
		t.Errorf("%d chunks of %d read for one row", n, len(s.object)/4096)
	}
	if stats := r.Stats(); stats.BytesScanned != 5<<20 || stats.Dollars == 0 {
		t.Errorf("%+v", stats)
	}
}

func TestAPageThatFailsIsAnError(t *testing.T) {
	s := newScript(t)
	s.on("GetQueryExecution", utility("SHOW_TABLES"))
	denied := wire.Error{Code: "AccessDeniedException", Message: "User: u is not authorized to perform: s3:GetObject on resource: r"}
	s.on("GetQueryResults", denied)
	if _, err := s.engine(Options{}).Query(t.Context(), "SHOW TABLES"); fault.KindOf(err) != fault.Credentials || !strings.Contains(err.Error(), "read result of query "+queryID) {
		t.Errorf("%v", err)
	}
	s.on("GetQueryResults", map[string]any{})
	if _, err := s.engine(Options{}).Query(t.Context(), "SHOW TABLES"); err == nil || !strings.Contains(err.Error(), "names no columns") {
		t.Errorf("%v", err)
	}
	for _, second := range []any{denied, page("", []string{"t string"}, []string{"a", "b"})} {
		s.on("GetQueryResults", page("more", []string{"t string"}, []string{"a"}), second)
		r, err := s.engine(Options{}).Query(t.Context(), "SHOW TABLES")
		if err != nil {
			t.Fatal(err)
		}
		if all, err := collect(t.Context(), r); err == nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
	}
}
