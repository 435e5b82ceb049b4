package local_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// While purges rewrite and remove files, and flushes add some, a question sees
// every hit that nobody removes, once, and takes no file for damaged.
func TestQueryDuringPurge(t *testing.T) {
	t.Parallel()
	h := serveHere(t, clock("09:00:00.000"))
	stay := map[string]bool{}
	const purges = 4
	for i := range purges {
		h.at(clock("09:00:00.000").Add(time.Duration(i) * time.Minute))
		h.hit(t, h.endpoint+"/p.gif?uid=goes")
		h.at(clock("09:30:00.000").Add(time.Duration(i) * time.Minute))
		stay[h.hit(t, h.endpoint+"/p.gif?uid=stays")] = true
		if i%2 == 1 {
			h.flush(t)
		}
	}
	ended := make(chan struct{})
	var group errgroup.Group
	group.Go(func() error {
		defer close(ended)
		for i := range purges {
			since := clock("09:00:00.000").Add(time.Duration(i) * time.Minute)
			r, err := h.target().Purge(t.Context(), pipeline.PurgeOptions{Window: query.Window{Since: since, Until: since.Add(time.Minute)}}, nil)
			if err != nil || r.Rows != 1 {
				return fmt.Errorf("purge %d: %+v, %w", i, r, err)
			}
		}
		return nil
	})
	for range 2 {
		group.Go(func() error {
			for {
				select {
				case <-ended:
					return nil
				default:
				}
				rows, err := readIDs(t.Context(), h.target())
				if err != nil {
					return fmt.Errorf("question during a purge: %w", err)
				}
				if err := compare(rows, stay); err != nil {
					return fmt.Errorf("question during a purge: %w", err)
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}
