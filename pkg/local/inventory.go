package local

import (
	"context"
	"io/fs"
	"slices"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
)

// belonging is one thing a stack owns on disk.
type belonging struct {
	kind  string
	paths []string
	data  bool // stays behind on --keep-data
}

// belongings are in the order of removal: the locks go last, so that a destroy
// that was killed still finds something to remove, and keeps others out.
func belongings(l Layout) []belonging {
	return []belonging{
		{kind: "server", paths: written(l.Server())},
		{kind: "spool", paths: []string{l.Spool(), l.Snapshots()}},
		{kind: "data", paths: []string{l.Data()}, data: true},
		{kind: "errors", paths: append([]string{l.Errors()}, written(l.Replay())...), data: true},
		{kind: "lake", paths: []string{l.Lake()}, data: true},
		{kind: "catalog", paths: append(written(l.Catalog()), written(l.Compaction())...), data: true},
		{kind: "counts", paths: written(l.Counts())},
		{kind: "erasure", paths: written(l.Erasure())},
		{kind: "keys", paths: written(l.Keys())},
		{kind: "log", paths: []string{l.Log()}},
		{kind: "settings", paths: written(l.Settings())},
		{kind: "locks", paths: []string{l.ServerLock(), l.CatalogLock(), l.OperationLock()}},
	}
}

// written is a file and what a writer that was killed may have left of it.
func written(path string) []string { return []string{path, path + disk.TempSuffix} }

// Inventory lists what lies in the directory and belongs to the stack.
func (t *Target) Inventory(ctx context.Context) (pipeline.Inventory, error) {
	inv := pipeline.Inventory{Stack: t.o.Stack, Target: TargetName, Items: []pipeline.Item{}}
	if s, err := loadSettings(t.l); err == nil {
		inv.Stack = s.Stack
	}
	for _, b := range belongings(t.l) {
		if !b.exists() {
			continue
		}
		item, err := b.item()
		if err != nil {
			return inv, err
		}
		if b.kind == "data" {
			item.Rows = t.rowsOnDisk(ctx)
		}
		inv.Items = append(inv.Items, item)
	}
	if len(inv.Items) == 0 {
		return inv, t.notDeployed(fs.ErrNotExist)
	}
	return inv, nil
}

func (b belonging) exists() bool {
	return slices.ContainsFunc(b.paths, exists)
}

func (b belonging) item() (pipeline.Item, error) {
	item := pipeline.Item{Kind: b.kind, Name: b.paths[0], Rows: -1}
	if b.kind == "lake" {
		return item, nil // counted as data and errors
	}
	for _, p := range b.paths {
		err := walkFiles(p, "", func(_ string, info fs.FileInfo) error {
			item.Files++
			item.Bytes += info.Size()
			return nil
		})
		if err != nil {
			return item, err
		}
	}
	if b.kind == "spool" {
		s, err := measure(b.paths[0], ".ndjson")
		item.Rows = s.Records
		return item, err
	}
	return item, nil
}

// rowsOnDisk reads only the footers of the files; -1 when that fails.
func (t *Target) rowsOnDisk(ctx context.Context) int64 {
	files, err := listAll(t.l, nil)
	if err != nil {
		return -1
	}
	n, err := duck.CountRows(ctx, files.paths())
	if err != nil {
		return -1
	}
	return n
}
