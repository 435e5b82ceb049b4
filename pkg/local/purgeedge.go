package local

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

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
		return errors.Join(err, forget(edits))
	}
	for _, e := range edits {
		if e.fresh == "" {
			result.Removed++
			err = errors.Join(err, os.Remove(e.path))
		} else {
			result.Rewritten++
			err = errors.Join(err, os.Rename(e.fresh, e.path))
		}
		result.Bytes += e.freed
	}
	if len(edits) > 0 {
		err = errors.Join(err, disk.OS{}.SyncDir(dir))
	}
	return err
}

// rewriteEdge writes the rows of path that stay; changed is false when all do.
func rewriteEdge(ctx context.Context, path string, info fs.FileInfo, o pipeline.PurgeOptions) (e edit, changed bool, err error) {
	fresh := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".purge")
	if err := removeIfThere(fresh); err != nil { // of a purge that was killed
		return e, false, err
	}
	kept, removed, err := duck.RewriteOutside(ctx, path, fresh, o.Since, o.Until)
	if err != nil && ctx.Err() == nil {
		err = fault.New(fault.Failed, "%w", err).WithHint("when the file is damaged remove it, or purge its whole hour: %s", path)
	}
	if err != nil || removed == 0 || kept == 0 {
		return edit{path: path, freed: info.Size()}, err == nil && removed > 0, errors.Join(err, removeIfThere(fresh))
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
func forget(edits []edit) error {
	var err error
	for _, e := range edits {
		if e.fresh != "" {
			err = errors.Join(err, removeIfThere(e.fresh))
		}
	}
	return err
}

func removeIfThere(path string) error { return disk.RemoveIfExists(disk.OS{}, path) }
