package local

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
)

// Purge removes records by received_at: hours that lie wholly in the window
// go as directories, the files at its edges are written anew.
func (t *Target) Purge(ctx context.Context, o pipeline.PurgeOptions, sink pipeline.Sink) (pipeline.PurgeResult, error) {
	result := pipeline.PurgeResult{DryRun: o.DryRun}
	if err := o.Validate(); err != nil {
		return result, err
	}
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return result, t.notDeployed(fs.ErrNotExist)
	}
	var err error
	if result.Rows, err = t.rows(ctx, o.Window, sink); err != nil {
		return result, fmt.Errorf("count rows to purge: %w", err)
	}
	if o.DryRun {
		err = t.purgePlan(o, &result)
		return result, err
	}
	lock, err := lockOperation(ctx, t.l, "purge")
	if err != nil {
		return result, err
	}
	defer func() { _ = lock.Unlock() }()
	if exists(t.l.Settings()) {
		if _, err := t.Flush(ctx, sink); err != nil {
			return result, fmt.Errorf("flush the spool before purging: %w", err)
		}
	}
	sweepSnapshots(t.l, 0) // a question that was killed left records there
	err = t.purge(ctx, o, &result, sink)
	return result, err
}

func (t *Target) purge(ctx context.Context, o pipeline.PurgeOptions, result *pipeline.PurgeResult, sink pipeline.Sink) error {
	if err := sweepFresh(disk.OS{}, t.l.Data()); err != nil {
		return err
	}
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return err
	}
	for i, h := range onDisk.hours {
		if err := ctx.Err(); err != nil {
			return err
		}
		sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "purge", Text: h.Path(), Done: int64(i), Total: int64(len(onDisk.hours))})
		if o.All || lake.Covered(h, o.Since, o.Until) {
			err = t.purgeHour(h, result)
		} else if lake.Overlaps(h, o.Since, o.Until) {
			err = t.purgeEdge(ctx, h, o, result)
		}
		if err != nil {
			return fmt.Errorf("purge %s: %w", h.Path(), err)
		}
	}
	if err := t.purgeErrors(o, result); err != nil {
		return err
	}
	_, _, err = repairCatalog(ctx, t.l, pipeline.RepairOptions{Prune: true}, sink)
	return err
}

// purgePlan counts the files that a purge would remove, and those at the edges
// that it would have to look into.
func (t *Target) purgePlan(o pipeline.PurgeOptions, result *pipeline.PurgeResult) error {
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return err
	}
	for _, h := range onDisk.hours {
		whole := o.All || lake.Covered(h, o.Since, o.Until)
		if !whole && !lake.Overlaps(h, o.Since, o.Until) {
			continue
		}
		dir := filepath.Join(t.l.Data(), filepath.FromSlash(h.Path()))
		err := walkFiles(dir, lake.Extension, func(_ string, info fs.FileInfo) error {
			if whole {
				result.Removed++
				result.Bytes += info.Size()
			} else {
				result.Rewritten++
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// purgeHour removes one hour's directory and the parents it leaves empty.
func (t *Target) purgeHour(h lake.Hour, result *pipeline.PurgeResult) error {
	dir := filepath.Join(t.l.Data(), filepath.FromSlash(h.Path()))
	err := walkFiles(dir, "", func(_ string, info fs.FileInfo) error {
		result.Removed++
		result.Bytes += info.Size()
		return nil
	})
	if err == nil {
		err = os.RemoveAll(dir)
	}
	if err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	for parent != t.l.Data() && os.Remove(parent) == nil {
		parent = filepath.Dir(parent) // it was empty
	}
	return disk.OS{}.SyncDir(parent)
}
