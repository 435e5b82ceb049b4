package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
)

// catalogLocation is the table's location relative to the catalog file, so
// that a stack's directory may be moved.
const catalogLocation = "lake/" + lake.DataPrefix

// found is what lies under the table's location.
type found struct {
	hours   []lake.Hour
	unusual []string // directories that look like hours but are not canonical
}

// scanHours lists the hour directories of the lake, one directory level at a
// time, without touching files.
func scanHours(data string) (found, error) {
	var f found
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no data yet, or removed while we walk
		}
		if err != nil {
			return err
		}
		if !d.IsDir() || path == data {
			return nil
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, data+string(filepath.Separator)))
		if strings.Count(rel, "/") < len(lake.PartitionKeys())-1 {
			return nil
		}
		h, canonical, err := lake.ParseHour(rel)
		switch {
		case err == nil && canonical:
			f.hours = append(f.hours, h)
		default:
			f.unusual = append(f.unusual, rel)
		}
		return fs.SkipDir
	})
	if err != nil {
		return found{}, fmt.Errorf("list partitions in %s: %w", data, err)
	}
	return f, nil
}

// readCatalog loads the catalog. A missing one is new, with the columns that
// stack.json asks for; one that cannot be read is rebuilt from what lies on
// disk, and rebuilt is true.
func readCatalog(l Layout) (c *lake.Catalog, rebuilt bool, err error) {
	b, err := os.ReadFile(l.Catalog())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, fmt.Errorf("read catalog: %w", err)
	}
	there := err == nil
	if there {
		if c, err = lake.DecodeCatalog(b); err == nil && soundColumns(c) {
			return c, false, nil
		}
	}
	schema, err := settingsSchema(l)
	return lake.NewCatalog(catalogLocation, schema), there, err
}

// repairCatalog registers what lies on disk and is not registered; with
// prune it drops what is gone. Columns never change here.
func repairCatalog(ctx context.Context, l Layout, o pipeline.RepairOptions, sink pipeline.Sink) (*lake.Catalog, pipeline.RepairResult, error) {
	unlock, err := lockCatalog(ctx, l)
	if err != nil {
		return nil, pipeline.RepairResult{}, err
	}
	defer unlock()
	c, rebuilt, err := readCatalog(l)
	if err != nil {
		return nil, pipeline.RepairResult{}, err
	}
	onDisk, err := scanHours(l.Data())
	if err != nil {
		return nil, pipeline.RepairResult{}, err
	}
	warnCatalog(l, rebuilt, onDisk.unusual, sink)
	added := c.Add(onDisk.hours)
	var pruned []lake.Hour
	if o.Prune {
		pruned = missing(c, onDisk.hours)
		c.Drop(pruned)
	}
	r := pipeline.RepairResult{
		Added: paths(added), Pruned: paths(pruned), Total: len(c.Partitions),
		Rebuilt: rebuilt, DryRun: o.DryRun,
	}
	if !o.DryRun && (rebuilt || len(added)+len(pruned) > 0) {
		err = saveCatalog(l, c)
	}
	return c, r, err
}

func warnCatalog(l Layout, rebuilt bool, unusual []string, sink pipeline.Sink) {
	if rebuilt {
		sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "catalog", Text: l.Catalog() + " could not be read; it was built anew from the files on disk"})
	}
	for _, u := range unusual {
		sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "catalog", Text: u + " is no partition (unpadded numbers are expected) and was left out"})
	}
}

// lockCatalog keeps two processes from changing the catalog at once. It waits
// as long as ctx lets it: holders are quick.
func lockCatalog(ctx context.Context, l Layout) (unlock func(), err error) {
	lock := newLock(l.CatalogLock())
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return nil, fmt.Errorf("lock catalog: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil
}

func saveCatalog(l Layout, c *lake.Catalog) error {
	b, err := c.Encode()
	if err != nil {
		return fmt.Errorf("encode catalog: %w", err)
	}
	if err := disk.WriteFileAtomic(disk.OS{}, l.Catalog(), b, filePerm); err != nil {
		return fmt.Errorf("write catalog: %w", err)
	}
	return nil
}

func missing(c *lake.Catalog, onDisk []lake.Hour) []lake.Hour {
	there := make(map[lake.Hour]bool, len(onDisk))
	for _, h := range onDisk {
		there[h] = true
	}
	var gone []lake.Hour
	for _, p := range c.Partitions {
		if !there[p.Hour] {
			gone = append(gone, p.Hour)
		}
	}
	return gone
}

func paths(hours []lake.Hour) []string {
	out := make([]string, 0, len(hours))
	for _, h := range hours {
		out = append(out, h.Path())
	}
	return out
}
