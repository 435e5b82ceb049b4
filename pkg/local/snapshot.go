package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/duck"
)

// snapshot is a set of hard links to the spool's segments: the flusher may
// remove them while a query still reads.
type snapshot struct {
	dir      string
	files    []string
	segments map[string]bool
}

// staleSnapshot is the age at which a killed query's links are swept.
const staleSnapshot = 24 * time.Hour

// takeSnapshot must come before the catalog is read and the lake is listed:
// then a record that moves from spool to lake in between is found in the spool,
// and its file is left out.
func takeSnapshot(l Layout) (*snapshot, error) {
	s := &snapshot{segments: map[string]bool{}}
	entries, err := os.ReadDir(l.Spool())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list spool: %w", err)
	}
	if len(entries) == 0 {
		return s, nil
	}
	if err := os.MkdirAll(l.Snapshots(), dirPerm); err != nil {
		return nil, fault.New(fault.Credentials, "read spool: %w", err).WithHint("the spool needs a directory that can be written: %s", l.Dir)
	}
	sweepSnapshots(l, staleSnapshot)
	if s.dir, err = os.MkdirTemp(l.Snapshots(), "query-"); err != nil {
		return nil, fmt.Errorf("create snapshot of the spool: %w", err)
	}
	for _, e := range entries {
		if err := s.link(l, e.Name()); err != nil {
			return nil, errors.Join(err, s.remove())
		}
	}
	if !exists(s.dir) { // then link took its absence for that of the segments
		return nil, fmt.Errorf("create snapshot of the spool: %w", duck.ErrSourceChanged)
	}
	return s, nil
}

func (s *snapshot) link(l Layout, name string) error {
	segment, ok := segmentID(name)
	if !ok {
		return nil
	}
	to := filepath.Join(s.dir, name)
	err := os.Link(filepath.Join(l.Spool(), name), to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // flushed meanwhile: the lake has it
	}
	if err != nil {
		return fmt.Errorf("link segment %s for reading: %w", name, err)
	}
	s.files = append(s.files, to)
	s.segments[segment] = true
	return nil
}

func (s *snapshot) remove() error {
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// sweepSnapshots removes what is older than age. A question that still reads
// there starts anew.
func sweepSnapshots(l Layout, age time.Duration) {
	entries, _ := os.ReadDir(l.Snapshots())
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) >= age {
			_ = os.RemoveAll(filepath.Join(l.Snapshots(), e.Name())) // swept again by the next query
		}
	}
}
