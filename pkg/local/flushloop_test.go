package local

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/spool"
)

// failing fails some times before it converts.
type failing struct{ times int }

func (f *failing) Convert(ctx context.Context, c flush.Conversion) (flush.Converted, error) {
	if f.times--; f.times >= 0 {
		return flush.Converted{}, errors.New("out of memory")
	}
	return Convert{}.Convert(ctx, c)
}

// A converter that fails leaves the records in the spool, where they can be
// queried, and status says why; the flush is tried again after a while.
func TestFlushRetry(t *testing.T) {
	t.Parallel()
	s := serveHost(t, disk.OS{}, &failing{times: 2})
	id, _ := s.request(t, "")
	want := map[string]int{id: 1}
	for range 2 {
		if _, err := s.Flush(t.Context()); err == nil {
			t.Fatal("a failed conversion gave no error")
		}
		status := s.status(t)
		if status.Spool.Records != 1 || status.Data.Files != 0 || !problem(status, "out of memory") {
			t.Errorf("status %+v, want one record in the spool and the reason", status)
		}
		if got := ids(t, s.target); !maps.Equal(got, want) {
			t.Errorf("rows %v, want %v", got, want)
		}
	}
	long := time.Now().Add(s.flushing.interval + time.Second)
	if !s.flushDue(long) {
		t.Error("the flush is not tried again")
	}
	if soon := time.Now().Add(s.flushing.interval / 8); s.flushDue(soon) {
		t.Error("the flush is tried again at once")
	}
	if r, err := s.Flush(t.Context()); err != nil || r.Records != 1 {
		t.Errorf("third flush: %+v, %v", r, err)
	}
	status := s.status(t)
	if status.Spool.Records != 0 || status.Data.Files != 1 || len(status.Problems) != 0 || status.LastFlush.IsZero() {
		t.Errorf("status %+v, want one file and no problem", status)
	}
	if got := ids(t, s.target); !maps.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}

// A flush that was given up, because who asked for it went away, is no problem
// of the stack.
func TestFlushGivenUp(t *testing.T) {
	t.Parallel()
	s := serveHost(t, disk.OS{}, Convert{})
	s.request(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Flush(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("flush: %v", err)
	}
	if status := s.status(t); status.Spool.Records != 1 || len(status.Problems) != 0 {
		t.Errorf("status %+v, want the record in the spool and no problem", status)
	}
}

// When the clock is set back, records do not wait for the time it had shown.
func TestFlushDue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		oldest time.Time
		due    bool
	}{
		{"young", now.Add(-59 * time.Second), false},
		{"old", now.Add(-60 * time.Second), true},
		{"a little ahead", now.Add(30 * time.Second), false},
		{"clock set back", now.Add(2 * time.Hour), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s, _, err := spool.Open(spool.Options{
				Dir: filepath.Join(dir, "spool"), ErrorsDir: filepath.Join(dir, "errors"), Clock: func() time.Time { return c.oldest },
			})
			if err != nil {
				t.Fatal(err)
			}
			h := &host{spool: s, flushing: flushState{interval: time.Minute}}
			if h.flushDue(now) {
				t.Error("an empty spool is due")
			}
			if err := s.Append(t.Context(), []byte("{}")); err != nil {
				t.Fatal(err)
			}
			if got := h.flushDue(now); got != c.due {
				t.Errorf("due %v, want %v", got, c.due)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
