package bucket

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

func TestEmpty(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	all := keys(1200)
	s.put(t, "lake", all...)
	s.put(t, "lake", all[:5]...)
	s.put(t, "lake", "other/kept")
	if err := s.engine().Remove(t.Context(), "lake", all[:3]); err != nil {
		t.Fatal(err)
	}
	s.upload(t, "lake", "data/parts")
	s.upload(t, "lake", "other/parts")
	want := Usage{Objects: 1198, Versions: 1206, Markers: 3, Uploads: 2, Bytes: 3 * 1206}
	if got := s.usage(t); got != want {
		t.Errorf("usage %+v, want %+v", got, want)
	}

	s.calls = map[string]int{}
	var mu sync.Mutex
	var events []pipeline.Event
	sink := func(e pipeline.Event) { mu.Lock(); defer mu.Unlock(); events = append(events, e) }
	got, err := s.engine().Empty(t.Context(), "lake", "data/", sink)
	if err != nil || got != (Emptied{Versions: 1205, Markers: 3, Uploads: 1, Bytes: 3 * 1205}) {
		t.Errorf("emptied %+v, %v", got, err)
	}
	if got := s.usage(t); got != (Usage{Objects: 1, Versions: 1, Uploads: 1, Bytes: 3}) {
		t.Errorf("left %+v", got)
	}
	if n := s.count("DeleteObjects"); n != 2 {
		t.Errorf("%d calls of DeleteObjects for 1,208 entries", n)
	}
	last := events[len(events)-1]
	if events[0].Phase != pipeline.Begin || last.Phase != pipeline.End || last.Done != 1209 {
		t.Errorf("events from %+v to %+v", events[0], last)
	}
}

// always is more entries than a test ever sends, also when an answer is lost and
// the SDK sends them again.
const always = 10_000

func TestEmptyKeysRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int // entries that come back once as errors
		code string
		left int // of 130
		more string
		hint string
	}{
		{name: "internal error passes", n: 3, code: "InternalError"},
		{name: "slow down passes", n: 40, code: "SlowDown"},
		{name: "internal error stays", n: always, code: "InternalError", left: 130, more: "and 30 more"},
		{name: "denied", n: 2, code: "AccessDenied", left: 2, hint: "pixelctl policy"},
		{name: "denied for all", n: always, code: "AccessDenied", left: 130, more: "and 30 more", hint: "pixelctl policy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			s.bucket(t, "lake")
			s.put(t, "lake", keys(130)...)
			s.FailKeys(c.n, c.code)
			got, err := s.engine().Empty(t.Context(), "lake", "", nil)
			if got.Versions != int64(130-c.left) || s.usage(t).Versions != int64(c.left) {
				t.Fatalf("removed %d in %d calls, there are %d, want %d left", got.Versions, s.count("DeleteObjects"), s.usage(t).Versions, c.left)
			}
			if c.left == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			lines := fault.LeftOf(err)
			if fault.KindOf(err) != fault.Partial || !strings.HasSuffix(lines[0], ": "+c.code) || !strings.HasPrefix(lines[0], "data/") {
				t.Errorf("%v, left %q", err, lines)
			}
			if c.more != "" && (len(lines) != mostLeft+1 || lines[mostLeft] != c.more) {
				t.Errorf("%d lines, last %q", len(lines), lines[len(lines)-1])
			}
			if !strings.Contains(fault.HintOf(err), c.hint) {
				t.Errorf("hint %q", fault.HintOf(err))
			}
		})
	}
}

func TestEmptyCallsRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		code   string
		times  int
		calls  int // of DeleteObjects
		kind   fault.Kind
	}{
		{name: "slow down thrice", status: 503, code: "SlowDown", times: 3, calls: 4},
		{name: "slow down for ever", status: 503, code: "SlowDown", times: 1000, calls: attempts, kind: fault.Failed},
		{name: "denied", status: 403, code: "AccessDenied", times: 1000, calls: 1, kind: fault.Credentials},
		{name: "bucket gone", status: 404, code: "NoSuchBucket", times: 1000, calls: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			s.bucket(t, "lake")
			s.put(t, "lake", keys(5)...)
			s.between = func(op string, n int, w http.ResponseWriter) bool {
				return op == "DeleteObjects" && n <= c.times && refuse(w, c.status, c.code)
			}
			begin := s.clock.Now()
			_, err := s.engine().Empty(t.Context(), "lake", "", nil)
			if fault.KindOf(err) != c.kind {
				t.Errorf("kind %d of %v", fault.KindOf(err), err)
			}
			if n := s.count("DeleteObjects"); n != c.calls {
				t.Errorf("%d calls, want %d", n, c.calls)
			}
			if waited := s.clock.Now().Sub(begin); waited == 0 && c.calls > 1 {
				t.Error("sent again without a pause")
			}
		})
	}
}

func TestEmptyGoneBucket(t *testing.T) {
	e := newStore(t).engine()
	if got, err := e.Empty(t.Context(), "lake", "", nil); err != nil || got != (Emptied{}) {
		t.Errorf("empty: %+v, %v", got, err)
	}
	if u, err := e.Usage(t.Context(), "lake", ""); err != nil || u != (Usage{}) {
		t.Errorf("usage: %+v, %v", u, err)
	}
	if err := e.Delete(t.Context(), "lake", nil); err != nil {
		t.Errorf("delete: %v", err)
	}
	if there, err := e.Exists(t.Context(), "lake"); err != nil || there {
		t.Errorf("exists: %v, %v", there, err)
	}
}

func TestEmptyCancelled(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	s.put(t, "lake", keys(3)...)
	ctx, cancel := context.WithCancel(t.Context())
	s.between = func(op string, _ int, _ http.ResponseWriter) bool {
		if op == "DeleteObjects" {
			cancel()
		}
		return false
	}
	if _, err := s.engine().Empty(ctx, "lake", "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDelete(t *testing.T) {
	for _, c := range []struct {
		name  string
		late  int // attempts before which an object comes
		calls int
		kind  fault.Kind
	}{
		{name: "empty", calls: 1},
		{name: "two late objects", late: 2, calls: 3},
		{name: "a writer that goes on", late: 1000, calls: rounds, kind: fault.Partial},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			s.bucket(t, "lake")
			s.between = func(op string, n int, _ http.ResponseWriter) bool {
				if op == "DeleteBucket" && n <= c.late {
					s.put(t, "lake", "late")
				}
				return false
			}
			err := s.engine().Delete(t.Context(), "lake", nil)
			if fault.KindOf(err) != c.kind || s.count("DeleteBucket") != c.calls {
				t.Errorf("%v after %d calls, want %d", err, s.count("DeleteBucket"), c.calls)
			}
			if there := slices.Contains(s.Buckets(), "lake"); there != (c.kind != 0) {
				t.Errorf("bucket is there: %v", there)
			}
		})
	}
}
