package spool_test

import (
	"errors"
	"slices"
	"syscall"
	"testing"

	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/spool"
)

// ENOSPC at each write, whole or short, for one write or for several: the
// spool recovers by itself, keeps what was acknowledged and nothing else.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	const total = 12
	for first := 1; first <= total; first++ {
		for _, short := range []int{0, 1, 7} {
			for _, writes := range []int{1, 3} {
				seen := 0
				rule := func(op disktest.Op) *disktest.Fault {
					if op.Name != "write" {
						return nil
					}
					seen++
					if seen >= first && seen < first+writes {
						return &disktest.Fault{Err: syscall.ENOSPC, Short: short}
					}
					return nil
				}
				checkAcked(t, rule, total, min(writes, total-first+1))
			}
		}
	}
}

// checkAcked appends total records while rule holds, expects failed of them to
// fail (-1 for any number), and compares the spool with what was acknowledged.
func checkAcked(t *testing.T, rule func(disktest.Op) *disktest.Fault, total, failed int) {
	t.Helper()
	mem := newMem(t)
	faults := disktest.NewFaults(mem)
	s, _ := open(t, options(faults))
	faults.SetRule(rule)
	var acked []string
	for i, line := range numbered(0, total) {
		err := s.Append(t.Context(), []byte(line))
		if err == nil {
			acked = append(acked, line)
		} else if !errors.Is(err, spool.ErrStorage) {
			t.Fatalf("append: %v", err)
		}
		if i%5 == 4 {
			// An error here only delays what Rotate could not mend.
			_, _ = s.Rotate()
		}
	}
	if failed >= 0 && total-len(acked) != failed {
		t.Errorf("%d of %d appends failed, want %d", total-len(acked), total, failed)
	}
	if got := s.Stats().Records; got != int64(len(acked)) {
		t.Errorf("stats count %d records, %d were acknowledged", got, len(acked))
	}
	faults.SetRule(nil)
	if got := lines(t, mem, s); !slices.Equal(got, acked) {
		t.Errorf("spool holds %q, acknowledged %q", got, acked)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	mem.Crash(nil)
	again, rec := open(t, options(mem))
	if got := lines(t, mem, again); !slices.Equal(got, acked) || len(rec.Torn) != 0 {
		t.Errorf("after a power cut: %q (%+v), acknowledged %q", got, rec, acked)
	}
}

// Any one call fails, or a few in a row: what was acknowledged stays, and
// what was refused never becomes a row.
func TestAnyCallFails(t *testing.T) {
	t.Parallel()
	for length := 1; length <= 4; length++ {
		for n := 1; ; n++ {
			calls := 0
			rule := func(disktest.Op) *disktest.Fault {
				calls++
				if calls >= n && calls < n+length {
					return &disktest.Fault{Err: syscall.EIO, Short: 3}
				}
				return nil
			}
			checkAcked(t, rule, 12, -1)
			if calls < n {
				break
			}
		}
	}
}

// After a failed sync the kernel may call the next sync of that descriptor
// good although the bytes are gone: the segment must not be written again.
func TestFailedSyncEndsTheSegment(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	faults := disktest.NewFaults(mem)
	s, _ := open(t, options(faults))
	appendAll(t, s, "one")
	before := s.Active().ID
	faults.SetRule(func(op disktest.Op) *disktest.Fault {
		if op.Name == "sync" {
			return &disktest.Fault{Err: syscall.EIO}
		}
		return nil
	})
	if err := s.Append(t.Context(), []byte("two")); !errors.Is(err, spool.ErrStorage) || !errors.Is(err, syscall.EIO) {
		t.Fatalf("append: %v", err)
	}
	faults.SetRule(nil)
	appendAll(t, s, "three")
	if after := s.Active().ID; after == before {
		t.Error("the segment whose sync failed took another record")
	}
	if got := lines(t, mem, s); !slices.Equal(got, []string{"one", "three"}) {
		t.Errorf("lines %q", got)
	}
}

// A sync that fails may have written all the same; a record that was refused
// must not come back with the next power cut.
func TestRefusedRecordsStayAway(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	faults := disktest.NewFaults(mem)
	s, _ := open(t, options(faults))
	appendAll(t, s, "one")
	failed := false
	faults.SetRule(func(op disktest.Op) *disktest.Fault {
		if op.Name != "sync" || failed {
			return nil
		}
		failed = true
		return &disktest.Fault{Err: syscall.EIO, Done: true}
	})
	if err := s.Append(t.Context(), []byte("two")); !errors.Is(err, spool.ErrStorage) {
		t.Fatalf("append: %v", err)
	}
	mem.Crash(nil)
	again, _ := open(t, options(mem))
	if got := lines(t, mem, again); !slices.Equal(got, []string{"one"}) {
		t.Errorf("lines %q", got)
	}
}

// A segment that came back after its rows were moved on (rewritten, purged)
// would bring them back.
func TestRemoveIsDurable(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	s, _ := open(t, options(mem))
	appendAll(t, s, "one")
	segs, err := s.Rotate()
	if err != nil || len(segs) != 1 {
		t.Fatalf("rotate: %v (%v)", segs, err)
	}
	if err := s.Remove(segs[0]); err != nil {
		t.Fatal(err)
	}
	mem.Crash(nil)
	if _, rec := open(t, options(mem)); rec.Segments != 0 {
		t.Errorf("recovered %+v after a removal", rec)
	}
}
