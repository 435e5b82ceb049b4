package cloud

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Trace looks for hits. A file that came is seen by listing the hours that may
// hold it, which costs next to nothing; Athena is asked only when one did. What
// the stream holds cannot be seen.
func (t *Target) Trace(ctx context.Context, o pipeline.TraceOptions) (pipeline.Trace, error) {
	d, err := t.standing(ctx, "hit")
	if err != nil {
		return pipeline.Trace{}, err
	}
	o.Since = o.Since.Truncate(time.Second) // S3 dates objects so
	files, listings, err := t.came(ctx, d, o.Since)
	if err != nil {
		return pipeline.Trace{}, err
	}
	trace := pipeline.Trace{Files: int64(len(files)), Listings: listings, Hits: map[string]pipeline.Traced{}}
	last := o.Last
	if last != nil {
		trace.Rejected, trace.Queries, trace.Dollars, trace.Listings = last.Rejected, last.Queries, last.Dollars, last.Listings+listings
	}
	switch {
	case last != nil && last.Files == trace.Files && last.Hits != nil:
		maps.Copy(trace.Hits, last.Hits)
	case len(files) > 0:
		err = errors.Join(t.trace(ctx, d, o, files, &trace), t.refused(ctx, d, o.Since, &trace))
	}
	waiting(trace.Hits, o, files, d.buffer())
	return trace, err
}

// waiting marks the hits that the stream may still hold: no file came so late
// that their records must have been delivered before.
func waiting(hits map[string]pipeline.Traced, o pipeline.TraceOptions, files map[string]bucket.Object, buffer time.Duration) {
	late := o.Since.Add(buffer + patience)
	drained := slices.ContainsFunc(slices.Collect(maps.Values(files)), func(f bucket.Object) bool { return f.Modified.After(late) })
	for _, id := range o.IDs {
		if h := hits[id]; h.Rows == 0 {
			delete(hits, id)
			if !drained {
				hits[id] = pipeline.Traced{Waiting: true}
			}
		}
	}
}

// patience is how much longer than its buffer Firehose takes as a rule. It serves
// those who look for what is new; what must miss no row goes by lake.RowsAfter.
const patience = 2 * time.Minute

// came lists the data files that were written since, by their URL.
func (t *Target) came(ctx context.Context, d *deployed, since time.Time) (map[string]bucket.Object, int, error) {
	files, listings := map[string]bucket.Object{}, 0
	first, _ := query.Window{Since: since}.Hours(d.buffer())
	for at := first.Start(); !at.After(t.clock.Now()); at = at.Add(time.Hour) {
		prefix := dataPrefix + hourOf(at).Path() + "/"
		found, err := t.bucket.List(ctx, d.data, prefix, 0)
		listings += 1 + len(found)/1000
		if err != nil {
			return nil, listings, err
		}
		for _, f := range found {
			if !f.Modified.Before(since) && !strings.HasSuffix(f.Key, "/") {
				files[d.url(f.Key)] = f
			}
		}
	}
	return files, listings, nil
}

// trace asks Athena for the rows of the hits.
func (t *Target) trace(ctx context.Context, d *deployed, o pipeline.TraceOptions, files map[string]bucket.Object, trace *pipeline.Trace) (err error) {
	if err := t.registerNew(ctx, d, nil); err != nil {
		return err
	}
	rows, err := d.athena.Query(ctx, traceSQL(o.IDs, query.Window{Since: o.Since}, d.buffer()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	err = query.Each(ctx, rows, func(row []any) error {
		id, _ := row[0].(string)
		path, _ := row[1].(string)
		n, _ := row[2].(int64)
		seen := trace.Hits[id]
		seen.Rows += n
		if f, ok := files[path]; ok && (seen.Stored.IsZero() || f.Modified.Before(seen.Stored)) {
			seen.Stored = f.Modified
		}
		trace.Hits[id] = seen
		return nil
	})
	if err == nil {
		trace.Queries++
		trace.Dollars += rows.Stats().Dollars
	}
	return err
}

// refused counts the files of lines that did not become rows since.
func (t *Target) refused(ctx context.Context, d *deployed, since time.Time, trace *pipeline.Trace) error {
	kinds, err := t.bucket.Prefixes(ctx, d.data, errorPrefix, "")
	trace.Listings++
	if err != nil {
		return err
	}
	trace.Rejected = 0
	for _, kind := range kinds {
		for at := since.UTC().Truncate(24 * time.Hour); !at.After(t.clock.Now()); at = at.Add(24 * time.Hour) {
			day, _ := strings.CutSuffix(hourOf(at).Path(), "/hour=0")
			found, err := t.bucket.List(ctx, d.data, kind+day+"/", 0)
			trace.Listings++
			if err != nil {
				return err
			}
			for _, f := range found {
				if !f.Modified.Before(since) {
					trace.Rejected++
				}
			}
		}
	}
	return nil
}
