package flush_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/spool"
)

// process is one life of a collector: it appends records, and moves the
// spool into the lake now and then, until it is killed.
type process struct {
	fs    disk.FS
	name  int
	acked []string
	sent  int
}

func (p *process) run(ctx context.Context, records int) error {
	f := flush.New(flush.Options{Lake: "/data/lake", FS: p.fs, Converter: copier{p.fs}})
	if err := f.Recover(); err != nil {
		return err
	}
	s, _, err := spool.Open(spool.Options{Dir: "/data/spool", ErrorsDir: "/data/lake/errors", FS: p.fs})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // of a process that may be dead
	for i := range records {
		p.sent++
		id := fmt.Sprintf("%d-%d", p.name, p.sent)
		if err := s.Append(ctx, fmt.Appendf(nil, `{"id":%q,"hour":%d}`, id, i%3)); err != nil {
			return err
		}
		p.acked = append(p.acked, id)
		if i%4 == 3 {
			if err := drain(ctx, s, f); err != nil {
				return err
			}
		}
	}
	return drain(ctx, s, f)
}

func drain(ctx context.Context, s *spool.Spool, f *flush.Flusher) error {
	segs, err := s.Rotate()
	if err != nil {
		return err
	}
	for _, seg := range segs {
		if _, err := f.Flush(ctx, seg.Path, seg.ID); err != nil {
			return err
		}
		if err := s.Remove(seg); err != nil {
			return err
		}
	}
	return nil
}

// rows counts the ids in the lake.
func rows(t *testing.T, fsys disk.FS) map[string]int {
	t.Helper()
	got := map[string]int{}
	err := disk.Walk(fsys, "/data/lake/data", func(path string, _ fs.FileInfo) error {
		data, err := load(fsys, path)
		for line := range bytes.Lines(data) {
			var r row
			if err := json.Unmarshal(line, &r); err != nil {
				return fmt.Errorf("%s: %q: %w", path, line, err)
			}
			got[r.ID]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// death is how a process ends and what the disk keeps of it.
type death struct {
	name  string
	torn  bool                     // the write it dies in reaches the disk by half
	crash func(*disktest.Mem, int) // nil: only the process dies
}

func deaths() []death {
	return []death{
		{"process", false, nil},
		{"process in a write", true, nil},
		{"power", false, func(m *disktest.Mem, _ int) { m.Crash(nil) }},
		{"power in a write", true, func(m *disktest.Mem, n int) { m.Crash(disktest.Chance(1, n)) }},
		{"power, other chances", true, func(m *disktest.Mem, n int) { m.Crash(disktest.Chance(2, n)) }},
	}
}

// Killed at any call, and killed again while it recovers, the pipeline ends
// with every acknowledged record in the lake once, and none twice.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	for _, d := range deaths() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				if !liveAndDie(t, d, n) {
					break
				}
			}
		})
	}
}

// liveAndDie lets a process die at call n, a second one somewhere in its
// recovery, and a third one finish. It reports whether call n was reached.
func liveAndDie(t *testing.T, d death, n int) bool {
	t.Helper()
	mem := disktest.NewMem()
	if err := disk.MkdirAll(mem, "/data", 0o750); err != nil {
		t.Fatal(err)
	}
	var acked []string
	reached := false
	for life, kill := range []int{n, 1 + n*7%43, 0} {
		faults := disktest.NewFaults(mem)
		faults.KillAt(kill, d.torn)
		p := &process{fs: faults, name: life}
		err := p.run(t.Context(), 8)
		if (err != nil) != faults.Killed() {
			t.Fatalf("life %d, killed at %d: %v", life, kill, err)
		}
		acked = append(acked, p.acked...)
		reached = reached || life == 0 && faults.Killed()
		if faults.Killed() && d.crash != nil {
			d.crash(mem, n)
		}
	}
	checkRows(t, mem, n, acked)
	return reached
}

func checkRows(t *testing.T, mem *disktest.Mem, n int, acked []string) {
	t.Helper()
	got := rows(t, mem)
	for _, id := range acked {
		if got[id] != 1 {
			t.Errorf("killed at %d: acknowledged record %s is there %d times", n, id, got[id])
		}
	}
	for id, times := range got {
		if times > 1 {
			t.Errorf("killed at %d: record %s is there %d times", n, id, times)
		}
	}
	err := disk.Walk(mem, "/data", func(path string, _ fs.FileInfo) error {
		if !strings.HasPrefix(path, "/data/lake/data/") && !strings.HasPrefix(path, "/data/lake/errors/") {
			t.Errorf("killed at %d: %s is left over", n, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
