package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

const (
	retainEvery = time.Hour
	retainRetry = time.Minute // after a failure, or when another operation runs
)

// retainState is when the server looks next for what is too old.
type retainState struct {
	next time.Time // by the beacon's clock; zero is at once
	err  error
}

// keepRetention removes what is too old, once an hour. A clock that was set
// back does not stop it.
func (h *host) keepRetention(ctx context.Context) {
	now := h.Clock()
	if !h.retainDue(now) {
		return
	}
	removed, err := h.retain(ctx, now)
	busy := fault.KindOf(err) == fault.Busy
	h.flushing.mu.Lock()
	if err != nil {
		h.retained.next = now.Add(retainRetry)
	}
	if !busy {
		h.retained.err = err
	}
	h.flushing.mu.Unlock()
	if err != nil && !busy && ctx.Err() == nil {
		h.Log.Error("removal of old records failed", "error", err)
	}
	if removed.Removed+removed.Rewritten > 0 {
		h.Log.Info("removed what is older than the retention", "files", removed.Removed, "rewritten", removed.Rewritten, "bytes", removed.Bytes)
	}
}

func (h *host) retainDue(now time.Time) bool {
	h.flushing.mu.Lock()
	defer h.flushing.mu.Unlock()
	if wait := h.retained.next.Sub(now); wait > 0 && wait <= retainEvery {
		return false
	}
	h.retained.next = now.Add(retainEvery)
	return true
}

// retain removes the hours that ended before the retention began, and the lines
// and torn ends that did not become rows in that time. Hours go whole, so
// nothing younger goes with them; a row may stay up to an hour longer.
func (h *host) retain(ctx context.Context, now time.Time) (r pipeline.PurgeResult, err error) {
	days := h.records.Load().RetentionDays
	if days == 0 {
		return r, nil
	}
	lock, err := lockOperation(ctx, h.layout, "keep retention")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	h.flushing.one.Lock() // a flush may be putting late records into such an hour
	defer h.flushing.one.Unlock()
	until := now.UTC().AddDate(0, 0, -days).Truncate(time.Hour)
	err = removeBefore(ctx, &Target{l: h.layout}, until, &r)
	return r, err
}

func removeBefore(ctx context.Context, t *Target, until time.Time, r *pipeline.PurgeResult) error {
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return err
	}
	var gone []lake.Hour
	for _, hour := range onDisk.hours {
		if err == nil && ctx.Err() == nil && lake.Covered(hour, time.Time{}, until) {
			err = t.purgeHour(hour, r)
			gone = append(gone, hour)
		}
	}
	o := pipeline.PurgeOptions{Window: query.Window{Until: until}}
	return errors.Join(err, ctx.Err(), dropHours(ctx, t.l, gone), t.purgeErrors(o, r), purgeTorn(t.l, until, r))
}

// purgeTorn removes torn ends of segments by when they were kept aside: they
// carry no time of their own.
func purgeTorn(l Layout, until time.Time, r *pipeline.PurgeResult) error {
	err := walkFiles(l.Errors(), ".bin", func(path string, info fs.FileInfo) error {
		if !info.ModTime().Before(until) {
			return nil
		}
		r.Removed++
		r.Bytes += info.Size()
		return removeIfThere(path)
	})
	if err != nil {
		return fmt.Errorf("remove torn ends of segments: %w", err)
	}
	return nil
}

// retainNow has the next look come at once.
func (h *host) retainNow() {
	h.flushing.mu.Lock()
	defer h.flushing.mu.Unlock()
	h.retained.next = time.Time{}
}
