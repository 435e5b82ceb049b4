package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/spool"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// EraseSubject takes a person out of every file that holds one's rows, and of
// the lines that did not become rows. Records that wait become files first.
// After a kill it goes on when it is run again: each file is the old or the
// new one.
func (t *Target) EraseSubject(ctx context.Context, o pipeline.EraseOptions, sink pipeline.Sink) (pipeline.Receipt, error) {
	return t.erase(ctx, disk.OS{}, o, sink)
}

// erasure is one run.
type erasure struct {
	t       *Target
	fs      disk.FS
	sink    pipeline.Sink
	p       person
	blank   []duck.Replacement // nil erases
	receipt *pipeline.Receipt
	journal *eraseJournal
	left    []string // files that still hold the person
	why     error    // of the first of them
}

func (t *Target) erase(ctx context.Context, fsys disk.FS, o pipeline.EraseOptions, sink pipeline.Sink) (r pipeline.Receipt, err error) {
	r = pipeline.Receipt{Column: o.Column, ValueHash: o.Hash(), Anonymise: o.Anonymise, DryRun: o.DryRun, Files: []pipeline.ErasedFile{}}
	if o.DryRun {
		r.Matches, err = t.FindSubject(ctx, o.Subject, sink)
		r.Rows, r.Spool, r.Errors, r.Notes = r.Matches.Rows, r.Matches.Spool, r.Matches.Errors, r.Matches.Notes
		return r, err
	}
	e := erasure{t: t, fs: fsys, sink: sink, receipt: &r}
	if e.p, err = t.person(o.Subject); err != nil {
		return r, err
	}
	r.Notes = e.p.notes
	if o.Anonymise {
		if e.blank, err = t.blanks(); err != nil {
			return r, err
		}
	}
	lock, err := lockOperation(ctx, t.l, "erase")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	err = e.run(ctx)
	return r, err
}

// blanks are what an anonymous row holds. Which of the own columns are
// personal nobody knows where the stack is gone: then all count as such.
func (t *Target) blanks() ([]duck.Replacement, error) {
	s, err := keptSpec(t.l)
	if exists(t.l.Settings()) {
		var settings Settings
		settings, err = loadSettings(t.l)
		s = settings.Spec
	} else {
		s = allPersonal(s)
	}
	if err != nil {
		return nil, err
	}
	var with []duck.Replacement
	for _, c := range privacy.PersonalColumns(s) {
		with = append(with, duck.Replacement{Column: c.Column, SQL: c.SQL})
	}
	return with, nil
}

func allPersonal(s spec.Spec) spec.Spec {
	s.Fields = slices.Clone(s.Fields)
	for i := range s.Fields {
		s.Fields[i].Personal = true
	}
	return s
}

func (e *erasure) run(ctx context.Context) error {
	if err := e.resume(); err != nil {
		return err
	}
	if err := e.settle(ctx); err != nil {
		return err
	}
	files, err := listAll(e.t.l, nil)
	if err != nil {
		return err
	}
	found, err := duck.FindPerson(ctx, files.paths(), e.p.rows())
	if err != nil {
		return err
	}
	for path, why := range found.Damaged {
		e.leave(path, fmt.Errorf("read %s: %s", path, why))
	}
	if err := e.rewriteAll(ctx, files.paths(), found.Rows); err != nil {
		return err
	}
	if err := e.eraseErrors(); err != nil {
		return err
	}
	if _, _, err := repairCatalog(ctx, e.t.l, pipeline.RepairOptions{Prune: true}, e.sink); err != nil {
		return err
	}
	return errors.Join(e.outcome(), e.over())
}

