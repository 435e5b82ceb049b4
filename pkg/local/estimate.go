package local

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Estimate counts the files of the hours that a question may read, and the
// records that wait in the spool, which every question reads.
func (t *Target) Estimate(ctx context.Context, o pipeline.QueryOptions) (query.Estimate, error) {
	st, err := o.Statement()
	if err != nil {
		return query.Estimate{}, err
	}
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return query.Estimate{}, t.notDeployed(fs.ErrNotExist)
	}
	return settled(func() (query.Estimate, error) { return t.estimate(ctx, query.ReachOf(st.SQL)) })
}

func (t *Target) estimate(ctx context.Context, reach query.Reach) (query.Estimate, error) {
	snap, err := takeSnapshot(t.l)
	if err != nil {
		return query.Estimate{}, err
	}
	stored, err := t.stored(ctx, snap)
	if err != nil {
		return query.Estimate{}, errors.Join(err, snap.remove())
	}
	e := reach.Estimate(stored)
	if e.Scans > 0 {
		for _, path := range snap.files {
			if info, err := os.Stat(path); err == nil {
				e.Waiting += info.Size()
			}
		}
	}
	return e, snap.remove()
}

// stored lists the hours on disk: a question registers those that are not.
func (t *Target) stored(ctx context.Context, snap *snapshot) ([]query.Stored, error) {
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return nil, err
	}
	c, _, err := readCatalog(t.l)
	if err != nil {
		return nil, err
	}
	c.Add(onDisk.hours)
	list, err := listFiles(t.l, c, snap.segments)
	if err != nil {
		return nil, err
	}
	at := map[lake.Hour]int{}
	var out []query.Stored
	for i, f := range list.files {
		n, ok := at[f.Hour]
		if !ok {
			n, at[f.Hour] = len(out), len(out)
			out = append(out, query.Stored{Hour: f.Hour})
		}
		out[n].Files++
		out[n].Bytes += list.infos[i].Size()
	}
	return out, ctx.Err()
}
