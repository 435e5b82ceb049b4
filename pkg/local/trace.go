package local

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Trace looks for hits in the files of the registered partitions. A record that
// waits in the spool can be asked for too, but is not stored yet.
func (t *Target) Trace(ctx context.Context, o pipeline.TraceOptions) (pipeline.Trace, error) {
	if _, err := t.deployed(); err != nil {
		return pipeline.Trace{}, err
	}
	return settled(func() (pipeline.Trace, error) { return t.trace(ctx, o) })
}

func (t *Target) trace(ctx context.Context, o pipeline.TraceOptions) (trace pipeline.Trace, err error) {
	trace.Hits = map[string]pipeline.Traced{}
	if o.Last != nil {
		trace.Queries = o.Last.Queries
	}
	snap, err := takeSnapshot(t.l)
	if err != nil {
		return trace, err
	}
	defer func() { err = errors.Join(err, snap.remove()) }()
	list, err := t.list(ctx, false, snap, nil)
	if err != nil {
		return trace, err
	}
	files := list.recent(o.Since)
	trace.Files = int64(len(files))
	if trace.Rejected, err = t.rejectedSince(o.Since); err != nil {
		return trace, err
	}
	if len(snap.files) > 0 {
		if err := count(ctx, duck.Source{Data: t.l.Data(), Spool: snap.files, Schema: list.schema}, o.IDs, trace.Hits); err != nil {
			return trace, err
		}
		for id := range trace.Hits {
			trace.Hits[id] = pipeline.Traced{Waiting: true}
		}
	}
	if len(files) > 0 {
		trace.Queries++
		err = count(ctx, duck.Source{Data: t.l.Data(), Files: files, Schema: list.schema}, o.IDs, trace.Hits)
	}
	return trace, err
}

// recent are the files that were written since.
func (l listing) recent(since time.Time) []duck.File {
	var files []duck.File
	for i, f := range l.files {
		if !l.infos[i].ModTime().Before(since) {
			files = append(files, f)
		}
	}
	return files
}

// count counts the rows of hits in some files.
func count(ctx context.Context, src duck.Source, ids []string, found map[string]pipeline.Traced) (err error) {
	engine, err := duck.Open(ctx, src, duck.Options{Few: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	rows, err := engine.Query(ctx, traceSQL(ids))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return query.Each(ctx, rows, func(row []any) error {
		id, _ := row[0].(string)
		n, _ := row[1].(int64)
		found[id] = pipeline.Traced{Rows: n}
		return nil
	})
}

func traceSQL(ids []string) string {
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = query.Literal(id)
	}
	return "SELECT event_id, count(*) FROM " + lake.Table + " WHERE event_id IN (" + strings.Join(quoted, ", ") + ") GROUP BY 1"
}

// rejectedSince counts the files of lines that did not become rows since.
func (t *Target) rejectedSince(since time.Time) (n int64, err error) {
	err = walkFiles(t.l.Errors(), errorSuffix, func(_ string, info fs.FileInfo) error {
		if !info.ModTime().Before(since) {
			n++
		}
		return nil
	})
	return n, err
}