// settle leaves the person's records in the lake only: no half-written file,
// no spool, no links of a question that was killed.
func (e *erasure) settle(ctx context.Context) error {
	t := e.t
	if err := sweepFresh(e.fs, t.l.Data()); err != nil {
		return err
	}
	segments, err := segmentsIn(t.l.Spool())
	if err != nil {
		return err
	}
	for id := range segments {
		n, err := e.p.countLines(filepath.Join(t.l.Spool(), id+spool.Suffix))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("read spool: %w", err)
		}
		e.receipt.Spool += n
	}
	if exists(t.l.Settings()) {
		_, err = t.Flush(ctx, e.sink)
	} else { // no server, and what a flush that was killed left
		err = flush.New(flush.Options{Lake: t.l.Lake(), FS: e.fs}).Recover()
	}
	if err != nil {
		return fmt.Errorf("flush the spool before erasing: %w", err)
	}
	sweepSnapshots(t.l, 0)
	return nil
}

// rewriteAll goes through the files by directory: all of one are written
// before the first takes its place, so that questions, which start anew when a
// file changes under them, are disturbed for a moment only.
func (e *erasure) rewriteAll(ctx context.Context, files []string, rows map[string]int64) error {
	files = slices.DeleteFunc(files, func(f string) bool { return rows[f] == 0 })
	for done := 0; done < len(files); {
		dir := filepath.Dir(files[done])
		e.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "erase", Text: e.t.lakeName(dir), Done: int64(done), Total: int64(len(files))})
		end := done
		for end < len(files) && filepath.Dir(files[end]) == dir {
			end++
		}
		if err := e.rewriteDir(ctx, dir, files[done:end]); err != nil {
			return err
		}
		done = end
	}
	return nil
}

func (e *erasure) rewriteDir(ctx context.Context, dir string, files []string) error {
	var edits []edit
	var entries []pipeline.ErasedFile
	for _, path := range files {
		fresh, entry, err := e.rewriteFile(ctx, path)
		if err != nil {
			err = errors.Join(err, disk.RemoveIfExists(e.fs, freshName(path)))
		}
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), forget(e.fs, edits))
		}
		if err != nil {
			e.leave(path, err)
			continue
		}
		edits = append(edits, edit{path: path, fresh: fresh})
		entries = append(entries, entry)
	}
	if len(edits) == 0 {
		return nil
	}
	if err := e.note(entries); err != nil {
		return errors.Join(err, forget(e.fs, edits))
	}
	return swap(e.fs, e.t.l.Data(), dir, edits, func(done edit) {
		i := slices.IndexFunc(edits, func(d edit) bool { return d.path == done.path })
		e.done(entries[i])
	})
}

// rewriteFile writes what shall take the place of a file, verified and
// durable; fresh is empty when nothing is left of it.
func (e *erasure) rewriteFile(ctx context.Context, path string) (fresh string, entry pipeline.ErasedFile, err error) {
	fresh = freshName(path)
	rows, err := duck.RewritePerson(ctx, path, fresh, e.p.rows(), e.blank)
	if err != nil {
		return "", entry, err
	}
	entry = pipeline.ErasedFile{Name: e.t.lakeName(path), RowsBefore: rows.Before, RowsAfter: rows.After, Changed: rows.Changed}
	if rows.After == 0 {
		return "", entry, disk.RemoveIfExists(e.fs, fresh)
	}
	if err := disk.SyncFile(e.fs, fresh); err != nil {
		return "", entry, err
	}
	entry.SHA256, err = sha256Of(e.fs, fresh)
	return fresh, entry, err
}

func sha256Of(fsys disk.FS, path string) (string, error) {
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}

// leave notes a file that still holds the person, or may.
func (e *erasure) leave(path string, why error) {
	if e.why == nil {
		e.why = why
	}
	e.left = append(e.left, e.t.lakeName(path))
}

// outcome tells what is left.
func (e *erasure) outcome() error {
	if len(e.left) == 0 {
		return nil
	}
	slices.Sort(e.left)
	return fault.New(fault.Partial, "erase: %d files were not written anew: %w", len(e.left), e.why).WithLeft(e.left).
		WithHint("when a file is damaged remove it or purge its hour; then run the same command again")
}
