package local

import (
	"context"
	"errors"
	"io/fs"

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
// in the spool, so that every answered hit is seen. Arrays, maps and rows are
// texts, as Athena answers with them.
func (t *Target) Query(ctx context.Context, o pipeline.QueryOptions, sink pipeline.Sink) (query.Rows, error) {
	rows, err := t.values(ctx, o, sink)
	if err != nil {
		return nil, err
	}
	return query.PrintParts(rows), nil
}

// values is Query whose arrays, maps and rows have their parts.
func (t *Target) values(ctx context.Context, o pipeline.QueryOptions, sink pipeline.Sink) (query.Rows, error) {
	st, err := o.Statement()
	if err != nil {
		return nil, err
	}
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return nil, t.notDeployed(fs.ErrNotExist)
	}
	rows, err := settled(func() (query.Rows, error) {
		heard := sink
		sink = nil // once is enough for its warnings
		return t.answer(ctx, st, o, heard)
	})
	return rows, st.Locate(err)
}

// Parted names the relations of rows that have no copy and of those that may.
func (t *Target) Parted() (single, repeatable string) { return duck.Single, duck.Repeatable }

// settled reads anew while files move under the reader.
func settled[R any](read func() (R, error)) (R, error) {
	for try := 1; ; try++ {
		r, err := read()
		if err == nil || try == maxListings || !errors.Is(err, duck.ErrSourceChanged) {
			return r, err
		}
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

func (t *Target) answer(ctx context.Context, st query.Statement, o pipeline.QueryOptions, sink pipeline.Sink) (query.Rows, error) {
	snap, err := takeSnapshot(t.l)
	if err != nil {
		return nil, err
	}
	list, err := t.list(ctx, o.NoRepair, snap, sink)
	if err != nil {
		return nil, errors.Join(err, snap.remove())
	}
	engine, err := duck.Open(ctx, duck.Source{Data: t.l.Data(), Files: list.files, Spool: snap.files, Schema: list.schema}, duck.Options{Most: o.Most, Few: o.Few})
	if err != nil {
		if changed := list.changed(); changed != nil && ctx.Err() == nil {
			err = changed // and what it led to
		}
		return nil, errors.Join(err, snap.remove())
	}
	rows, err := engine.Query(ctx, st.SQL, st.Params...)
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
func (t *Target) list(ctx context.Context, noRepair bool, snap *snapshot, sink pipeline.Sink) (listing, error) {
	c, err := t.catalog(ctx, noRepair, sink)
	if err != nil {
		return listing{}, err
	}
	return listFiles(t.l, c, snap.segments)
}

// ownedRows frees what the question needed when its answer is closed.
type ownedRows struct {
	query.Rows
	engine *duck.Engine
	snap   *snapshot
	closed bool
}

func (r *ownedRows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return errors.Join(r.Rows.Close(), r.engine.Close(), r.snap.remove())
}
