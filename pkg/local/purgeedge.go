package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
)

// edit is one file of an edge hour and what takes its place.
type edit struct {
	path  string
	fresh string // rows outside the window, on disk; "" when there are none
	freed int64  // bytes
}

// purgeEdge writes the files of an hour that the window only touches anew,
// under their own names: a kill leaves the old or the new file, never both.
// All are written before the first takes its place, so that questions, which
// start anew when a file changes under them, are disturbed for a moment only.
func (t *Target) purgeEdge(ctx context.Context, h lake.Hour, o pipeline.PurgeOptions, result *pipeline.PurgeResult) error {
	dir := filepath.Join(t.l.Data(), filepath.FromSlash(h.Path()))
	var edits []edit
	err := walkFiles(dir, lake.Extension, func(path string, info fs.FileInfo) error {
		e, changed, err := rewriteEdge(ctx, path, info, o)
		if changed {
			edits = append(edits, e)
		}
		return err
	})
	if err != nil {
		return errors.Join(err, forget(disk.OS{}, edits))
	}
	return swap(disk.OS{}, t.l.Data(), dir, edits, func(e edit) {
		if e.fresh == "" {
			result.Removed++
		} else {
			result.Rewritten++
		}
		result.Bytes += e.freed
	})
}

// swap puts the fresh files of a directory in the place of the old ones, and
// tells of each that it did. A directory that is left empty goes too.
func swap(fsys disk.FS, data, dir string, edits []edit, done func(edit)) error {
	if len(edits) == 0 {
		return nil
	}
	var err error
	for _, e := range edits {
		failed := e.takePlace(fsys)
		if failed == nil {
			done(e)
		}
		err = errors.Join(err, failed)
	}
	return errors.Join(err, fsys.SyncDir(dir), pruneEmpty(fsys, data, dir))
}

func (e edit) takePlace(fsys disk.FS) error {
	if e.fresh == "" {
		return disk.RemoveIfExists(fsys, e.path)
	}
	if err := fsys.Rename(e.fresh, e.path); err != nil {
		return errors.Join(err, disk.RemoveIfExists(fsys, e.fresh))
	}
	return nil
}

// pruneEmpty removes dir and those above it below data, as far as they are
// empty. A flush may be putting a file there: then it stays.
func pruneEmpty(fsys disk.FS, data, dir string) error {
	for ; dir != data; dir = filepath.Dir(dir) {
		left, err := fsys.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) || len(left) > 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if err := fsys.Remove(dir); err != nil {
			left, _ := fsys.ReadDir(dir)
			if len(left) > 0 {
				return nil
			}
			return err
		}
		if err := fsys.SyncDir(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	return nil
}

// freshSuffix ends the hidden name of a file that shall take another's place.
const freshSuffix = ".purge"

func freshName(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+freshSuffix)
}

// sweepFresh removes what an operation that was killed left: files half
// written, and directories that it was about to remove.
func sweepFresh(fsys disk.FS, data string) error {
	var dirs []string
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir():
			dirs = append(dirs, path)
		case strings.HasPrefix(d.Name(), ".") && strings.HasSuffix(d.Name(), freshSuffix):
			return disk.RemoveIfExists(fsys, path)
		}
		return nil
	})
	for _, dir := range slices.Backward(dirs) { // each before the one that holds it
		if err == nil {
			err = pruneEmpty(fsys, data, dir)
		}
	}
	if err != nil {
		return fmt.Errorf("sweep %s: %w", data, err)
	}
	return nil
}

// rewriteEdge writes the rows of path that stay; changed is false when all do.
func rewriteEdge(ctx context.Context, path string, info fs.FileInfo, o pipeline.PurgeOptions) (e edit, changed bool, err error) {
	fresh := freshName(path)
	rows, err := duck.RewriteOutside(ctx, path, fresh, o.Since, o.Until)
	if err != nil && ctx.Err() == nil {
		err = fault.New(fault.Failed, "%w", err).WithHint("when the file is damaged remove it, or purge its whole hour: %s", path)
	}
	if err != nil || rows.Changed == 0 || rows.After == 0 {
		return edit{path: path, freed: info.Size()}, err == nil && rows.Changed > 0, errors.Join(err, removeIfThere(fresh))
	}
	now, err := os.Stat(fresh)
	if err == nil {
		err = disk.SyncFile(disk.OS{}, fresh)
	}
	if err != nil {
		return e, false, errors.Join(err, removeIfThere(fresh))
	}
	return edit{path: path, fresh: fresh, freed: info.Size() - now.Size()}, true, nil
}

// forget removes what was written and shall not take its place.
func forget(fsys disk.FS, edits []edit) error {
	var err error
	for _, e := range edits {
		if e.fresh != "" {
			err = errors.Join(err, disk.RemoveIfExists(fsys, e.fresh))
		}
	}
	return err
}

func removeIfThere(path string) error { return disk.RemoveIfExists(disk.OS{}, path) }
