package spool_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/spool"
)

func TestAppendRotateRemove(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	s, rec := open(t, options(mem))
	if rec.Segments != 0 || s.Stats() != (spool.Stats{}) {
		t.Fatalf("a new spool holds %+v, %+v", rec, s.Stats())
	}
	checkEmpty(t, mem)
	appendAll(t, s, "one", "two")
	first, err := s.Rotate()
	if err != nil || len(first) != 1 || first[0].Records != 2 || first[0].Bytes != 8 {
		t.Fatalf("rotate: %+v (%v)", first, err)
	}
	appendAll(t, s, "three")
	want := spool.Stats{Records: 3, Bytes: 14, Segments: 2, OldestRecord: first[0].Created}
	if got := s.Stats(); got != want {
		t.Errorf("stats %+v, want %+v", got, want)
	}
	if a := s.Active(); a.Records != 1 || a.ID == first[0].ID {
		t.Errorf("active segment %+v", a)
	}
	if got := lines(t, mem, s); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("lines %q", got)
	}
	for _, seg := range s.Sealed() {
		if err := errors.Join(s.Remove(seg), s.Remove(seg)); err != nil {
			t.Errorf("remove, and again: %v", err)
		}
	}
	if segs, err := s.Rotate(); err != nil || len(segs) != 0 {
		t.Errorf("rotate of nothing: %v (%v)", segs, err)
	}
	checkEmpty(t, mem)
}

func checkEmpty(t *testing.T, fsys disk.FS) {
	t.Helper()
	if files, _, err := disktest.Usage(fsys, "/data"); err != nil || files != 0 {
		t.Errorf("%d files in an empty spool (%v)", files, err)
	}
}

func TestAppendRefusesWhatIsNoLine(t *testing.T) {
	t.Parallel()
	o := options(newMem(t))
	o.MaxBatch = 8
	s, _ := open(t, o)
	for _, line := range []string{"", "\n", "a\n\nb", "\na", "a\n\n", "a\x00b", "12345678"} {
		if err := s.Append(t.Context(), []byte(line)); !errors.Is(err, spool.ErrLine) {
			t.Errorf("append %q: %v", line, err)
		}
	}
	appendAll(t, s, "1234567")
}

func TestAppendTakesSeveralLinesAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t, options(newMem(t)))
	appendAll(t, s, "a\nb\n", "c")
	if st := s.Stats(); st.Records != 3 || st.Bytes != 6 {
		t.Errorf("stats %+v, want 3 records of 6 bytes", st)
	}
}

func TestAppendAfterClose(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	s, _ := open(t, options(mem))
	appendAll(t, s, "kept")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), []byte("late")); !errors.Is(err, spool.ErrClosed) {
		t.Errorf("append after close: %v", err)
	}
	again, rec := open(t, options(mem))
	if rec.Records != 1 || rec.Segments != 1 || rec.Bytes != 5 || len(rec.Torn) != 0 {
		t.Errorf("recovered %+v", rec)
	}
	if got := lines(t, mem, again); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("lines %q", got)
	}
}

// gate holds the first sync of a segment until it is opened, and counts writes.
type gate struct {
	reached, open chan struct{}
	once          sync.Once
	mu            sync.Mutex
	writes        []int
	syncs         int
}

func newGate() *gate { return &gate{reached: make(chan struct{}), open: make(chan struct{})} }

func (g *gate) rule(op disktest.Op) *disktest.Fault {
	g.mu.Lock()
	if op.Name == "write" {
		g.writes = append(g.writes, op.Size)
	}
	if op.Name == "sync" {
		g.syncs++
	}
	g.mu.Unlock()
	return nil
}

// gated blocks inside the first Sync of a file.
type gated struct {
	disk.FS
	g *gate
}

type gatedFile struct {
	disk.File
	g *gate
}

func (f gated) OpenFile(name string, flag int, perm fs.FileMode) (disk.File, error) {
	file, err := f.FS.OpenFile(name, flag, perm)
	return gatedFile{file, f.g}, err
}

func (f gatedFile) Sync() error {
	f.g.once.Do(func() {
		close(f.g.reached)
		<-f.g.open
	})
	return f.File.Sync()
}

// gatedSpool opens a spool and lets one append reach its sync.
func gatedSpool(t *testing.T, maxBatch int) (*spool.Spool, *gate, *sync.WaitGroup, *disktest.Mem) {
	t.Helper()
	g, mem := newGate(), newMem(t)
	faults := disktest.NewFaults(mem)
	faults.SetRule(g.rule)
	o := options(gated{faults, g})
	o.MaxBatch = maxBatch
	s, _ := open(t, o)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.Append(t.Context(), []byte("0")); err != nil {
			t.Error(err)
		}
	})
	<-g.reached
	return s, g, &wg, mem
}

func TestWaitersShareOneWriteAndOneSync(t *testing.T) {
	t.Parallel()
	s, g, wg, _ := gatedSpool(t, 1<<20)
	for range 31 {
		wg.Go(func() {
			if err := s.Append(t.Context(), []byte("x")); err != nil {
				t.Error(err)
			}
		})
	}
	for s.Waiting() < 31 {
		runtime.Gosched()
	}
	close(g.open)
	wg.Wait()
	if want := []int{2, 62}; !slices.Equal(g.writes, want) || g.syncs != 2 {
		t.Errorf("writes of %v bytes and %d syncs, want %v and 2", g.writes, g.syncs, want)
	}
}

