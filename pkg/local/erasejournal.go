package local

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// eraseJournal is what an erasure has done or is about to do, until its
// receipt is given: one that was killed tells all of it when it is run again.
// It names nobody.
type eraseJournal struct {
	Column    string                `json:"column"`
	ValueHash string                `json:"value_sha256"`
	Anonymise bool                  `json:"anonymise"`
	Window    query.Window          `json:"window,omitzero"`
	Spool     int64                 `json:"spool"`
	Files     []pipeline.ErasedFile `json:"files"`
	Lines     []erasedLines         `json:"lines"`
}

// erasedLines are the lines that an error file lost.
type erasedLines struct {
	Name   string `json:"name"`
	Lines  int64  `json:"lines"`
	SHA256 string `json:"sha256"` // of what is left; empty when the file is gone
}

// same tells whether a journal is of the same erasure.
func (j *eraseJournal) same(o *eraseJournal) bool {
	return j.Column == o.Column && j.ValueHash == o.ValueHash && j.Anonymise == o.Anonymise &&
		j.Window.Since.Equal(o.Window.Since) && j.Window.Until.Equal(o.Window.Until)
}

// resume takes over from an erasure of the same person that was killed what
// it had finished, as the files show. One of somebody else is over.
func (e *erasure) resume() error {
	e.journal = &eraseJournal{Column: e.p.Column, ValueHash: e.p.Hash(), Anonymise: e.receipt.Anonymise, Window: e.p.Window}
	b, err := os.ReadFile(e.t.l.Erasure())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var before eraseJournal
	if err != nil || json.Unmarshal(b, &before) != nil || !before.same(e.journal) {
		return err // what cannot be read counts for nothing: the files are found all the same
	}
	e.receipt.Spool = before.Spool
	for _, f := range before.Files {
		done, err := e.holds(f.Name, f.SHA256)
		if err != nil {
			return err
		}
		if done {
			e.done(f)
		}
	}
	for _, l := range before.Lines {
		done, err := e.holds(l.Name, l.SHA256)
		if err != nil {
			return err
		}
		if done {
			e.journal.Lines = append(e.journal.Lines, l)
			e.receipt.Errors += l.Lines
		}
	}
	return nil
}

// done counts a file whose place a new one has taken.
func (e *erasure) done(f pipeline.ErasedFile) {
	e.receipt.Files = append(e.receipt.Files, f)
	e.receipt.Rows += f.Changed
}

// holds tells whether a file of the lake has that digest, "" when it is gone.
func (e *erasure) holds(name, digest string) (bool, error) {
	got, err := sha256Of(e.fs, filepath.Join(e.t.l.Lake(), filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return digest == "", nil
	}
	return err == nil && got == digest, err
}

// note writes down what is done and what is about to be.
func (e *erasure) note(files []pipeline.ErasedFile, lines ...erasedLines) error {
	e.journal.Spool = e.receipt.Spool
	e.journal.Files = append(slices.Clip(e.receipt.Files), files...)
	e.journal.Lines = append(e.journal.Lines, lines...)
	b, err := json.Marshal(e.journal)
	if err == nil {
		err = disk.WriteFileAtomic(e.fs, e.t.l.Erasure(), b, filePerm)
	}
	if err != nil {
		return fmt.Errorf("note what is erased: %w", err)
	}
	return nil
}

// over removes the journal: the receipt is complete.
func (e *erasure) over() error {
	return errors.Join(disk.RemoveIfExists(e.fs, e.t.l.Erasure()), e.fs.SyncDir(e.t.l.Dir))
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
