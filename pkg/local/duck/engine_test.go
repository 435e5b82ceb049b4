//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query/dialect"
)

func TestLakeAndSpool(t *testing.T) {
	src, _ := stage(t, segment(t, 240, 24))
	var spool []byte
	for i := 200; i < 250; i++ { // 40 of them are in the lake already
		spool = record(i, firstHour).AppendLine(spool)
	}
	spool = append(spool, []byte(`{"event_id":"torn","received_at":"2026-0`)...)
	src.Spool = []string{lines(t, string(spool))}
	e := open(t, src)

	for sql, want := range map[string]int64{
		"SELECT count(*) FROM tp_hits":                                          290,
		"SELECT count(*) FROM pixelctl.tp_hits":                                 290,
		"SELECT count(*) FROM hits WHERE day = 5 AND hour = 9":                  60,
		"SELECT count(*) FROM people":                                           0,
		"SELECT count(*) FROM opens":                                            0,
		"SELECT count(*) FROM pixelctl.seed_view":                               290,
		"SELECT count(*) FROM tp_hits WHERE element_at(params, 'plan') = 'pro'": 290,
		"SELECT count(*) FROM tp_hits WHERE hour(received_at) <> hour":          0,
	} {
		if got := one(t, e, sql); got != want {
			t.Errorf("%s: got %v, want %d", sql, got, want)
		}
	}
}

// A query over the spool must live with whatever a crash or a stranger left.
func TestBadLinesInTheSpool(t *testing.T) {
	for name, bad := range map[string]string{
		"text": "hello", "array": "[1]", "null": "null", "number": "5", "NUL bytes": "\x00\x00", "blank": " ",
		"invalid UTF-8": good + ",\"label\":\"\xff\"}",
		"long":          strings.Repeat("x", maxLine+10),
		"no time":       `{"event_id":"a"}`, "two objects": good + "}" + good + "}", "torn": good + `,"la`,
	} {
		t.Run(name, func(t *testing.T) {
			e := open(t, Source{Spool: []string{lines(t, good+"}\n"+bad+"\n"+good+"}\n"), lines(t, good+"}\n"+bad)}})
			if got := one(t, e, "SELECT count(*) FROM tp_hits"); got != int64(3) {
				t.Errorf("got %v rows, want 3", got)
			}
		})
	}
}

func TestColumnsOfTable(t *testing.T) {
	full, _ := stage(t, segment(t, 10, 1))
	spool := Source{Spool: []string{segment(t, 10, 1)}}
	for name, src := range map[string]Source{"files": full, "spool": spool, "empty": {}} {
		t.Run(name, func(t *testing.T) {
			res := mustAsk(t, open(t, src), "SELECT * FROM tp_hits")
			columns := event.Schema{}.Columns()
			if len(res.columns) != len(columns)+4 {
				t.Fatalf("got %d columns, want %d", len(res.columns), len(columns)+4)
			}
			want := map[event.Type]string{
				event.String: "varchar", event.Int: "integer", event.Double: "double", event.Boolean: "boolean",
				event.Timestamp: "timestamp", event.Map: "map(varchar, varchar)",
			}
			for i, c := range columns {
				if got := res.columns[i]; got.Name != c.Name || got.Type != want[c.Type] {
					t.Errorf("column %d: got %v, want %s %s", i, got, c.Name, want[c.Type])
				}
			}
			for _, c := range res.columns[len(columns):] {
				if c.Type != "integer" {
					t.Errorf("partition key %s: got %s, want integer", c.Name, c.Type)
				}
			}
		})
	}
}

func TestPartitionsArePruned(t *testing.T) {
	src, _ := stage(t, segment(t, 240, 24))
	src.Spool = []string{segment(t, 10, 1)}
	e := open(t, src)
	for sql, want := range map[string]int64{
		"SELECT count(*) FROM tp_hits":                                                                                       24,
		"SELECT count(*) FROM tp_hits WHERE hour = 10 AND day = 5":                                                           1,
		"SELECT count(*) FROM hits WHERE day = 6":                                                                            9,
		"SELECT count(*) FROM people WHERE day = 6 AND hour < 3":                                                             3,
		"SELECT count(*) FROM pixelctl.opens WHERE year = 2025":                                                              0,
		"SELECT count(*) FROM tp_hits WHERE day = 6 AND received_at IN (SELECT max(received_at) FROM tp_hits WHERE day = 6)": 9,
		"SELECT count(*) FROM tp_hits WHERE day = 5 AND hour = 10 AND site <> ', Scanning Files= File Filters='":             1,
		"SELECT count(*) FROM tp_hits WHERE day = 6 UNION ALL SELECT count(*) FROM tp_hits WHERE day = 5 AND hour = 10":      10,
		"SELECT 1": 0,
		"SELECT count(*) FROM information_schema.columns": 0,
	} {
		stats := mustAsk(t, e, sql).stats
		if stats.FilesRead != want || stats.FilesTotal != 24 || stats.BytesScanned != -1 || stats.Elapsed <= 0 {
			t.Errorf("%s: got %+v, want %d files of 24", sql, stats, want)
		}
	}
}

