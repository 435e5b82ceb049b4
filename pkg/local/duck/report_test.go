//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// BenchmarkOverview is the overview of 90 days from the list of files to the
// report: one file an hour, 2,160 of them. PIXELCTL_LONG has 10,000,000 rows.
// peak-MB is the most that the process held, so it is right for one run alone.
func BenchmarkOverview(b *testing.B) {
	rows := benchRows()
	staging := b.TempDir()
	hourly(b, staging, rows)
	src := sourceOf(b, staging)
	if len(src.Files) != 90*24 {
		b.Fatalf("%d files", len(src.Files))
	}
	since := time.Date(2026, 4, 6, 0, 0, 0, 0, time.UTC)
	o := report.Options{
		Name: "overview", Window: query.Window{Since: since, Until: since.AddDate(0, 0, 90)},
		Zone: "Europe/Berlin", Buffer: 15 * time.Minute, Now: since.AddDate(0, 0, 91),
	}
	b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
		before := processor(b)
		for b.Loop() {
			r, err := report.Make(context.Background(), reopening{src}, o)
			if err != nil {
				b.Fatal(err)
			}
			if people := *r.Parts[0].Rows[0].Values[1].N; people < float64(rows)/2 {
				b.Fatalf("%v people of %d rows", people, rows)
			}
		}
		b.ReportMetric(peak(b), "peak-MB")
		b.ReportMetric((processor(b)-before)/float64(b.N), "cpu-s/op")
	})
}

func benchRows() int {
	if os.Getenv("PIXELCTL_LONG") != "" {
		return 10_000_000
	}
	return 200_000
}

// reopening opens the lake for each statement, as the local target does.
type reopening struct{ src Source }

func (r reopening) Query(ctx context.Context, sql string, _ ...query.Param) (query.Rows, error) {
	e, err := Open(ctx, r.src, Options{Few: true})
	if err != nil {
		return nil, err
	}
	rows, err := e.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return closing{rows, e}, nil
}

func (reopening) Parted() (single, repeatable string) { return Single, Repeatable }

type closing struct {
	query.Rows
	engine *Engine
}

func (c closing) Close() error {
	if err := c.Rows.Close(); err != nil {
		return err
	}
	return c.engine.Close()
}

// hourly writes rows over 90 days as one file an hour, in which 62 of 100 hits
// are people's and a visitor has ten.
func hourly(b *testing.B, staging string, rows int) {
	b.Helper()
	db, err := openWriter(context.Background(), 1, convertMemory, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.close() }()
	values := map[string]string{
		"schema_version": "1", "event": "'view'", "site": "'shop'", "dnt": "false", "gpc": "false", "truncated": "false",
		"event_id":    "CAST(md5(CAST(i AS VARCHAR)) AS UUID)",
		"received_at": fmt.Sprintf("TIMESTAMP '2026-04-06' + to_milliseconds(CAST(i * %d AS BIGINT) // %d)", 90*24*3600*1000, rows),
		"client_class": "CASE WHEN i % 100 < 62 THEN 'human' WHEN i % 100 < 75 THEN 'mail_proxy' WHEN i % 100 < 92 THEN 'bot' " +
			"WHEN i % 100 < 95 THEN 'prefetch' WHEN i % 100 < 98 THEN 'unknown' ELSE 'synthetic' END",
		"visitor_id": fmt.Sprintf("'visitor-' || (hash(i) %% %d)", max(rows/16, 1)),
		"status":     "CASE WHEN i % 200 = 0 THEN 'dropped:site' ELSE 'recorded' END",
		"page_url":   "'https://www.example.com/products/' || (i % 300)", "page_host": "'www.example.com'", "page_path": "'/products/' || (i % 300)",
		"utm_campaign": "'summer' || (i % 7)", "user_agent": "'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'",
	}
	var list []string
	for _, c := range (event.Schema{}).Columns() {
		v, ok := values[c.Name]
		if !ok {
			v = "NULL"
		}
		list = append(list, fmt.Sprintf("CAST(%s AS %s) AS %s", v, c.Type.DuckDB(), c.Name))
	}
	const hours = 90 * 24
	for h := range hours {
		hour := lake.HourOf(event.MillisOf(time.Date(2026, 4, 6, h, 0, 0, 0, time.UTC)))
		dir := filepath.Join(staging, lake.DataPrefix, filepath.FromSlash(hour.Path()))
		if err := os.MkdirAll(dir, 0o750); err != nil {
			b.Fatal(err)
		}
		sql := fmt.Sprintf("SELECT %s FROM range(%d, %d) AS t(i)", strings.Join(list, ", "), (h*rows+hours-1)/hours, ((h+1)*rows+hours-1)/hours)
		if err := db.exec(context.Background(), copySQL(sql, filepath.Join(dir, "hour.parquet"), hour.Path())); err != nil {
			b.Fatal(err)
		}
	}
}

// processor is the time of processors that this process took, in seconds; 0
// where none tells. Unlike that of a clock it is the same on a busy machine.
func processor(b *testing.B) float64 {
	b.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks float64
	for _, f := range fields[11:13] { // utime and stime, a hundredth of a second
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return ticks / 100
}

// peak is the most memory that this process had, in MB; 0 where none tells.
func peak(b testing.TB) float64 {
	b.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		b.Fatal("no VmHWM")
	}
	kb, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}
