package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pixelctl/pkg/local/disk"
)

// Recovery is what Open found: the segments of earlier runs and what a crash
// had left at their ends.
type Recovery struct {
	Segments int
	Records  int64
	Bytes    int64
	Torn     []Torn
}

// Torn is the end of a segment that was never acknowledged whole.
type Torn struct {
	Segment string // ID
	Bytes   int64
	Path    string // where the bytes are kept
	Err     error  // why they are still in the segment; Rotate tries again
}

// recoverSegments lists the segments of o.Dir, oldest first, each cut to its
// whole lines. It can be killed at any point and run again. A segment that
// cannot be cut now (the disk may be full) is listed as dirty.
func recoverSegments(o Options) ([]sealedSegment, Recovery, error) {
	var rec Recovery
	if err := disk.MkdirAll(o.FS, o.Dir, 0o750); err != nil {
		return nil, rec, err
	}
	entries, err := o.FS.ReadDir(o.Dir)
	if err != nil {
		return nil, rec, err
	}
	var found []sealedSegment
	for _, e := range entries {
		seg, ok := parseSegment(o.Dir, e.Name())
		if !ok || e.IsDir() {
			continue
		}
		sealed, err := recoverSegment(o, seg, &rec)
		if err != nil {
			return nil, rec, fmt.Errorf("recover segment %s: %w", seg.Path, err)
		}
		if sealed.Bytes > 0 || sealed.dirty {
			found = append(found, sealed)
		}
	}
	return found, rec, nil
}

// recoverSegment counts the whole lines of seg and moves the rest away.
func recoverSegment(o Options, seg Segment, rec *Recovery) (sealedSegment, error) {
	whole, length, err := scanFile(o.FS, seg.Path)
	if err != nil {
		return sealedSegment{}, err
	}
	seg.Records, seg.Bytes = whole.records, whole.bytes
	sealed := sealedSegment{Segment: seg}
	if seg.Bytes > 0 {
		rec.Segments++
		rec.Records += seg.Records
		rec.Bytes += seg.Bytes
	}
	if tail := length - seg.Bytes; tail > 0 {
		sealed.torn = filepath.Join(o.ErrorsDir, "torn", seg.ID+".bin")
		err := mendFile(o, sealed)
		sealed.dirty = err != nil
		rec.Torn = append(rec.Torn, Torn{Segment: seg.ID, Bytes: tail, Path: sealed.torn, Err: err})
	} else if length == 0 {
		sealed.dirty = mendFile(o, sealed) != nil // an empty file: Rotate reports it if it stays
	}
	return sealed, nil
}

// mendFile cuts the file of seg to its length, after keeping the rest where
// seg says. A file of which nothing is left is removed.
func mendFile(o Options, seg sealedSegment) error {
	if seg.torn != "" {
		if err := keepTail(o, seg.Path, seg.Bytes, seg.torn); err != nil {
			return fmt.Errorf("keep torn end: %w", err)
		}
	}
	if seg.Bytes == 0 {
		if err := disk.RemoveIfExists(o.FS, seg.Path); err != nil {
			return fmt.Errorf("remove empty segment: %w", err)
		}
		return nil
	}
	f, err := o.FS.OpenFile(seg.Path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("cut segment: %w", err)
	}
	err = f.Truncate(seg.Bytes)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("cut segment: %w", err)
	}
	return nil
}

// keepTail copies a file from offset on to target, durably.
func keepTail(o Options, path string, offset int64, target string) error {
	if err := disk.MkdirAll(o.FS, filepath.Dir(target), 0o750); err != nil {
		return err
	}
	f, err := o.FS.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Seek(offset, io.SeekStart)
	if err == nil {
		err = disk.WriteAtomic(o.FS, target, 0o600, func(w io.Writer) error {
			_, err := io.Copy(w, f)
			return err
		})
	}
	return errors.Join(err, f.Close())
}

// scanFile scans a file and also returns its length.
func scanFile(fsys disk.FS, path string) (whole extent, length int64, err error) {
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return extent{}, 0, err
	}
	var sc scanner
	length, err = io.CopyBuffer(&sc, struct{ io.Reader }{f}, make([]byte, 256<<10))
	return sc.whole, length, errors.Join(err, f.Close())
}

// extent is the front part of a segment that stays.
type extent struct{ records, bytes int64 }

// scanner finds the end of the last line that is whole: ended by a newline
// and free of zero bytes, which stand where a crash kept the length of a
// write but not its bytes. Damage before a whole line stays where it is; the
// converter rejects it line by line, so that no record behind it is lost.
type scanner struct {
	whole   extent
	bytes   int64 // scanned
	records int64 // newlines scanned
	zero    bool  // the line being scanned holds a zero byte
}

// Write implements io.Writer.
func (s *scanner) Write(p []byte) (int, error) {
	rest := p
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n')
		line := rest
		if end >= 0 {
			line = rest[:end+1]
		}
		s.zero = s.zero || bytes.IndexByte(line, 0) >= 0
		s.bytes += int64(len(line))
		rest = rest[len(line):]
		if end < 0 {
			break
		}
		s.records++
		if !s.zero {
			s.whole = extent{s.records, s.bytes}
		}
		s.zero = false
	}
	return len(p), nil
}
