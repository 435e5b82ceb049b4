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
// until it is removed there, whatever files it became already.
func listFiles(data string, c *lake.Catalog, spooled map[string]bool) (listing, error) {
	l := listing{schema: schemaOf(c)}
	for _, p := range c.Partitions {
		dir := filepath.Join(data, filepath.FromSlash(p.Hour.Path()))
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue // registered, but gone: repair --prune
		}
		if err != nil {
			return l, fmt.Errorf("list partition %s: %w", p.Hour.Path(), err)
		}
		for _, e := range entries {
			segment, ok := lake.SegmentOf(e.Name())
			if !ok || spooled[segment] {
				continue
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // purged since
			}
			if err != nil {
				return l, fmt.Errorf("list partition %s: %w", p.Hour.Path(), err)
			}
			l.files = append(l.files, duck.File{Path: filepath.Join(dir, e.Name()), Hour: p.Hour})
			l.infos = append(l.infos, info)
		}
	}
	return l, nil
}

// changed is duck.ErrSourceChanged when a file is gone or another one has
// taken its place since it was listed. The engine reads a file in pieces: those
// of two files give an error or, worse, none.
func (l listing) changed() error {
	for i, f := range l.files {
		now, err := os.Lstat(f.Path)
		was := l.infos[i]
		if err != nil || !os.SameFile(was, now) || now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) {
			return fault.New(fault.Busy, "read %s: %w", f.Path, duck.ErrSourceChanged).WithHint("ask again when the purge is over")
		}
	}
	return nil
}
