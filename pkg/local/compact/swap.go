// Package compact puts few large files in the place of many small ones. A
// reader that lists a directory sees the old files or the new one, also when
// the process is killed in between: a journal says which of them count.
package compact

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"pixelctl/pkg/local/disk"
)

// Phase is how far a swap is.
type Phase string

// The phases. A file that replaces others may be there from Prepared on, is
// there in Swapped, and then the others go.
const (
	Prepared Phase = "prepared"
	Swapped  Phase = "swapped"
	Done     Phase = "done"
)

// Move is one new file and the files whose rows it holds.
type Move struct {
	Dir      string   `json:"dir"`  // year=2026/month=7/day=5/hour=9
	File     string   `json:"file"` // its name there
	Replaces []string `json:"replaces"`
}

// staged is the name of the new file before it is in its place.
func (m Move) staged() string { return path.Base(m.Dir) + "-" + m.File }

// Swap is what the journal holds. The zero value is none.
type Swap struct {
	Number int64  `json:"number"` // one more with each, so that two never look alike
	Phase  Phase  `json:"phase"`
	Moves  []Move `json:"moves"`
}

// maxJournal bounds a journal that is read: the names of some 100,000 files.
const maxJournal = 16 << 20

// Read gives the journal; the zero Swap when there is none.
func Read(fsys disk.FS, name string) (Swap, error) {
	var s Swap
	f, err := fsys.OpenFile(name, os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read compaction journal: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxJournal+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return s, fmt.Errorf("read compaction journal: %w", err)
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return Swap{}, fmt.Errorf("read compaction journal %s: %w", name, err)
	}
	return s, nil
}

// Same reports whether nothing happened between two readings: a directory
// listed in between is whole.
func (s Swap) Same(o Swap) bool { return s.Number == o.Number && s.Phase == o.Phase }

// Visible leaves out of the names of a directory those that do not count: the
// old files where the new one is there.
func (s Swap) Visible(dir string, names []string) []string {
	if s.Phase != Prepared && s.Phase != Swapped {
		return names
	}
	for _, m := range s.Moves {
		if m.Dir == dir && slices.Contains(names, m.File) {
			names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(m.Replaces, name) })
		}
	}
	return names
}

// Swapper makes swaps in one lake. It is for one process at a time.
type Swapper struct {
	FS      disk.FS
	Data    string // directory of the partitions
	Staging string // on the same file system; cleared by Recover
	Journal string // file
}

// Recover ends a swap that was killed and clears what was staged for none.
func (s Swapper) Recover() error {
	j, err := Read(s.FS, s.Journal)
	if err == nil && (j.Phase == Prepared || j.Phase == Swapped) {
		err = s.finish(j)
	}
	if err == nil {
		err = s.FS.RemoveAll(s.Staging)
	}
	if err != nil {
		return fmt.Errorf("end the compaction that was cut off: %w", err)
	}
	return nil
}

// Stage gives where the new file of a move is to be written.
func (s Swapper) Stage(m Move) (string, error) {
	return filepath.Join(s.Staging, m.staged()), disk.MkdirAll(s.FS, s.Staging, 0o750)
}

// Swap puts the staged files in the place of those that they replace. The
// journal is on disk before the first of them is seen.
func (s Swapper) Swap(moves []Move) error {
	last, err := Read(s.FS, s.Journal)
	if err != nil {
		return err
	}
	for _, m := range moves {
		if err := disk.SyncFile(s.FS, filepath.Join(s.Staging, m.staged())); err != nil {
			return fmt.Errorf("sync %s: %w", m.File, err)
		}
	}
	if err := s.FS.SyncDir(s.Staging); err != nil {
		return fmt.Errorf("sync staged files: %w", err)
	}
	j := Swap{Number: last.Number + 1, Phase: Prepared, Moves: moves}
	if err := s.write(j); err != nil {
		return err
	}
	return s.finish(j)
}

// finish goes on from wherever j is.
func (s Swapper) finish(j Swap) error {
	if j.Phase == Prepared {
		var in []Move
		for _, m := range j.Moves {
			there, err := s.place(m)
			if err != nil {
				return err
			}
			if there {
				in = append(in, m)
			}
		}
		j.Phase, j.Moves = Swapped, in
		if err := s.write(j); err != nil {
			return err
		}
	}
	for _, m := range j.Moves {
		if err := s.remove(m); err != nil {
			return err
		}
	}
	j.Phase, j.Moves = Done, nil
	return s.write(j)
}

// place moves the new file in; false when it is nowhere, and the old ones stay.
func (s Swapper) place(m Move) (bool, error) {
	dir := filepath.Join(s.Data, filepath.FromSlash(m.Dir))
	to := filepath.Join(dir, m.File)
	err := s.FS.Rename(filepath.Join(s.Staging, m.staged()), to)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = s.FS.Stat(to)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
	}
	if err == nil {
		err = s.FS.SyncDir(dir)
	}
	if err != nil {
		return false, fmt.Errorf("put %s in place: %w", m.File, err)
	}
	return true, nil
}

func (s Swapper) remove(m Move) error {
	dir := filepath.Join(s.Data, filepath.FromSlash(m.Dir))
	for _, name := range m.Replaces {
		if err := disk.RemoveIfExists(s.FS, filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("remove %s, whose rows are in %s: %w", name, m.File, err)
		}
	}
	if err := s.FS.SyncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // the hour was removed by hand
		return fmt.Errorf("sync %s: %w", m.Dir, err)
	}
	return nil
}

func (s Swapper) write(j Swap) error {
	data, err := json.Marshal(j)
	if err == nil {
		err = disk.WriteFileAtomic(s.FS, s.Journal, append(data, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write compaction journal: %w", err)
	}
	return nil
}
