package cloud

import (
	"context"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Estimate lists the objects of the hours that a question may read. Athena is
// not asked: it tells what it has read only when that is paid for.
func (t *Target) Estimate(ctx context.Context, o pipeline.QueryOptions) (query.Estimate, error) {
	st, err := o.Statement()
	if err != nil {
		return query.Estimate{}, err
	}
	d, err := t.readable(ctx, "query")
	if err != nil {
		return query.Estimate{}, err
	}
	if err := d.athena.Check(st.SQL, st.Params...); err != nil {
		return query.Estimate{}, st.Locate(err)
	}
	var from lake.Hour
	if !d.projected() { // what is newer than the newest that is known, the question registers
		newest, err := d.catalog.Newest(ctx)
		if err != nil {
			return query.Estimate{}, err
		}
		from = since(newest)
	}
	h, err := t.survey(ctx, d, from)
	if err != nil {
		return query.Estimate{}, err
	}
	reach := query.ReachOf(st.SQL)
	stored, err := t.stored(ctx, d, reach, h)
	if err != nil {
		return query.Estimate{}, err
	}
	e := reach.Estimate(stored)
	e.FilesTotal = -1 // the hours that are left out are not listed
	switch {
	case e.Scans > 0 && t.o.Prices != nil:
		e.Dollars = t.o.Prices.Scan(e.Bytes)
	case e.Scans > 0:
		e.Unpriced = t.o.Session.Region
	}
	return e, nil
}

// stored lists the objects of those hours that are reached.
func (t *Target) stored(ctx context.Context, d *deployed, reach query.Reach, h hours) ([]query.Stored, error) {
	known := slices.Concat(h.registered, h.missing)
	out := make([]query.Stored, len(known))
	at := map[lake.Hour]int{}
	for i, hour := range known {
		out[i].Hour, at[hour] = hour, i
	}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, prefix := range reached(reach, known, h.padded) {
		g.Go(func() error {
			list, err := t.bucket.List(ctx, d.data, prefix, 0)
			mu.Lock()
			defer mu.Unlock()
			for _, o := range list {
				hour, err := hourOfKey(o.Key)
				if i, known := at[hour]; err == nil && known {
					out[i].Files++
					out[i].Bytes += o.Size
				}
			}
			return err
		})
	}
	return out, g.Wait()
}

// reached are the prefixes to list: those of days, because a day of hours is
// seldom more than a page, and those of padded hours, such as month=07.
func reached(reach query.Reach, known []lake.Hour, padded []string) []string {
	var prefixes []string
	for _, h := range known {
		if reach.Touches(h) {
			day := lake.Hour{Year: h.Year, Month: h.Month, Day: h.Day}
			prefixes = append(prefixes, dataPrefix+strings.TrimSuffix(day.Path(), "hour=0"))
		}
	}
	for _, dir := range padded {
		if h, _, err := lake.ParseHour(dir); err == nil && reach.Touches(h) {
			prefixes = append(prefixes, dataPrefix+dir+"/")
		}
	}
	slices.Sort(prefixes)
	return slices.Compact(prefixes)
}
