package spool

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/local/disk"
)

// Suffix ends the file name of a segment.
const Suffix = ".ndjson"

// Segment is one file of the spool. All its lines are durable.
type Segment struct {
	ID      string    // file name without .ndjson; never used twice
	Path    string    // file of NDJSON lines
	Records int64     // lines
	Bytes   int64     // length of the file
	Created time.Time // when its first record came, by the collector's clock; milliseconds
}

// sealedSegment is a segment that takes no more records.
type sealedSegment struct {
	Segment
	dirty bool   // the file may differ from Bytes: mend must cut it before it is read
	torn  string // where to keep what is cut off; "" drops it
}

// segmentName is what a segment's file is called: creation time in Unix
// milliseconds and a random part.
var segmentName = regexp.MustCompile(`^([0-9]{13})-[0-9a-f]{8}\.ndjson$`)

// NewID is the name of a segment. The random part keeps a name from coming back
// when the clock is set back across a restart: names of lake files derive
// from it, and one that came back would overwrite rows.
func NewID(millis int64) string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // documented never to fail
	return fmt.Sprintf("%013d-%s", millis, hex.EncodeToString(b[:]))
}

func newSegment(dir string, millis int64) Segment {
	id := NewID(millis)
	return Segment{ID: id, Path: filepath.Join(dir, id+Suffix), Created: time.UnixMilli(millis).UTC()}
}

// parseSegment reads a file name; ok is false for other files.
func parseSegment(dir, name string) (seg Segment, ok bool) {
	m := segmentName.FindStringSubmatch(name)
	if m == nil {
		return Segment{}, false
	}
	millis, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return Segment{}, false
	}
	return Segment{
		ID:      strings.TrimSuffix(name, Suffix),
		Path:    filepath.Join(dir, name),
		Created: time.UnixMilli(millis).UTC(),
	}, true
}

// Rotate seals the active segment, if there is one, and lists all sealed
// segments, oldest first. The list is good even beside an error, which tells
// of segments that could not be closed or cut; the latter are left out until
// a later Rotate can cut them.
func (s *Spool) Rotate() ([]Segment, error) {
	s.io.Lock()
	defer s.io.Unlock()
	err := errors.Join(s.seal(), s.mendSealed())
	if err != nil {
		err = fmt.Errorf("rotate spool %s: %w", s.opt.Dir, err)
	}
	return s.Sealed(), err
}

// Sealed lists the sealed segments that can be read, oldest first.
func (s *Spool) Sealed() []Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Segment, 0, len(s.sealed))
	for _, seg := range s.sealed {
		if !seg.dirty {
			list = append(list, seg.Segment)
		}
	}
	return list
}

// Remove deletes a sealed segment, durably, once its rows are elsewhere.
// It is no error when the file is gone.
func (s *Spool) Remove(seg Segment) error {
	s.io.Lock()
	defer s.io.Unlock()
	if err := disk.RemoveIfExists(s.opt.FS, seg.Path); err != nil {
		return fmt.Errorf("remove segment: %w", err)
	}
	s.forget(seg.ID)
	if err := s.opt.FS.SyncDir(s.opt.Dir); err != nil {
		return fmt.Errorf("remove segment %s: %w", seg.Path, err)
	}
	return nil
}

func (s *Spool) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, seg := range s.sealed {
		if seg.ID == id {
			s.sealed = slices.Delete(s.sealed, i, i+1)
			return
		}
	}
}

// retire moves the active segment to the sealed ones and forgets its file.
// io is held; the caller closes the file.
func (s *Spool) retire(dirty bool) {
	s.file = nil
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed = append(s.sealed, sealedSegment{Segment: s.active, dirty: dirty})
	s.active = Segment{}
}

// seal ends the active segment. io is held.
func (s *Spool) seal() error {
	if s.file == nil {
		return nil
	}
	f := s.file
	s.retire(false)
	if err := f.Close(); err != nil {
		return fmt.Errorf("seal segment: %w", err)
	}
	return nil
}

// abandon ends the active segment after a failed write or sync. What was not
// acknowledged is cut off, through a descriptor that has not failed; a cut
// that fails is tried again by Rotate. io is held.
func (s *Spool) abandon() error {
	f, seg := s.file, s.active
	s.retire(true)
	return errors.Join(f.Close(), s.mend(sealedSegment{Segment: seg}))
}

// mendSealed cuts the segments that could not be cut before. io is held.
func (s *Spool) mendSealed() error {
	s.mu.Lock()
	sealed := slices.Clone(s.sealed)
	s.mu.Unlock()
	var errs []error
	for _, seg := range sealed {
		if seg.dirty {
			errs = append(errs, s.mend(seg))
		}
	}
	return errors.Join(errs...)
}

// mend makes the file of a sealed segment what the segment says, and forgets
// the segment when it has no records. io is held.
func (s *Spool) mend(seg sealedSegment) error {
	if err := mendFile(s.opt, seg); err != nil {
		return err
	}
	if seg.Bytes == 0 {
		s.forget(seg.ID)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.sealed {
		if s.sealed[i].ID == seg.ID {
			s.sealed[i].dirty = false
		}
	}
	return nil
}
