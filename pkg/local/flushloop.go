package local

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/spool"
	"pixelctl/pkg/pipeline"
)

// flushTick is how often the loop looks; the buffer interval is at least 60 s.
const flushTick = time.Second

// flushState is what the flush loop and the control handlers share.
type flushState struct {
	one      sync.Mutex // one flush at a time
	mu       sync.Mutex
	interval time.Duration
	last     time.Time
	err      error
	retry    time.Time // no automatic flush before this, after a failure
}

// flushLoop turns records into files when the oldest has waited for the
// buffer interval or the segment is full, and saves the counts.
func (h *host) flushLoop(ctx context.Context) error {
	tick := time.NewTicker(flushTick)
	defer tick.Stop()
	saved := h.counts.Hits().Received
	for {
		full := false
		select {
		case <-ctx.Done():
			return nil
		case <-h.spool.Full():
			full = true
		case <-tick.C:
		}
		h.tend(ctx)
		if full || h.flushDue(time.Now()) {
			if _, err := h.Flush(ctx); err != nil && ctx.Err() == nil {
				h.Log.Error("flush failed; the records stay in the spool", "error", err)
			}
		}
		if n := h.counts.Hits().Received; n != saved && h.saveCounts() == nil {
			saved = n
		}
	}
}

// saveCounts says up to when they hold.
func (h *host) saveCounts() error {
	at := h.Clock().UTC()
	return saveCounts(h.layout, counted{h.counts.Hits(), at})
}

// tend does what a clock asks for.
func (h *host) tend(ctx context.Context) {
	before := h.keys.problem()
	if err := h.keys.renew(h.today()); err != nil && text(before) != err.Error() {
		h.Log.Error("keys of the day failed; what needs them is left out", "error", err)
	}
	h.keepRetention(ctx)
}

func (h *host) flushDue(now time.Time) bool {
	s := h.spool.Stats()
	h.flushing.mu.Lock()
	defer h.flushing.mu.Unlock()
	if s.Records == 0 || now.Before(h.flushing.retry) {
		return false
	}
	age := now.Sub(s.OldestRecord)
	return age >= h.flushing.interval || age < -h.flushing.interval // the clock was set back
}

// Flush writes every spooled record to the lake. A segment that fails does not
// hold up the others.
func (h *host) Flush(ctx context.Context) (pipeline.FlushResult, error) {
	h.flushing.one.Lock()
	defer h.flushing.one.Unlock()
	_ = h.saveCounts() // after a kill only what the spool holds can be counted
	result, err := flushSpool(ctx, h.spool, h.flusher)
	h.flushing.done(err, result.Records+result.Errors > 0)
	return result, err
}

// flushSpool turns every record of the spool into files. The segment goes only
// after its files are durable; a segment that fails does not hold up the others.
func flushSpool(ctx context.Context, s *spool.Spool, f *flush.Flusher) (pipeline.FlushResult, error) {
	result := pipeline.FlushResult{Files: []string{}}
	segments, err := s.Rotate()
	for _, seg := range segments {
		done, failed := f.Flush(ctx, seg.Path, seg.ID)
		if failed == nil && done.Rows+done.Errors != seg.Records {
			failed = fmt.Errorf("flush segment %s: %d of its %d records became rows or errors", seg.ID, done.Rows+done.Errors, seg.Records)
		}
		if failed == nil {
			result.Records += done.Rows
			result.Errors += done.Errors
			result.Files = append(result.Files, done.Files...)
			failed = s.Remove(seg)
		}
		err = errors.Join(err, failed)
	}
	return result, err
}

func (f *flushState) done(err error, some bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if errors.Is(err, context.Canceled) {
		return // somebody stopped waiting for it: no problem to report
	}
	f.err = err
	if err != nil {
		f.retry = time.Now().Add(f.interval / 4)
	} else if some {
		f.last = time.Now().UTC()
	}
}

// State answers control.Server.
func (h *host) State() control.State {
	h.flushing.mu.Lock()
	defer h.flushing.mu.Unlock()
	s := h.spool.Stats()
	return control.State{
		PID: h.address.PID, Endpoint: h.address.Endpoint, Started: h.address.Started,
		Hits:      h.counts.Hits(),
		Spool:     pipeline.Stored{Files: int64(s.Segments), Bytes: s.Bytes, Records: s.Records},
		LastFlush: h.flushing.last, FlushError: text(h.flushing.err), StoreError: text(h.counts.StoreError()),
		KeyError: text(h.keys.problem()), AgeError: text(h.retained.err),
		BufferSeconds: int(h.flushing.interval / time.Second),
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// SetBuffer changes the interval for records that wait already, too.
func (h *host) SetBuffer(_ context.Context, interval time.Duration) error {
	if err := pipeline.ValidateBuffer(interval); err != nil {
		return err
	}
	h.flushing.mu.Lock()
	defer h.flushing.mu.Unlock()
	h.flushing.interval = interval
	return nil
}

// Stop answers control.Server.
func (h *host) Stop() { h.stop() }
