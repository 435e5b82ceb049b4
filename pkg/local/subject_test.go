package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// What was hashed is found as long as its key is there: until the day ends.
func TestFindHashed(t *testing.T) {
	t.Parallel()
	h := serveHere(t, clock("09:00:00.000"))
	h.endpoint = h.deploySpec(t, h.target(), spec.Spec{Privacy: spec.Privacy{User: spec.Hash, IP: spec.Hash}}).Endpoint
	h.hit(t, h.endpoint+"/p.gif?uid=ada")
	h.hit(t, h.endpoint+"/p.gif?uid=bob")
	user, ip := pipeline.Subject{Column: "user_id", Value: "ada"}, pipeline.Subject{Column: "ip", Value: "127.0.0.1"}
	find := func(s pipeline.Subject) pipeline.SubjectMatches {
		t.Helper()
		m, err := h.target().FindSubject(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if m := find(user); m.Spool != 1 || len(m.Values) != 2 {
		t.Errorf("in the spool: %+v", m)
	}
	h.flush(t)
	if m := find(user); m.Rows != 1 || !strings.Contains(strings.Join(m.Notes, "\n"), "only the last day") {
		t.Errorf("the user: %+v", m)
	}
	if m := find(ip); m.Rows != 2 {
		t.Errorf("the address: %+v", m)
	}
	h.at(clock("09:00:00.000").AddDate(0, 0, 1))
	id := h.hit(t, h.endpoint+"/p.gif?uid=ada")
	deadline := time.Now().Add(30 * time.Second)
	for m := find(user); m.Rows != 0 || m.Spool != 1; m = find(user) { // until the file has that key
		if time.Now().After(deadline) {
			t.Fatalf("on the next day: %+v", m)
		}
	}
	r, err := h.target().EraseSubject(t.Context(), pipeline.EraseOptions{Subject: user}, nil)
	if err != nil || r.Rows != 1 {
		t.Errorf("receipt %+v, %v; want the row of today", r, err)
	}
	if left := h.ask(t, h.target(), "SELECT count(*) FROM tp_hits WHERE event_id = '"+id+"'", nil); left[0][0] != int64(0) || h.count(t, h.target()) != 2 {
		t.Errorf("%v rows of today, %d in all", left, h.count(t, h.target()))
	}
}

// While people are erased and flushes add files, a question sees every hit of
// the others once, and takes no file for damaged.
func TestQueryDuringErase(t *testing.T) {
	t.Parallel()
	h := serveHere(t, clock("09:00:00.000"))
	stay := map[string]bool{}
	const people = 4
	for i := range people {
		h.at(clock("09:00:00.000").Add(time.Duration(i) * 20 * time.Minute))
		h.hit(t, h.endpoint+fmt.Sprintf("/p.gif?uid=goes-%d", i))
		stay[h.hit(t, h.endpoint+"/p.gif?uid=stays")] = true
		if i%2 == 1 {
			h.flush(t)
		}
	}
	ended := make(chan struct{})
	var group errgroup.Group
	group.Go(func() error {
		defer close(ended)
		for i := range people {
			o := pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: fmt.Sprintf("goes-%d", i)}}
			if r, err := h.target().EraseSubject(t.Context(), o, nil); err != nil || r.Rows != 1 {
				return fmt.Errorf("erasure %d: %+v, %w", i, r, err)
			}
		}
		return nil
	})
	for range 2 {
		group.Go(func() error {
			for {
				rows, err := readIDs(t.Context(), h.target())
				if err == nil {
					err = compare(rows, stay)
				}
				if err != nil {
					return fmt.Errorf("question during an erasure: %w", err)
				}
				select {
				case <-ended:
					return nil
				default:
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}
