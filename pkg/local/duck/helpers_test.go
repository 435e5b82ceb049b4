//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
	"pixelctl/pkg/query/dialect"
)

var firstHour = time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)

// record is a typical browser hit, about 850 bytes as JSON.
func record(i int, at time.Time) *event.Record {
	return &event.Record{
		SchemaVersion: event.SchemaVersion, EventID: fmt.Sprintf("01J%023d", i), ReceivedAt: event.MillisOf(at),
		Event: "view", Site: "shop", ClientClass: event.ClassUnknown, UserID: fmt.Sprintf("u%d", i%5000), Label: "footer",
		PageURL:  fmt.Sprintf("https://www.example.com/products/%d?utm_source=news&utm_campaign=summer%d", i%300, i%7),
		PageHost: "www.example.com", PagePath: fmt.Sprintf("/products/%d", i%300),
		PageQuery: fmt.Sprintf("utm_source=news&utm_campaign=summer%d", i%7),
		UTMSource: "news", UTMCampaign: fmt.Sprintf("summer%d", i%7),
		IP: "203.0.113.0", IPMode: event.IPTruncated,
		UserAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
		Language:  "en-GB", Status: event.StatusRecorded, Method: "GET", Host: "127.0.0.1:8080", Path: "/shop/footer.gif",
		ScreenWidth: event.Some[int32](1920), ScreenHeight: event.Some[int32](1080), Value: event.Some(12.5),
		Params:    []event.Param{{Key: "plan", Value: "pro"}, {Key: "k", Value: fmt.Sprint(i % 5)}},
		Collector: "pixelctl/1.0 local",
	}
}

// segment writes n records spread over some hours and returns its path.
func segment(tb testing.TB, n, hours int) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "segment.ndjson")
	f := &lazyFile{path: path}
	step := time.Duration(hours) * time.Hour / time.Duration(n)
	var line []byte
	for i := range n {
		line = record(i, firstHour.Add(time.Duration(i)*step)).AppendLine(line[:0])
		if err := f.write(line); err != nil {
			tb.Fatal(err)
		}
	}
	if err := f.close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

func lines(tb testing.TB, content string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "lines.ndjson")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// stage converts a segment and returns what a query over it reads.
func stage(tb testing.TB, path string) (Source, Converted) {
	tb.Helper()
	staging := tb.TempDir()
	done, err := Convert(context.Background(), ConvertOptions{Source: path, Staging: staging, Name: "seg-1"})
	if err != nil {
		tb.Fatal(err)
	}
	return sourceOf(tb, staging), done
}

func sourceOf(tb testing.TB, staging string) Source {
	tb.Helper()
	src := Source{Data: filepath.Join(staging, lake.DataPrefix)}
	err := filepath.WalkDir(src.Data, func(path string, d os.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(src.Data, filepath.Dir(path))
		if err != nil {
			return err
		}
		hour, _, err := lake.ParseHour(filepath.ToSlash(rel))
		src.Files = append(src.Files, File{Path: path, Hour: hour})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	slices.SortFunc(src.Files, func(a, b File) int { return a.Hour.Compare(b.Hour) })
	return src
}

func open(tb testing.TB, src Source) *Engine {
	tb.Helper()
	e, err := Open(context.Background(), src, Options{Threads: 2})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Close(); err != nil {
			tb.Error(err)
		}
	})
	return e
}

type result struct {
	columns []query.Column
	rows    [][]any
	stats   query.Stats
}

func ask(e *Engine, sql string) (res result, err error) {
	r, err := e.Query(context.Background(), sql)
	if err != nil {
		return res, err
	}
	return all(r)
}

// askDuck asks in DuckDB's own words, which the translator would refuse.
func askDuck(e *Engine, sql string) (res result, err error) {
	r, err := e.answer(context.Background(), sql, dialect.Translation{SQL: sql})
	if err != nil {
		return res, err
	}
	return all(r)
}

func all(r query.Rows) (res result, err error) {
	ctx := context.Background()
	defer func() { err = errors.Join(err, r.Close()) }()
	res.columns = r.Columns()
	for {
		row, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			res.stats = r.Stats()
			return res, nil
		}
		if err != nil {
			return res, err
		}
		res.rows = append(res.rows, append([]any(nil), row...))
	}
}

func mustAsk(tb testing.TB, e *Engine, sql string) result {
	tb.Helper()
	res, err := ask(e, sql)
	if err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
	return res
}

func mustAskDuck(tb testing.TB, e *Engine, sql string) result {
	tb.Helper()
	res, err := askDuck(e, sql)
	if err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
	return res
}

// one gives the only value of the only row.
func one(tb testing.TB, e *Engine, sql string) any {
	tb.Helper()
	res := mustAsk(tb, e, sql)
	if len(res.rows) != 1 || len(res.rows[0]) != 1 {
		tb.Fatalf("%s: got %v, want one value", sql, res.rows)
	}
	return res.rows[0][0]
}
