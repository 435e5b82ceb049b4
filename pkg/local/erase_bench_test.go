package local

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/spool"
	"pixelctl/pkg/pipeline"
)

// BenchmarkEraseSubject takes one person, who has 20 rows in each of some
// files, out of a lake: 10,000,000 rows in 500 files when PIXELCTL_LONG is
// set. find-B is what the search read of lake-B.
func BenchmarkEraseSubject(b *testing.B) {
	files, rows, with := 25, 20_000, 5
	if os.Getenv("PIXELCTL_LONG") != "" {
		files, rows, with = 500, 20_000, 10
	}
	o := pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: ada}}
	b.Run(fmt.Sprintf("files=%d/rows=%d", files, files*rows), func(b *testing.B) {
		some, none := benchFile(b, rows, 20), benchFile(b, rows, 0)
		for range b.N {
			b.StopTimer()
			l := benchLake(b, files, with, some, none)
			target := New(Options{Stack: "bench", Dir: l.Dir})
			_, size, err := disktest.Usage(disk.OS{}, l.Data())
			if err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			m, err := target.FindSubject(b.Context(), o.Subject, nil)
			if err != nil || m.Rows != int64(with*20) || len(m.Files) != with || m.Scanned <= 0 || m.Scanned > size/4 {
				b.Fatalf("found %d rows in %d files, read %d of %d bytes, %v", m.Rows, len(m.Files), m.Scanned, size, err)
			}
			find := time.Since(began)
			b.StartTimer()
			r, err := target.EraseSubject(b.Context(), o, nil)
			b.StopTimer()
			if err != nil || r.Rows != m.Rows || len(r.Files) != with {
				b.Fatalf("receipt %+v, %v", r, err)
			}
			b.ReportMetric(float64(m.Scanned), "find-B")
			b.ReportMetric(float64(size), "lake-B")
			b.ReportMetric(float64(find.Milliseconds()), "find-ms")
			if err := os.RemoveAll(l.Dir); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// benchFile makes a file of so many rows, some of them the person's, and gives
// its bytes.
func benchFile(b *testing.B, rows, person int) []byte {
	b.Helper()
	l := Layout{Dir: b.TempDir()}
	var lines []byte
	for i := range rows {
		user := fmt.Sprintf("planted-user-%d", i%5000)
		if i%(rows/20) == 0 && i/(rows/20) < person {
			user = ada
		}
		r := hitOf(fmt.Sprintf("01J%023d", i), user, time.Date(2026, 7, 5, 9, 0, 0, i*1e6, time.UTC))
		lines = r.AppendLine(lines)
	}
	for _, dir := range []string{l.Spool(), l.Lake()} {
		if err := os.MkdirAll(dir, dirPerm); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(l.Spool(), segment+spool.Suffix), lines, filePerm); err != nil {
		b.Fatal(err)
	}
	if _, err := oneLife(b, l, disk.OS{}, Convert{}); err != nil {
		b.Fatal(err)
	}
	var content []byte
	err := walkFiles(l.Data(), lake.Extension, func(path string, _ fs.FileInfo) (err error) {
		content, err = os.ReadFile(path)
		return err
	})
	if err != nil || len(content) == 0 {
		b.Fatalf("no file: %v", err)
	}
	return content
}

// benchLake spreads files over hours; the first ones hold the person.
func benchLake(b *testing.B, files, with int, some, none []byte) Layout {
	b.Helper()
	l := Layout{Dir: filepath.Join(b.TempDir(), "stack")}
	for i := range files {
		content := none
		if i < with {
			content = some
		}
		hour := lake.Hour{Year: 2026, Month: 1 + i/24/28, Day: 1 + i/24%28, Hour: i % 24}
		dir := filepath.Join(l.Data(), filepath.FromSlash(hour.Path()))
		if err := os.MkdirAll(dir, dirPerm); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("s-%d.parquet", i)), content, filePerm); err != nil {
			b.Fatal(err)
		}
	}
	return l
}
