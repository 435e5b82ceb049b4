//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/reject"
)

// sizes are what a benchmark runs with: 1,000,000 records take a while and
// are measured when PIXELCTL_LONG is set.
func sizes() []int {
	if os.Getenv("PIXELCTL_LONG") != "" {
		return []int{100_000, 1_000_000}
	}
	return []int{100_000}
}

func BenchmarkConvert(b *testing.B) {
	for _, n := range sizes() {
		for _, hours := range []int{1, 24} {
			path := segment(b, n, hours)
			b.Run(fmt.Sprintf("records=%d/hours=%d", n, hours), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					done, err := Convert(context.Background(), ConvertOptions{Source: path, Staging: b.TempDir(), Name: "s"})
					if err != nil || done.Rows != int64(n) {
						b.Fatal(done, err)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			})
		}
	}
}

func BenchmarkConvertWithABadLine(b *testing.B) {
	path := segment(b, 100_000, 1)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := f.WriteString("bad\n"); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		done, err := Convert(context.Background(), ConvertOptions{Source: path, Staging: b.TempDir(), Name: "s"})
		if err != nil || done != (Converted{Rows: 100_000, Errors: 1}) {
			b.Fatal(done, err)
		}
	}
}

func BenchmarkCheckLine(b *testing.B) {
	line := record(1, firstHour).AppendLine(nil)
	check := reject.NewChecker(event.Schema{})
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, bad := check.Line(line); bad.Code != "" {
			b.Fatal(bad)
		}
	}
}

func BenchmarkQuery(b *testing.B) {
	for _, n := range sizes() {
		src, _ := stage(b, segment(b, n, 170))
		e := open(b, src)
		for name, sql := range map[string]string{
			"count":       "SELECT count(*) FROM tp_hits",
			"count hits":  "SELECT count(*) FROM hits",
			"one hour":    "SELECT count(*) FROM hits WHERE year = 2026 AND month = 7 AND day = 6 AND hour = 3",
			"by campaign": "SELECT utm_campaign, date_format(received_at, '%Y-%m-%d'), count(*) FROM hits GROUP BY 1, 2",
		} {
			b.Run(fmt.Sprintf("records=%d/%s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := ask(e, sql); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	src, _ := stage(b, segment(b, 10, 1))
	for _, files := range []int{0, 1, 2_000} {
		many := copies(b, src, files)
		b.Run(fmt.Sprintf("files=%d", files), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e, err := Open(context.Background(), many, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if err := e.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// copies spreads copies of the first file over hours.
func copies(b *testing.B, src Source, n int) Source {
	b.Helper()
	content, err := os.ReadFile(src.Files[0].Path)
	if err != nil {
		b.Fatal(err)
	}
	many := Source{Data: b.TempDir()}
	for i := range n {
		hour := lake.Hour{Year: 2026, Month: 1 + i/24/28, Day: 1 + i/24%28, Hour: i % 24}
		path := filepath.Join(many.Data, filepath.FromSlash(hour.Path()), "s.parquet")
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			b.Fatal(err)
		}
		many.Files = append(many.Files, File{Path: path, Hour: hour})
	}
	return many
}

// BenchmarkCountFiles is what a question over many files takes, from the list
// of files to the answer.
func BenchmarkCountFiles(b *testing.B) {
	src, _ := stage(b, segment(b, 1_000, 1))
	many := copies(b, src, 500)
	for name, schema := range map[string]event.Schema{"as written": {}, "column added": event.NewSchema(own()[:1]...)} {
		many.Schema = schema
		for what, sql := range map[string]string{
			"count": "SELECT count(*) FROM tp_hits", "one hour": "SELECT count(*) FROM tp_hits WHERE month = 1 AND day = 2 AND hour = 3",
		} {
			b.Run(name+"/"+what, func(b *testing.B) {
				for b.Loop() {
					e, err := Open(context.Background(), many, Options{})
					if err != nil {
						b.Fatal(err)
					}
					if _, err := ask(e, sql); err != nil {
						b.Fatal(err)
					}
					if err := e.Close(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
