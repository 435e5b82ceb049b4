package local

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/reject"
)

// countLines counts the person's records in a segment of the spool. Its last
// line may be under way: nobody was answered for it.
func (p person) countLines(segment string) (n int64, err error) {
	f, err := os.Open(segment)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for lines := bufio.NewReaderSize(f, 64<<10); ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if reject.Names(line, p.Column, p.values) && p.received(line) {
			n++
		}
	}
}

// received tells whether a record came within the window.
func (p person) received(line []byte) bool {
	if p.Window.IsZero() {
		return true
	}
	var r struct {
		ReceivedAt string `json:"received_at"`
	}
	if json.Unmarshal(line, &r) != nil {
		return false
	}
	at, err := time.Parse(event.TimeLayout, r.ReceivedAt)
	return err == nil && p.Window.Contains(at)
}

// failed tells whether a line of an error file names the person. One whose
// time nobody can tell is in no window.
func (p person) failed(line []byte) bool {
	if !reject.ErrorLineNames(line, p.Column, p.values) {
		return false
	}
	if p.Window.IsZero() {
		return true
	}
	at, err := reject.Arrival(line)
	return err == nil && p.Window.Contains(at)
}

// countErrors counts the lines, and torn ends of segments, that name the person.
func (p person) countErrors(dir string) (n int64, err error) {
	err = walkFiles(dir, "", func(path string, _ fs.FileInfo) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, named := p.without(b)
		n += named
		return nil
	})
	return n, err
}

// without gives the lines that do not name the person, and counts the others.
func (p person) without(file []byte) (kept []byte, named int64) {
	for line := range bytes.Lines(file) {
		if p.failed(line) {
			named++
			continue
		}
		kept = append(kept, line...)
	}
	return kept, named
}

// eraseErrors writes the error files that name the person anew without these
// lines, or removes them.
func (e *erasure) eraseErrors() error {
	err := walkFiles(e.t.l.Errors(), "", func(path string, _ fs.FileInfo) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		kept, named := e.p.without(b)
		if named == 0 {
			return nil
		}
		lines := erasedLines{Name: e.t.lakeName(path), Lines: named}
		if len(kept) > 0 {
			lines.SHA256 = digestOf(kept)
		}
		if err := e.note(nil, lines); err != nil {
			return err
		}
		if len(kept) == 0 {
			err = errors.Join(disk.RemoveIfExists(e.fs, path), e.fs.SyncDir(filepath.Dir(path)))
		} else {
			err = disk.WriteFileAtomic(e.fs, path, kept, filePerm)
		}
		if err == nil {
			e.receipt.Errors += named
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("erase from lines that did not become rows: %w", err)
	}
	return nil
}
