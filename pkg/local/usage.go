package local

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// usualUsage is the time that Usage measures unless it is told.
const usualUsage = 30 * 24 * time.Hour

// Usage counts the rows of a window and the files that came in it. Here nothing is
// billed: functions, logs and scans are not measured.
func (t *Target) Usage(ctx context.Context, w query.Window) (pipeline.Usage, error) {
	s, err := t.deployed()
	if err != nil {
		return pipeline.Usage{}, err
	}
	if w, err = measurable(w, s.Created, time.Now().UTC()); err != nil {
		return pipeline.Usage{}, err
	}
	u := pipeline.Usage{
		Window: w, Target: TargetName, Front: "api", Format: "parquet", Buffer: s.Buffer(), BufferSeconds: s.BufferSeconds,
		Secret: s.Spec.Privacy.NeedsSecret(), RecordBytes: pipeline.Unmeasured, CallSeconds: pipeline.Unmeasured,
		CollectorLog: pipeline.Unmeasured, AccessLog: pipeline.Unmeasured,
	}
	if u.Requests, err = t.rows(ctx, w); err != nil {
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

// measurable closes the open ends of a window; a stack is measured since it was
// made.
func measurable(w query.Window, created, now time.Time) (query.Window, error) {
	if w.Until.IsZero() || w.Until.After(now) {
		w.Until = now
	}
	if w.Since.IsZero() {
		w.Since = w.Until.Add(-usualUsage)
	}
	if w.Since.Before(created) {
		w.Since = created
	}
	if !w.Since.Before(w.Until) {
		return w, fault.New(fault.Usage, "measure usage: the stack was made at %s, and the window ends at %s",
			created.UTC().Format(time.DateTime), w.Until.Format(time.DateTime))
	}
	return w, nil
}

// rows counts those that were received in a window; hours around it are not read.
func (t *Target) rows(ctx context.Context, w query.Window) (n int64, err error) {
	rows, err := t.Query(ctx, pipeline.QueryOptions{SQL: "SELECT count(*) FROM tp_hits WHERE " + w.Predicate(0)}, nil)
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