func TestBatchIsBounded(t *testing.T) {
	t.Parallel()
	s, g, wg, mem := gatedSpool(t, 8)
	for range 20 {
		wg.Go(func() {
			if err := s.Append(t.Context(), []byte("abc")); err != nil {
				t.Error(err)
			}
		})
	}
	for s.Waiting() < 2 {
		runtime.Gosched()
	}
	close(g.open)
	wg.Wait()
	if worst := slices.Max(g.writes); worst > 8 {
		t.Errorf("a write of %d bytes, at most 8", worst)
	}
	if got := lines(t, mem, s); len(got) != 21 {
		t.Errorf("%d lines, want 21", len(got))
	}
}

func TestAppendEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s, g, wg, _ := gatedSpool(t, 1<<20)
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		for s.Waiting() < 1 {
			runtime.Gosched()
		}
		cancel()
	})
	if err := s.Append(ctx, []byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("append: %v", err)
	}
	if err := s.Append(ctx, []byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("append with an ended context: %v", err)
	}
	close(g.open)
	wg.Wait()
}

func TestCloseWaitsForPendingCommits(t *testing.T) {
	t.Parallel()
	s, g, wg, mem := gatedSpool(t, 1<<20)
	wg.Go(func() {
		if err := s.Append(t.Context(), []byte("pending")); err != nil {
			t.Error(err)
		}
	})
	for s.Waiting() < 1 {
		runtime.Gosched()
	}
	wg.Go(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	close(g.open)
	wg.Wait()
	if got := lines(t, mem, s); !slices.Equal(got, []string{"0", "pending"}) {
		t.Errorf("lines %q", got)
	}
}

func TestFullSegmentIsSealedAndTold(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	o := options(mem)
	o.MaxBytes = 10
	s, _ := open(t, o)
	appendAll(t, s, "1234")
	select {
	case <-s.Full():
		t.Fatal("full after 5 of 10 bytes")
	default:
	}
	appendAll(t, s, "5678", "9")
	<-s.Full()
	if sealed := s.Sealed(); len(sealed) != 1 || sealed[0].Bytes != 10 {
		t.Errorf("sealed %+v, want one of 10 bytes", sealed)
	}
	if got := lines(t, mem, s); !slices.Equal(got, []string{"1234", "5678", "9"}) {
		t.Errorf("lines %q", got)
	}
}

// A clock that stands still or runs back gives no name twice, and within a
// run the names keep their order.
func TestNamesWithBadClocks(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	now := time.UnixMilli(1_700_000_000_000)
	o := options(mem)
	o.Clock = func() time.Time { now = now.Add(-time.Hour); return now }
	seen := map[string]bool{}
	for range 3 {
		s, _ := open(t, o)
		for range 5 {
			appendAll(t, s, "x")
			segs, err := s.Rotate()
			if err != nil {
				t.Fatal(err)
			}
			ids := []string{}
			for _, seg := range segs {
				ids = append(ids, seg.ID)
			}
			if !slices.IsSorted(ids) {
				t.Errorf("segments out of order: %v", ids)
			}
			id := ids[len(ids)-1]
			if seen[id] || !regexp.MustCompile(`^\d{13}-[0-9a-f]{8}$`).MatchString(id) {
				t.Errorf("segment name %s came twice or is malformed", id)
			}
			seen[id] = true
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := spool.Options{Dir: filepath.Join(dir, "spool"), ErrorsDir: filepath.Join(dir, "errors")}
	s, _ := open(t, o)
	appendAll(t, s, numbered(0, 10)...)
	if got := lines(t, disk.OS{}, s); !slices.Equal(got, numbered(0, 10)) {
		t.Errorf("lines %q", got)
	}
	for _, seg := range s.Sealed() {
		info, err := disk.OS{}.Stat(seg.Path)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("segment mode %v (%v)", info.Mode(), err)
		}
		if !strings.HasSuffix(seg.Path, seg.ID+".ndjson") || time.Since(seg.Created) > time.Hour {
			t.Errorf("segment %+v", seg)
		}
	}
}

// Appends, rotations, statistics and close at once: what was acknowledged is
// there once, what was refused is not.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	o := options(mem)
	o.MaxBytes, o.MaxBatch = 400, 64
	s, _ := open(t, o)
	var mu sync.Mutex
	acked := map[string]bool{}
	var writers, readers sync.WaitGroup
	stop := make(chan struct{})
	for w := range 8 {
		writers.Go(func() {
			for _, line := range numbered(w*1000, w*1000+300) {
				err := s.Append(t.Context(), []byte(line))
				if err != nil && !errors.Is(err, spool.ErrClosed) {
					t.Errorf("append: %v", err)
				}
				mu.Lock()
				acked[line] = err == nil
				if len(acked) == 2000 {
					close(stop)
				}
				mu.Unlock()
			}
		})
	}
	readers.Go(func() {
		for s.Stats().Records < 1000 {
			if _, err := s.Rotate(); err != nil {
				t.Error(err)
			}
		}
		<-stop
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	writers.Wait()
	readers.Wait()
	got := map[string]int{}
	for _, line := range lines(t, mem, s) {
		got[line]++
	}
	for line, ok := range acked {
		if want := map[bool]int{true: 1}[ok]; got[line] != want {
			t.Errorf("line %s is there %d times, want %d", line, got[line], want)
		}
	}
}
