// Package flush delivers a spool segment into the lake: it is the delivery
// stream of the local target. Every lake file is named by its segment, so a
// flush that was killed is simply run again and overwrites what it had done.
package flush

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/disk"
)

// stagingDir is where converters write, inside the lake so that a rename into
// place stays on one file system. Its dot hides it from globs over the lake.
const stagingDir = ".staging"

// Staging is the directory inside the lake for files that are not finished. It
// is emptied by Recover, and nothing reads there.
func Staging(lake string) string { return filepath.Join(lake, stagingDir) }

// Conversion is one segment to convert.
type Conversion struct {
	Source  string // NDJSON file
	Staging string // empty directory to fill
	Name    string // segment ID: the name of every file made, before its extension
	Schema  event.Schema
}

// Converted counts what became of the lines of a segment.
type Converted struct {
	Rows   int64 // lines that became rows
	Errors int64 // lines that did not
}

// Converter turns a segment into lake files. It fills Staging as the lake is
// laid out: data/year=…/month=…/day=…/hour=…/<Name>.parquet and, when lines
// failed, errors/format-conversion-failed/<Name>.json. The same bytes must
// give the same set of files. It need not sync what it writes.
type Converter interface {
	Convert(ctx context.Context, c Conversion) (Converted, error)
}

// Options are the settings of a Flusher. Lake and Converter are required.
type Options struct {
	Lake      string  // directory that holds data/ and errors/; made if it is not there
	FS        disk.FS // default disk.OS
	Converter Converter
	// Schema gives the columns of the table; nil is the built-in ones. It is
	// asked anew for each segment, after the last line of it was written.
	Schema func() event.Schema
}

// Flushed is what one flush delivered.
type Flushed struct {
	Rows   int64
	Errors int64
	Files  []string // relative to the lake, with slashes, sorted
}

// Flusher moves segments into one lake. It is for one goroutine at a time.
type Flusher struct{ opt Options }

// New returns a Flusher.
func New(o Options) *Flusher {
	if o.FS == nil {
		o.FS = disk.OS{}
	}
	if o.Schema == nil {
		o.Schema = func() event.Schema { return event.Schema{} }
	}
	return &Flusher{opt: o}
}

// Recover removes what killed flushes left half done. Call it once at start.
func (f *Flusher) Recover() error {
	if err := f.opt.FS.RemoveAll(Staging(f.opt.Lake)); err != nil {
		return fmt.Errorf("clear staging: %w", err)
	}
	return nil
}

// Flush converts the segment at path and moves the result into the lake. When
// it returns nil, everything is durable and the segment may be removed; until
// then the segment must stay. After an error or a kill at any point the same
// segment can be flushed again: its rows are in the lake once.
func (f *Flusher) Flush(ctx context.Context, path, id string) (Flushed, error) {
	staging := filepath.Join(Staging(f.opt.Lake), id)
	done, err := f.deliver(ctx, Conversion{Source: path, Staging: staging, Name: id, Schema: f.opt.Schema()})
	// Staging is removed in any case: on a full disk it is what fills it.
	if cleared := f.opt.FS.RemoveAll(staging); cleared != nil {
		err = errors.Join(err, fmt.Errorf("clear staging: %w", cleared))
	}
	if err != nil {
		return Flushed{}, fmt.Errorf("flush segment %s: %w", id, err)
	}
	return done, nil
}

func (f *Flusher) deliver(ctx context.Context, c Conversion) (Flushed, error) {
	if err := f.emptyStaging(c.Staging); err != nil {
		return Flushed{}, err
	}
	converted, err := f.opt.Converter.Convert(ctx, c)
	if err != nil {
		return Flushed{}, fmt.Errorf("convert: %w", err)
	}
	files, err := f.staged(c)
	if err != nil {
		return Flushed{}, err
	}
	done := Flushed{Rows: converted.Rows, Errors: converted.Errors, Files: files}
	if err := done.check(); err != nil {
		return Flushed{}, err
	}
	return done, f.publish(c.Staging, files)
}

func (f *Flusher) emptyStaging(dir string) error {
	if err := f.opt.FS.RemoveAll(dir); err != nil {
		return fmt.Errorf("clear staging: %w", err)
	}
	return disk.MkdirAll(f.opt.FS, dir, 0o750)
}

// staged lists the files that the converter made, relative to the lake. A
// file whose name does not derive from the segment is an error: flushed
// again, it could double rows or overwrite others.
func (f *Flusher) staged(c Conversion) ([]string, error) {
	var files []string
	err := disk.Walk(f.opt.FS, c.Staging, func(path string, _ fs.FileInfo) error {
		rel, err := filepath.Rel(c.Staging, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if !strings.HasPrefix(rel, "data/") && !strings.HasPrefix(rel, "errors/") ||
			!strings.HasPrefix(filepath.Base(path), c.Name+".") {
			return fmt.Errorf("converter made %s, which is not named by the segment", rel)
		}
		files = append(files, rel)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list staging: %w", err)
	}
	return files, nil
}

// check refuses a conversion that counts lines it has no file for.
func (d Flushed) check() error {
	var data, failed bool
	for _, file := range d.Files {
		data = data || strings.HasPrefix(file, "data/")
		failed = failed || strings.HasPrefix(file, "errors/")
	}
	if data != (d.Rows > 0) || failed != (d.Errors > 0) {
		return fmt.Errorf("converter counts %d rows and %d errors but made %v", d.Rows, d.Errors, d.Files)
	}
	return nil
}

// publish makes the staged files durable and renames them into the lake.
func (f *Flusher) publish(staging string, files []string) error {
	for _, file := range files {
		if err := disk.SyncFile(f.opt.FS, filepath.Join(staging, filepath.FromSlash(file))); err != nil {
			return fmt.Errorf("sync %s: %w", file, err)
		}
	}
	dirs, err := f.makeDirs(files)
	if err != nil {
		return err
	}
	for _, file := range files {
		name := filepath.FromSlash(file)
		if err := f.opt.FS.Rename(filepath.Join(staging, name), filepath.Join(f.opt.Lake, name)); err != nil {
			return fmt.Errorf("publish %s: %w", file, err)
		}
	}
	for _, dir := range dirs {
		if err := f.opt.FS.SyncDir(dir); err != nil {
			return fmt.Errorf("publish: %w", err)
		}
	}
	return nil
}

// makeDirs makes the directories of files durable and returns each once.
func (f *Flusher) makeDirs(files []string) ([]string, error) {
	var dirs []string
	for _, file := range files {
		dir := filepath.Dir(filepath.Join(f.opt.Lake, filepath.FromSlash(file)))
		if slices.Contains(dirs, dir) {
			continue
		}
		if err := disk.MkdirAll(f.opt.FS, dir, 0o750); err != nil {
			return nil, err
		}
		dirs = append(dirs, dir)
	}
	return dirs, nil
}
