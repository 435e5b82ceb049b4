package spool_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Time stands still in these tests while anybody can run, so what they measure
// is waiting alone.

func TestALoneClientNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := open(t, options(newMem(t)))
		start := time.Now()
		for range 5 {
			appendAll(t, s, "x")
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("waited %s", waited)
		}
		closed(t, s)
	})
}

func TestACommitWaitsForThoseWhoMayComeButNotLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := open(t, options(newMem(t)))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() { appendAll(t, s, "x", "y") })
		}
		wg.Wait()
		for i := range 3 {
			start := time.Now()
			appendAll(t, s, "alone")
			if waited := time.Since(start); waited > 2*time.Millisecond || i > 0 && waited != 0 {
				t.Errorf("append %d after a burst waited %s", i, waited)
			}
		}
		closed(t, s)
	})
}

// closed ends the spool inside the bubble.
func closed(t *testing.T, s interface{ Close() error }) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
