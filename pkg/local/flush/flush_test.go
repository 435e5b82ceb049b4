package flush_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/flush"
)

const segment = `{"id":"a","hour":9}
{"id":"b","hour":10}
oops
{"id":"c","hour":9}
`

// wantFiles are what segment becomes.
func wantFiles() []string {
	return []string{
		"data/year=2026/month=7/day=5/hour=10/s1.parquet",
		"data/year=2026/month=7/day=5/hour=9/s1.parquet",
		"errors/format-conversion-failed/s1.json",
	}
}

func checkLake(t *testing.T, fsys disk.FS, lake string) {
	t.Helper()
	for name, want := range map[string]string{
		wantFiles()[0]: `{"id":"b","hour":10}` + "\n",
		wantFiles()[1]: `{"id":"a","hour":9}` + "\n" + `{"id":"c","hour":9}` + "\n",
	} {
		got, err := load(fsys, filepath.Join(lake, filepath.FromSlash(name)))
		if err != nil || string(got) != want {
			t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
		}
	}
	if files, _, err := disktest.Usage(fsys, lake); err != nil || files != 3 {
		t.Errorf("%d files in the lake (%v), want 3", files, err)
	}
}

func TestFlush(t *testing.T) {
	t.Parallel()
	for name, fsys := range map[string]disk.FS{"os": disk.OS{}, "mem": disktest.NewMem()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			source, lake := filepath.Join(dir, "s1.ndjson"), filepath.Join(dir, "lake")
			if err := disk.MkdirAll(fsys, dir, 0o750); err != nil {
				t.Fatal(err)
			}
			if err := disk.WriteFileAtomic(fsys, source, []byte(segment), 0o600); err != nil {
				t.Fatal(err)
			}
			f := flush.New(flush.Options{Lake: lake, FS: fsys, Converter: copier{fsys}})
			for range 2 { // the second flush overwrites
				done, err := f.Flush(t.Context(), source, "s1")
				if err != nil || done.Rows != 3 || done.Errors != 1 || !slices.Equal(done.Files, wantFiles()) {
					t.Fatalf("flushed %+v (%v)", done, err)
				}
				checkLake(t, fsys, lake)
			}
		})
	}
}

func TestRecoverClearsStaging(t *testing.T) {
	t.Parallel()
	mem := disktest.NewMem()
	if err := mem.MkdirAll("/lake/.staging/s1/data", 0o750); err != nil {
		t.Fatal(err)
	}
	if err := flush.New(flush.Options{Lake: "/lake", FS: mem}).Recover(); err != nil {
		t.Fatal(err)
	}
	if _, err := mem.Stat("/lake/.staging"); err == nil {
		t.Error("staging is still there")
	}
}

// Another staged set under the same name must not be delivered with this one.
func TestFlushStartsFromEmptyStaging(t *testing.T) {
	t.Parallel()
	mem := disktest.NewMem()
	if err := disk.WriteFileAtomic(mem, "/s1.ndjson", []byte(segment), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (copier{mem}).store("/lake/.staging/s1", "data/year=2025/month=1/day=1/hour=0/s1.parquet", []byte("stale")); err != nil {
		t.Fatal(err)
	}
	f := flush.New(flush.Options{Lake: "/lake", FS: mem, Converter: copier{mem}})
	if _, err := f.Flush(t.Context(), "/s1.ndjson", "s1"); err != nil {
		t.Fatal(err)
	}
	checkLake(t, mem, "/lake")
}

// converterFunc lets a function be a converter.
type converterFunc func(context.Context, flush.Conversion) (flush.Converted, error)

func (f converterFunc) Convert(ctx context.Context, c flush.Conversion) (flush.Converted, error) {
	return f(ctx, c)
}

// What a faulty converter makes must not reach the lake.
func TestFlushRefusesFaultyConversions(t *testing.T) {
	t.Parallel()
	broken := errors.New("out of memory")
	for _, c := range []struct {
		name, file string
		counts     flush.Converted
		err        error
		want       string
	}{
		{"error", "data/s1.parquet", flush.Converted{Rows: 1}, broken, "out of memory"},
		{"foreign name", "data/other.parquet", flush.Converted{Rows: 1}, nil, "data/other.parquet, which is not named by the segment"},
		{"name with the segment as prefix", "data/s10.parquet", flush.Converted{Rows: 1}, nil, "not named by the segment"},
		{"outside data and errors", "s1.parquet", flush.Converted{Rows: 1}, nil, "not named by the segment"},
		{"rows without a file", "errors/s1.json", flush.Converted{Rows: 1, Errors: 1}, nil, "1 rows and 1 errors"},
		{"errors without a file", "data/s1.parquet", flush.Converted{Rows: 1, Errors: 1}, nil, "1 rows and 1 errors"},
		{"file without rows", "data/s1.parquet", flush.Converted{}, nil, "0 rows and 0 errors"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mem := disktest.NewMem()
			conv := converterFunc(func(_ context.Context, conv flush.Conversion) (flush.Converted, error) {
				return c.counts, errors.Join(copier{mem}.store(conv.Staging, c.file, []byte("x")), c.err)
			})
			_, err := flush.New(flush.Options{Lake: "/lake", FS: mem, Converter: conv}).Flush(t.Context(), "/s1.ndjson", "s1")
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "flush segment s1: ") {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
			if files, _, err := disktest.Usage(mem, "/"); err != nil || files != 0 {
				t.Errorf("%d files are left (%v)", files, err)
			}
		})
	}
}

// Any one call fails: the flush says so, or all is delivered; the next flush
// puts it right.
func TestFlushAnyCallFails(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		mem := disktest.NewMem()
		if err := disk.WriteFileAtomic(mem, "/s1.ndjson", []byte(segment), 0o600); err != nil {
			t.Fatal(err)
		}
		faults := disktest.NewFaults(mem)
		faults.SetRule(func(op disktest.Op) *disktest.Fault {
			if op.N == n {
				return &disktest.Fault{Err: syscall.ENOSPC, Short: 1}
			}
			return nil
		})
		f := flush.New(flush.Options{Lake: "/lake", FS: faults, Converter: copier{faults}})
		_, err := f.Flush(t.Context(), "/s1.ndjson", "s1")
		if n > faults.Calls() {
			if err != nil {
				t.Errorf("flush without a fault: %v", err)
			}
			break
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("call %d failed, flush says %v", n, err)
		}
		if _, err := f.Flush(t.Context(), "/s1.ndjson", "s1"); err != nil {
			t.Errorf("flush after the fault at %d: %v", n, err)
		}
		mem.Crash(nil)
		checkLake(t, mem, "/lake")
	}
}

func TestFlushEndsWithItsContext(t *testing.T) {
	t.Parallel()
	mem := disktest.NewMem()
	if err := disk.WriteFileAtomic(mem, "/s1.ndjson", []byte(segment), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := flush.New(flush.Options{Lake: "/lake", FS: mem, Converter: copier{mem}})
	if _, err := f.Flush(ctx, "/s1.ndjson", "s1"); !errors.Is(err, context.Canceled) {
		t.Errorf("flush: %v", err)
	}
}
