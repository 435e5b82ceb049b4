package local

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Usage counts the rows of a window and the files that came in it. Here nothing is
// billed: functions, logs and scans are not measured.
func (t *Target) Usage(ctx context.Context, w query.Window) (pipeline.Usage, error) {
	s, err := t.deployed()
	if err != nil {
		return pipeline.Usage{}, err
	}
	if w, err = pipeline.Measurable(w, s.Created, time.Now().UTC()); err != nil {
		return pipeline.Usage{}, err
	}
	u := pipeline.Usage{
		Window: w, Target: TargetName, Front: "api", Format: "parquet", Buffer: s.Buffer(), BufferSeconds: s.BufferSeconds,
		Secret: s.Spec.Privacy.NeedsSecret(), RecordBytes: pipeline.Unmeasured, CallSeconds: pipeline.Unmeasured,
		CollectorLog: pipeline.Unmeasured, AccessLog: pipeline.Unmeasured,
	}
	if u.Requests, err = t.rows(ctx, w, nil); err != nil {
		return u, err
	}
	u.Records, u.Calls = u.Requests, u.Requests
	err = walkFiles(t.l.Data(), ".parquet", func(_ string, info fs.FileInfo) error {
		u.Files++
		u.Bytes += info.Size()
		if w.Contains(info.ModTime()) {
			u.FilesWritten++
			u.BytesWritten += info.Size()
		}
		return nil
	})
	return u, err
}

// rows counts those that were received in a window, in the lake and in the spool;
// hours around it are not read.
func (t *Target) rows(ctx context.Context, w query.Window, sink pipeline.Sink) (n int64, err error) {
	rows, err := t.Query(ctx, pipeline.QueryOptions{SQL: "SELECT count(*) FROM tp_hits WHERE " + w.Predicate(0), Few: true}, sink)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row, err := rows.Next(ctx)
	if err != nil {
		return 0, err
	}
	n, _ = row[0].(int64)
	return n, nil
}
