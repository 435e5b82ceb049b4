package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/compact"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/duck"
)

// listing is the Parquet files that a question reads, as they were when it
// listed them.
type listing struct {
	files []duck.File
	infos []fs.FileInfo // of files, in their order

	schema event.Schema // of the table
}

// listFiles lists the Parquet files of the registered partitions, without
// those whose segment is in the snapshot: a segment is read from the spool
// until it is removed there, whatever files it became already. It is
// duck.ErrSourceChanged when a compaction put files in the place of others
// meanwhile: the list may then hold both, or neither.
func listFiles(where Layout, c *lake.Catalog, spooled map[string]bool) (listing, error) {
	l := listing{schema: schemaOf(c)}
	swap, err := compact.Read(disk.OS{}, where.Compaction())
	if err != nil {
		return l, err
	}
	for _, p := range c.Partitions {
		if err := l.add(where.Data(), p.Hour.Path(), p.Hour, swap, spooled); err != nil {
			return l, fmt.Errorf("list partition %s: %w", p.Hour.Path(), err)
		}
	}
	return l, unswapped(where, swap)
}

// unswapped is duck.ErrSourceChanged when a compaction went on since the
// journal was read.
func unswapped(where Layout, swap compact.Swap) error {
	now, err := compact.Read(disk.OS{}, where.Compaction())
	if err == nil && !swap.Same(now) {
		err = fault.New(fault.Busy, "list %s: %w", where.Data(), duck.ErrSourceChanged).WithHint("ask again when the compaction is over")
	}
	return err
}

// listAll is listFiles for every directory below the data, registered or not,
// canonical or not.
func listAll(where Layout, spooled map[string]bool) (listing, error) {
	var l listing
	swap, err := compact.Read(disk.OS{}, where.Compaction())
	if err != nil {
		return l, err
	}
	err = filepath.WalkDir(where.Data(), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(where.Data(), path)
		if err != nil {
			return err
		}
		return l.add(where.Data(), filepath.ToSlash(rel), lake.Hour{}, swap, spooled)
	})
	if err != nil {
		return l, fmt.Errorf("list %s: %w", where.Data(), err)
	}
	return l, unswapped(where, swap)
}

func (l listing) paths() []string {
	paths := make([]string, 0, len(l.files))
	for _, f := range l.files {
		paths = append(paths, f.Path)
	}
	return paths
}

// add lists the files of one directory.
func (l *listing) add(data, rel string, h lake.Hour, swap compact.Swap, spooled map[string]bool) error {
	dir := filepath.Join(data, filepath.FromSlash(rel))
	names, err := dataNames(dir)
	if err != nil {
		return err // not for one that is registered but gone: repair --prune
	}
	for _, name := range swap.Visible(rel, names) {
		if segment, _ := lake.SegmentOf(name); spooled[segment] {
			continue
		}
		info, err := os.Lstat(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // purged since
		}
		if err != nil {
			return err
		}
		l.files = append(l.files, duck.File{Path: filepath.Join(dir, name), Hour: h})
		l.infos = append(l.infos, info)
	}
	return nil
}

// dataNames lists the data files of a partition; none when it is not there.
func dataNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if _, ok := lake.SegmentOf(e.Name()); ok {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// changed is duck.ErrSourceChanged when a file is gone or another one has
// taken its place since it was listed. The engine reads a file in pieces: those
// of two files give an error or, worse, none.
func (l listing) changed() error {
	for i, f := range l.files {
		now, err := os.Lstat(f.Path)
		was := l.infos[i]
		if err != nil || !os.SameFile(was, now) || now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) {
			return fault.New(fault.Busy, "read %s: %w", f.Path, duck.ErrSourceChanged).WithHint("ask again when the purge or compaction is over")
		}
	}
	return nil
}
