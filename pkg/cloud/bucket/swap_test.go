package bucket

import (
	"net/http"
	"testing"

	"pixelctl/pkg/fault"
)

// Two that write in turns: who did not see the other's word is refused.
func TestSwap(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	e := s.engine()
	if body, etag, err := e.Load(t.Context(), "lake", "j", 10); err != nil || body != nil || etag != "" {
		t.Fatalf("of nothing: %q, %q, %v", body, etag, err)
	}
	one, err := e.Swap(t.Context(), "lake", "j", []byte("one"), "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := e.Swap(t.Context(), "lake", "j", []byte("two"), one)
	if err != nil || two == one {
		t.Fatalf("%q, %v", two, err)
	}
	for name, etag := range map[string]string{"as if there were none": "", "an old word": one} {
		if _, err := e.Swap(t.Context(), "lake", "j", []byte("three"), etag); fault.KindOf(err) != fault.Busy {
			t.Errorf("%s: %v", name, err)
		}
	}
	if body, etag, err := e.Load(t.Context(), "lake", "j", 10); err != nil || string(body) != "two" || etag != two {
		t.Errorf("%q, %q, %v", body, etag, err)
	}
	if _, _, err := e.Load(t.Context(), "lake", "j", 2); err == nil {
		t.Error("more than the limit was read")
	}
}

// A word that was written, and whose answer was lost, is no other's.
func TestSwapLostAnswer(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	s.between = func(op string, n int, w http.ResponseWriter) bool {
		if op != "PutObject" || n > 1 {
			return false
		}
		if err := s.Put("lake", "j", []byte("one")); err != nil {
			t.Error(err)
		}
		return refuse(w, http.StatusServiceUnavailable, "SlowDown")
	}
	etag, err := s.engine().Swap(t.Context(), "lake", "j", []byte("one"), "")
	if err != nil || etag == "" {
		t.Errorf("%q, %v", etag, err)
	}
}

func TestRemoveOld(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	s.put(t, "lake", "errors/a", "errors/a", "errors/b", "data/a", "data/a")
	if err := s.engine().Remove(t.Context(), "lake", []string{"errors/b"}); err != nil {
		t.Fatal(err)
	}
	if err := s.engine().RemoveOld(t.Context(), "lake", "errors/"); err != nil {
		t.Fatal(err)
	}
	if u := s.usage(t); u.Objects != 2 || u.Versions != 3 || u.Markers != 0 {
		t.Errorf("%+v", u)
	}
	if err := s.engine().Put(t.Context(), "lake", "errors/a", []byte("new")); err != nil {
		t.Fatal(err)
	}
	if body, err := s.Get("lake", "errors/a"); err != nil || string(body) != "new" {
		t.Errorf("%q, %v", body, err)
	}
}

// A journal goes with all its versions, and one that somebody else wrote stays,
// also when that comes between the looks and the removal.
func TestDrop(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	e := s.engine()
	swap := func(body, etag string) string {
		t.Helper()
		now, err := e.Swap(t.Context(), "lake", "j", []byte(body), etag)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	one := swap("one", "")
	two := swap("two", one)
	if err := e.Drop(t.Context(), "lake", "j", one); err != nil {
		t.Fatal(err)
	}
	if body, _, err := e.Load(t.Context(), "lake", "j", 10); err != nil || string(body) != "two" {
		t.Errorf("another's is %q, %v", body, err)
	}
	for range 2 { // the second time there is none
		if err := e.Drop(t.Context(), "lake", "j", two); err != nil {
			t.Fatal(err)
		}
		if u := s.usage(t); u.Versions != 0 || u.Markers != 0 {
			t.Errorf("left: %+v", u)
		}
	}
	three := swap("three", "")
	s.between = func(op string, _ int, _ http.ResponseWriter) bool {
		if op == "ListObjectVersions" { // after the delete
			if err := s.Put("lake", "j", []byte("four")); err != nil {
				t.Error(err)
			}
		}
		return false
	}
	if err := e.Drop(t.Context(), "lake", "j", three); err != nil {
		t.Fatal(err)
	}
	s.between = nil
	if body, _, err := e.Load(t.Context(), "lake", "j", 10); err != nil || string(body) != "four" {
		t.Errorf("a new one is %q, %v", body, err)
	}
}
