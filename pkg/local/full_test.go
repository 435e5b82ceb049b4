package local

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
)

// fullDisk is a file system that has no room for a write while full says so.
func fullDisk(full func() bool) disk.FS {
	f := disktest.NewFaults(disk.OS{})
	f.SetRule(func(op disktest.Op) *disktest.Fault {
		if (op.Name == "write" || op.Name == "mkdirall") && full() {
			return &disktest.Fault{Err: syscall.ENOSPC, Short: 7}
		}
		return nil
	})
	return f
}

// With no room on the disk hits get their image, are counted as dropped, and
// status says why; once there is room they are recorded again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	s := serveHost(t, fullDisk(full.Load), Convert{})
	want := map[string]int{}
	record := func() {
		t.Helper()
		id, reason := s.request(t, "")
		if id == "" {
			t.Fatalf("dropped: %s", reason)
		}
		want[id] = 1
	}
	record()
	full.Store(true)
	for _, body := range []string{"", "", "", "event=x", `[{"event":"a"},{"event":"b"}]`} {
		if id, reason := s.request(t, body); reason != "storage" {
			t.Errorf("hit with body %q on a full disk: id %q, reason %q", body, id, reason)
		}
	}
	status := s.status(t)
	if status.Hits.Dropped["storage"] != 6 || status.Hits.Recorded != 1 || status.Hits.Received != 6 {
		t.Errorf("hits %+v, want 6 received, 1 recorded, 6 dropped for storage", status.Hits)
	}
	if !problem(status, "no space left") {
		t.Errorf("problems %+v, want the full disk named", status.Problems)
	}
	if _, err := s.Flush(t.Context()); err == nil {
		t.Error("a flush without room gave no error")
	}
	full.Store(false)
	record()
	if status := s.status(t); len(status.Problems) != 1 || !problem(status, "records wait in the spool") {
		t.Errorf("problems %+v, want only the flush that failed", status.Problems)
	}
	if _, err := s.Flush(t.Context()); err != nil {
		t.Errorf("flush with room again: %v", err)
	}
	if status := s.status(t); len(status.Problems) != 0 {
		t.Errorf("problems %+v, want none", status.Problems)
	}
	if got := ids(t, s.target); !maps.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}

// While the disk fills up and empties under load, every five writes, rows are
// exactly the hits that were answered as recorded.
func TestDiskFullUnderLoad(t *testing.T) {
	t.Parallel()
	var busy atomic.Bool
	var writes atomic.Int64
	s := serveHost(t, fullDisk(func() bool { return busy.Load() && writes.Add(1)/5%2 == 1 }), Convert{})
	busy.Store(true)
	var mu sync.Mutex
	want, dropped := map[string]int{}, 0
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for range 50 {
				id, reason := s.request(t, "")
				mu.Lock()
				if id != "" {
					want[id] = 1
				} else if reason == "storage" {
					dropped++
				}
				mu.Unlock()
			}
		})
	}
	senders.Wait()
	busy.Store(false)
	if dropped == 0 || len(want) == 0 || len(want)+dropped != 400 {
		t.Errorf("%d recorded, %d dropped of 400: the test needs both", len(want), dropped)
	}
	id, reason := s.request(t, "")
	if id == "" {
		t.Errorf("dropped with room again: %s", reason)
	}
	want[id] = 1
	if got := ids(t, s.target); !maps.Equal(got, want) {
		t.Errorf("%d rows from the spool, want %d", len(got), len(want))
	}
	if _, err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, s.target); !maps.Equal(got, want) {
		t.Errorf("%d rows from files, want %d", len(got), len(want))
	}
	status := s.status(t)
	if status.Hits.Dropped["storage"] != int64(dropped) || status.Hits.Recorded != int64(len(want)) {
		t.Errorf("hits %+v, want %d recorded, %d dropped", status.Hits, len(want), dropped)
	}
	for _, p := range status.Problems {
		if strings.Contains(p.What, "not recorded") {
			t.Errorf("problem %+v after recovery", p)
		}
	}
}
