package local

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/spool"
)

// replayJournal says what becomes of the lines of one error file. It names
// lines by digest, so that lines which a purge removed meanwhile stay removed.
type replayJournal struct {
	File    string   `json:"file"`    // relative to the lake
	Segment string   `json:"segment"` // of the rows that the lines become
	Send    []string `json:"send"`    // digests of lines
	Drop    []string `json:"drop"`    // of those that are rows already
}

func newReplayJournal(file string) replayJournal {
	return replayJournal{File: file, Segment: spool.NewID(time.Now().UnixMilli())}
}

// digest names a line of an error file, in 128 bits.
func digest(line []byte) string {
	sum := sha256.Sum256(bytes.TrimSuffix(line, []byte("\n")))
	return hex.EncodeToString(sum[:16])
}

func loadReplay(l Layout) (j replayJournal, found bool, err error) {
	b, err := os.ReadFile(l.Replay())
	if errors.Is(err, fs.ErrNotExist) {
		return j, false, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &j)
	}
	if err == nil && (!filepath.IsLocal(j.File) || !filepath.IsLocal(j.Segment)) {
		err = errors.New("it names no file of the lake")
	}
	if err != nil {
		return j, false, fault.New(fault.Failed, "read %s: %w", l.Replay(), err).
			WithHint("see whether rows are there twice, then remove %s", l.Replay())
	}
	return j, true, nil
}

func (j replayJournal) save(l Layout, fsys disk.FS) error {
	b, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("write journal of replay: %w", err)
	}
	return disk.WriteFileAtomic(fsys, l.Replay(), b, filePerm)
}

// carry does what the journal says, from wherever it was broken off: the rows
// become durable, then their lines go, then the journal. Done again, it writes
// the same files.
func (r *replay) carry(ctx context.Context, j replayJournal) error {
	path := filepath.Join(r.t.l.Lake(), filepath.FromSlash(j.File))
	body, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	raw, kept := j.split(body, r)
	if len(raw) > 0 {
		if err := r.land(ctx, j.Segment, raw); err != nil {
			return err
		}
	}
	if err := r.keep(path, body, kept); err != nil {
		return err
	}
	if err := disk.RemoveIfExists(r.fs, r.t.l.Replay()); err != nil {
		return err
	}
	return r.fs.SyncDir(r.t.l.Dir)
}

// split gives the records to send, each once, and the lines that stay.
func (j replayJournal) split(body []byte, r *replay) (raw, kept []byte) {
	const send, drop = 1, 2
	fate := map[string]int{}
	for _, d := range j.Drop {
		fate[d] = drop
	}
	for _, d := range j.Send {
		fate[d] = send
	}
	for line := range bytes.Lines(body) {
		d := digest(line)
		rec, ok := r.reader.ErrorLine(line, j.File)
		switch {
		case !ok || fate[d] == 0:
			kept = append(kept, line...)
		case fate[d] == send:
			// A newline in a record is white space: a segment has a line for each.
			one := bytes.ReplaceAll(rec.Raw, []byte("\n"), []byte(" "))
			raw, fate[d] = append(append(raw, one...), '\n'), drop
		}
	}
	return raw, kept
}

// land makes rows of records. What the converter rejects after all becomes an
// error line again, in a file of the new segment.
func (r *replay) land(ctx context.Context, segment string, raw []byte) error {
	dir := flush.Staging(r.t.l.Lake())
	if err := disk.MkdirAll(r.fs, dir, dirPerm); err != nil {
		return err
	}
	source := filepath.Join(dir, segment+spool.Suffix)
	if err := disk.WriteFileAtomic(r.fs, source, raw, filePerm); err != nil {
		return err
	}
	done, err := r.flusher.Flush(ctx, source, segment)
	if gone := disk.RemoveIfExists(r.fs, source); err == nil {
		err = gone
	}
	if want := int64(bytes.Count(raw, []byte("\n"))); err == nil && done.Rows+done.Errors != want {
		err = fmt.Errorf("%d of %d records became rows or errors", done.Rows+done.Errors, want)
	}
	if err == nil {
		r.result.Replayed += done.Rows
		r.result.Left += done.Errors
	}
	return err
}

// keep leaves only some lines in a file of error lines.
func (r *replay) keep(path string, before, kept []byte) error {
	switch {
	case len(kept) == len(before):
		return nil
	case len(kept) > 0:
		return disk.WriteFileAtomic(r.fs, path, kept, filePerm)
	}
	if err := disk.RemoveIfExists(r.fs, path); err != nil {
		return err
	}
	return r.fs.SyncDir(filepath.Dir(path))
}
