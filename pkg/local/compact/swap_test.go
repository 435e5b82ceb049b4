package compact_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/local/compact"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
)

const hour = "year=2026/month=7/day=5/hour=9"

// lakeOf has four files of which a and b become one, and c and d another in
// another hour. A file holds the rows that its name has.
func lakeOf(t *testing.T, fsys disk.FS) []compact.Move {
	t.Helper()
	other := "year=2026/month=7/day=5/hour=10"
	for path, rows := range map[string]string{hour + "/a": "a", hour + "/b": "b", hour + "/x": "x", other + "/c": "c", other + "/d": "d"} {
		put(t, fsys, "/lake/data/"+path, rows)
	}
	return []compact.Move{{Dir: hour, File: "ab", Replaces: []string{"a", "b"}}, {Dir: other, File: "cd", Replaces: []string{"c", "d"}}}
}

func put(t *testing.T, fsys disk.FS, path, data string) {
	t.Helper()
	if err := disk.MkdirAll(fsys, filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := disk.WriteFileAtomic(fsys, path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func swapper(fsys disk.FS) compact.Swapper {
	return compact.Swapper{FS: fsys, Data: "/lake/data", Staging: "/lake/.compacting", Journal: "/compaction.json"}
}

// swap stages the new files and swaps them in.
func swap(fsys disk.FS, moves []compact.Move) error {
	s := swapper(fsys)
	for _, m := range moves {
		to, err := s.Stage(m)
		if err == nil {
			err = disk.WriteFileAtomic(fsys, to, []byte(m.File), 0o600)
		}
		if err != nil {
			return err
		}
	}
	return s.Swap(moves)
}

// rows are those that a reader sees now, sorted.
func rows(t *testing.T, fsys disk.FS) string {
	t.Helper()
	journal, err := compact.Read(fsys, "/compaction.json")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	err = disk.Walk(fsys, "/lake/data", func(path string, _ fs.FileInfo) error {
		dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "/lake/data/")
		names[dir] = append(names[dir], filepath.Base(path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for dir, files := range names {
		for _, name := range journal.Visible(dir, files) {
			all = append(all, strings.Split(name, "")...) // a file's rows are its name's letters
		}
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

const every = "abcdx"

func TestSwap(t *testing.T) {
	t.Parallel()
	mem := disktest.NewMem()
	if err := swap(mem, lakeOf(t, mem)); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, mem); got != every {
		t.Errorf("a reader sees %s", got)
	}
	if files, _, err := disktest.Usage(mem, "/lake"); err != nil || files != 3 {
		t.Errorf("%d files in the lake (%v), want ab, cd and x", files, err)
	}
}

// A kill, or a power cut, before any call: a reader sees each row once, before
// and after the next operation has ended the swap.
func TestSwapKilled(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		for luck := range 4 { // 0: a kill; else a power cut
			mem := disktest.NewMem()
			moves := lakeOf(t, mem)
			faults := disktest.NewFaults(mem)
			faults.KillAt(n, false)
			err := swap(faults, moves)
			if !faults.Killed() {
				if err != nil {
					t.Fatal(err)
				}
				if n < 20 {
					t.Errorf("a swap of two moves made %d calls only", n)
				}
				return
			}
			if err == nil {
				t.Errorf("killed at call %d, and no error", n)
			}
			if luck > 0 {
				mem.Crash(disktest.Chance(n, luck))
			}
			if got := rows(t, mem); got != every {
				t.Errorf("killed at call %d, luck %d: a reader sees %s", n, luck, got)
			}
			for range 2 {
				if err := swapper(mem).Recover(); err != nil {
					t.Fatalf("recover after call %d: %v", n, err)
				}
			}
			if got := rows(t, mem); got != every {
				t.Errorf("killed at call %d, luck %d, recovered: a reader sees %s", n, luck, got)
			}
			if files, _, err := disktest.Usage(mem, "/lake"); err != nil || files != 3 && files != 5 {
				t.Errorf("killed at call %d, luck %d: %d files (%v), want the old or the new", n, luck, files, err)
			}
		}
	}
}

// A recovery that is killed is taken up by the next.
func TestRecoverKilled(t *testing.T) {
	t.Parallel()
	killed := func(t *testing.T, first int) (*disktest.Mem, bool) {
		t.Helper()
		mem := disktest.NewMem()
		moves := lakeOf(t, mem)
		faults := disktest.NewFaults(mem)
		faults.KillAt(first, false)
		_ = swap(faults, moves) // killed, or done
		return mem, faults.Killed()
	}
	for first := 1; ; first++ {
		if _, dead := killed(t, first); !dead {
			return
		}
		for n := 1; ; n++ {
			mem, _ := killed(t, first)
			faults := disktest.NewFaults(mem)
			faults.KillAt(n, false)
			err := swapper(faults).Recover()
			if got := rows(t, mem); got != every {
				t.Fatalf("swap killed at %d, recovery at %d: a reader sees %s", first, n, got)
			}
			if !faults.Killed() {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
		}
	}
}

func TestReadRefusesRubbish(t *testing.T) {
	t.Parallel()
	mem := disktest.NewMem()
	if err := disk.WriteFileAtomic(mem, "/compaction.json", []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := compact.Read(mem, "/compaction.json"); err == nil || !strings.Contains(err.Error(), "/compaction.json") {
		t.Errorf("rubbish is read: %v", err)
	}
	if err := swapper(mem).Recover(); err == nil {
		t.Error("rubbish is recovered from: old files and new ones could both count")
	}
}
