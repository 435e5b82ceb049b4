package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// maxListings is how often a question starts anew because files moved while it
// was answered; flushes and purges are rare, so a second try is the last in
// practice.
const maxListings = 5

// Query answers from the registered partitions and from the records that wait
// in the spool, so that every answered hit is seen.
func (t *Target) Query(ctx context.Context, o pipeline.QueryOptions, sink pipeline.Sink) (query.Rows, error) {
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return nil, t.notDeployed(fs.ErrNotExist)
	}
	for try := 1; ; try++ {
		rows, err := t.answer(ctx, o, sink)
		if err == nil || try == maxListings || !errors.Is(err, duck.ErrSourceChanged) {
			return rows, err
		}
		sink = nil // it has heard the warnings
	}
}

// catalog gives the registered partitions, after a repair unless it is not
// wanted. In a directory that cannot be written the repair stays in memory.
func (t *Target) catalog(ctx context.Context, noRepair bool, sink pipeline.Sink) (*lake.Catalog, error) {
	if noRepair {
		// One that cannot be read is rebuilt all the same: nothing else says
		// which partitions were registered.
		if c, rebuilt, err := readCatalog(t.l); err != nil || !rebuilt {
			return c, err
		}
	}
	c, _, err := repairCatalog(ctx, t.l, pipeline.RepairOptions{}, sink)
	if !errors.Is(err, fs.ErrPermission) {
		return c, err
	}
	c, _, err = readCatalog(t.l)
	if err != nil {
		return nil, err
	}
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return nil, err
	}
	c.Add(onDisk.hours)
	sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "catalog", Text: "new partitions were read but not registered: the directory cannot be written"})
	return c, nil
}

func (t *Target) answer(ctx context.Context, o pipeline.QueryOptions, sink pipeline.Sink) (query.Rows, error) {
	snap, err := takeSnapshot(t.l)
	if err != nil {
		return nil, err
	}
	list, err := t.list(ctx, o, snap, sink)
	if err != nil {
		return nil, errors.Join(err, snap.remove())
	}
	engine, err := duck.Open(ctx, duck.Source{Data: t.l.Data(), Files: list.files, Spool: snap.files}, duck.Options{})
	if err != nil {
		return nil, errors.Join(err, snap.remove())
	}
	rows, err := engine.Query(ctx, o.SQL)
	if changed := list.changed(); changed != nil && ctx.Err() == nil {
		if err == nil {
			changed = errors.Join(changed, rows.Close())
		} // else it is only what the change led to
		return nil, errors.Join(changed, engine.Close(), snap.remove())
	}
	if err != nil {
		return nil, errors.Join(err, engine.Close(), snap.remove())
	}
	return &ownedRows{Rows: rows, engine: engine, snap: snap}, nil
}

// list reads the catalog after the snapshot was taken: a record that moved to
// the lake since then lies in an hour that may be new.
func (t *Target) list(ctx context.Context, o pipeline.QueryOptions, snap *snapshot, sink pipeline.Sink) (listing, error) {
	c, err := t.catalog(ctx, o.NoRepair, sink)
	if err != nil {
		return listing{}, err
	}
	return listFiles(t.l.Data(), c, snap.segments)
}

// snapshot is a set of hard links to the spool's segments: the flusher may
// remove them while a query still reads.
type snapshot struct {
	dir      string
	files    []string
	segments map[string]bool
}

// staleSnapshot is the age at which a killed query's links are swept.
const staleSnapshot = 24 * time.Hour

// takeSnapshot must come before the catalog is read and the lake is listed:
// then a record that moves from spool to lake in between is found in the spool,
// and its file is left out.
func takeSnapshot(l Layout) (*snapshot, error) {
	s := &snapshot{segments: map[string]bool{}}
	entries, err := os.ReadDir(l.Spool())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list spool: %w", err)
	}
	if len(entries) == 0 {
		return s, nil
	}
	if err := os.MkdirAll(l.Snapshots(), dirPerm); err != nil {
		return nil, fault.New(fault.Credentials, "read spool: %w", err).WithHint("the spool needs a directory that can be written: %s", l.Dir)
	}
	sweepSnapshots(l)
	if s.dir, err = os.MkdirTemp(l.Snapshots(), "query-"); err != nil {
		return nil, fmt.Errorf("create snapshot of the spool: %w", err)
	}
	for _, e := range entries {
		if err := s.link(l, e.Name()); err != nil {
			return nil, errors.Join(err, s.remove())
		}
	}
	return s, nil
}

func (s *snapshot) link(l Layout, name string) error {
	segment, ok := segmentID(name)
	if !ok {
		return nil
	}
	to := filepath.Join(s.dir, name)
	err := os.Link(filepath.Join(l.Spool(), name), to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // flushed meanwhile: the lake has it
	}
	if err != nil {
		return fmt.Errorf("link segment %s for reading: %w", name, err)
	}
	s.files = append(s.files, to)
	s.segments[segment] = true
	return nil
}

func (s *snapshot) remove() error {
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

func sweepSnapshots(l Layout) {
	entries, _ := os.ReadDir(l.Snapshots())
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleSnapshot {
			_ = os.RemoveAll(filepath.Join(l.Snapshots(), e.Name())) // swept again by the next query
		}
	}
}

// ownedRows frees what the question needed when its answer is closed.
type ownedRows struct {
	query.Rows
	engine *duck.Engine
	snap   *snapshot
}

func (r *ownedRows) Close() error {
	return errors.Join(r.Rows.Close(), r.engine.Close(), r.snap.remove())
}
