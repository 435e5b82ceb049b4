package spool_test

import (
	"bytes"
	"path/filepath"
	"runtime"
	"testing"

	"pixelctl/pkg/local/spool"
)

// BenchmarkAppend measures durable appends of 400-byte records on the disk
// that holds the temporary directory.
func BenchmarkAppend(b *testing.B) {
	line := bytes.Repeat([]byte("x"), 399)
	open := func(b *testing.B) *spool.Spool {
		b.Helper()
		dir := b.TempDir()
		s, _, err := spool.Open(spool.Options{Dir: filepath.Join(dir, "spool"), ErrorsDir: filepath.Join(dir, "errors")})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		return s
	}
	finish := func(b *testing.B, s *spool.Spool) {
		b.Helper()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		if st := s.Stats(); st.Records != int64(b.N) {
			b.Fatalf("%d records durable after %d appends", st.Records, b.N)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("goroutines=1", func(b *testing.B) {
		s := open(b)
		for b.Loop() {
			if err := s.Append(b.Context(), line); err != nil {
				b.Fatal(err)
			}
		}
		finish(b, s)
	})
	b.Run("goroutines=32", func(b *testing.B) {
		s := open(b)
		b.SetParallelism(32 / runtime.GOMAXPROCS(0))
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := s.Append(b.Context(), line); err != nil {
					b.Error(err)
					return
				}
			}
		})
		finish(b, s)
	})
}