// All rows of an answer are computed before the first is read, so an engine
// that is read for a screenful must not be asked for more.
func TestAnswerOfAScreenful(t *testing.T) {
	src, _ := stage(t, segment(t, 24, 2))
	e := open(t, src)
	e.options.Native, e.options.Most = true, 3
	for sql, want := range map[string][]any{
		"SELECT 1 FROM range(10000000) CROSS JOIN range(10000000)":                      {int64(1), int64(1), int64(1)},
		"WITH a AS (SELECT i FROM range(100) t(i)) SELECT i FROM a ORDER BY i DESC; --": {int64(99), int64(98), int64(97)},
		"(SELECT 1) UNION ALL SELECT 2 ORDER BY 1":                                      {int64(1), int64(2)},
		"VALUES (1), (2), (3), (4)":                                                     {int64(1), int64(2), int64(3)},
	} {
		var got []any
		for _, row := range mustAsk(t, e, sql).rows {
			got = append(got, row[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", sql, got, want)
		}
	}
	if rows := mustAsk(t, e, "DESCRIBE tp_hits").rows; len(rows) < 10 {
		t.Errorf("a table of %d columns", len(rows))
	}
}

func TestFilesThatAreNotParquetAreLeftOut(t *testing.T) {
	src, _ := stage(t, segment(t, 50, 5))
	whole, err := os.ReadFile(src.Files[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	for i, content := range [][]byte{[]byte("hello"), whole[:len(whole)-4], append([]byte("PAR1"), []byte("\xff\xff\xff\x7fPAR1")...)} {
		if err := os.WriteFile(src.Files[i].Path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	res := mustAsk(t, open(t, src), "SELECT count(*) FROM tp_hits")
	if res.rows[0][0] != int64(20) || len(res.stats.Warnings) != 3 {
		t.Errorf("got %v rows, warnings %q; want 20 rows and 3 warnings", res.rows[0][0], res.stats.Warnings)
	}
	if w := res.stats.Warnings[0]; !strings.Contains(w, "year=2026/month=7/day=5/hour=9/seg-1.parquet") {
		t.Errorf("warning does not name the file: %s", w)
	}
}

// Every kind of damage behind sound ends must cost one file, never the query.
func TestDamagedFilesAreLeftOut(t *testing.T) {
	for name, damage := range map[string]func(b []byte){
		"footer": func(b []byte) { scramble(b[len(b)-200 : len(b)-8]) },
		"pages":  func(b []byte) { scramble(b[4 : len(b)/2]) },
	} {
		t.Run(name, func(t *testing.T) {
			src, _ := stage(t, segment(t, 50, 5))
			path := src.Files[2].Path
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			damage(b)
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			e := open(t, src)
			res := mustAsk(t, e, "SELECT count(*), max(page_url), max(event_id), max(user_agent) FROM hits")
			if res.rows[0][0] != int64(40) || len(res.stats.Warnings) != 1 {
				t.Fatalf("got %v, warnings %q; want 40 rows and a warning", res.rows, res.stats.Warnings)
			}
			if !strings.Contains(res.stats.Warnings[0], "hour=11/seg-1.parquet") || res.stats.FilesTotal != 5 {
				t.Errorf("got %+v", res.stats)
			}
			if got := one(t, e, "SELECT count(*) FROM tp_hits"); got != int64(40) {
				t.Errorf("second query: got %v rows, want 40", got)
			}
		})
	}
}

func scramble(b []byte) {
	for i := range b {
		b[i] ^= byte(i*7 + 0x5a)
	}
}

func TestFilesThatVanish(t *testing.T) {
	src, _ := stage(t, segment(t, 50, 5))
	src.Spool = []string{segment(t, 5, 1)}
	for name, path := range map[string]string{"file": src.Files[3].Path, "spool": src.Spool[0]} {
		t.Run(name, func(t *testing.T) {
			e := open(t, src)
			away := path + ".away"
			if err := os.Rename(path, away); err != nil {
				t.Fatal(err)
			}
			if _, err := ask(e, "SELECT count(DISTINCT page_url) FROM hits"); !errors.Is(err, ErrSourceChanged) {
				t.Errorf("query: got %v, want ErrSourceChanged", err)
			}
			if _, err := Open(context.Background(), src, Options{}); !errors.Is(err, ErrSourceChanged) {
				t.Errorf("open: got %v, want ErrSourceChanged", err)
			}
			if err := os.Rename(away, path); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestCancelledContext(t *testing.T) {
	e := open(t, Source{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.Query(ctx, "SELECT 1"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestLongQueryIsCancelled(t *testing.T) {
	e := open(t, Source{})
	ctx, cancel := context.WithTimeout(context.Background(), 1)
	defer cancel()
	const long = "SELECT count(*) FROM range(100000) a, range(100000) b, range(1000) c"
	_, err := e.answer(ctx, long, dialect.Translation{SQL: long})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	cwd := t.TempDir()
	t.Chdir(cwd)
	e, err := Open(context.Background(), Source{Spool: []string{segment(t, 100, 1)}}, Options{MemoryLimit: "64MB"})
	if err != nil {
		t.Fatal(err)
	}
	mustAskDuck(t, e, "SELECT count(*) FROM (SELECT i, lpad('x', 100, 'x') FROM range(1000000) t(i) ORDER BY hash(i))")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{cwd + "/*", cwd + "/.*", tmp + "/pixelctl*"} {
		if found, err := filepath.Glob(pattern); err != nil || len(found) > 0 {
			t.Errorf("left behind: %v %v", found, err)
		}
	}
}

func TestVersion(t *testing.T) {
	if got := Version(); got != mustAskDuck(t, open(t, Source{}), "SELECT version()").rows[0][0] {
		t.Errorf("got %s", got)
	}
}

func TestViewsHaveAthenasName(t *testing.T) {
	e := open(t, Source{})
	for _, v := range lake.Views(event.Schema{}) {
		mustAsk(t, e, "SELECT * FROM "+lake.Database+"."+v.Name)
	}
}
