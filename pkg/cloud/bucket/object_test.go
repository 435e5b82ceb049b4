package bucket

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

func digestKey(body []byte) string {
	sum := sha256.Sum256(body)
	return "beacon/" + hex.EncodeToString(sum[:]) + ".zip"
}

func TestUpload(t *testing.T) {
	body := []byte("zip")
	key := digestKey(body)
	for _, c := range []struct {
		name    string
		stored  string // what lies under the key before
		spoil   bool   // what is sent changes on the way
		puts    int
		wantErr string
	}{
		{name: "new", puts: 1},
		{name: "another length", stored: "longer", puts: 1},
		{name: "same length, no checksum", stored: "zap", puts: 1},
		{name: "spoilt", spoil: true, puts: 1, wantErr: "what is stored differs from what was sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			s.bucket(t, "artifacts")
			if c.stored != "" {
				if err := s.Put("artifacts", key, []byte(c.stored)); err != nil {
					t.Fatal(err)
				}
			}
			s.between = func(op string, n int, _ http.ResponseWriter) bool {
				if c.spoil && op == "HeadObject" && n == 2 {
					s.put(t, "artifacts", key)
				}
				return false
			}
			uploaded, err := s.engine().Upload(t.Context(), "artifacts", key, body)
			if s.count("PutObject") != c.puts || uploaded != (c.wantErr == "") {
				t.Errorf("uploaded %v with %d puts", uploaded, s.count("PutObject"))
			}
			if c.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), c.wantErr) {
					t.Errorf("got %v", err)
				}
				return
			}
			if got, getErr := s.Get("artifacts", key); err != nil || getErr != nil || !bytes.Equal(got, body) {
				t.Errorf("stored %q: %v, %v", got, err, getErr)
			}
			if again, err := s.engine().Upload(t.Context(), "artifacts", key, body); again || err != nil || s.count("PutObject") != c.puts {
				t.Errorf("sent again: %v, %v", again, err)
			}
		})
	}
}

func TestUploadRefusesWrongName(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "artifacts")
	if _, err := s.engine().Upload(t.Context(), "artifacts", digestKey([]byte("other")), []byte("zip")); err == nil || s.count("PutObject") > 0 {
		t.Errorf("got %v after %d puts", err, s.count("PutObject"))
	}
}

func TestList(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	s.put(t, "lake", keys(1003)...)
	s.put(t, "lake", "errors/x")
	for _, c := range []struct{ limit, want, calls int }{{0, 1003, 2}, {1, 1, 1}, {1000, 1000, 1}, {1001, 1001, 2}} {
		s.calls = map[string]int{}
		got, err := s.engine().List(t.Context(), "lake", "data/", c.limit)
		if err != nil || len(got) != c.want || s.count("ListObjectsV2") != c.calls {
			t.Errorf("limit %d: %d objects in %d calls: %v", c.limit, len(got), s.count("ListObjectsV2"), err)
		}
	}
	got, err := s.engine().List(t.Context(), "lake", "errors/", 0)
	if err != nil || len(got) != 1 || got[0].Key != "errors/x" || got[0].Size != 3 || got[0].Modified.IsZero() || len(got[0].ETag) != 32 {
		t.Errorf("%+v: %v", got, err)
	}
	if _, err := s.engine().List(t.Context(), "none", "", 0); fault.KindOf(err) == 0 {
		t.Error("a missing bucket lists without an error")
	}
}

func TestPrefixes(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	s.put(t, "lake", "data/year=2025/a", "data/year=2026/month=7/b", "data/year=2027/c", "data/loose")
	for _, c := range []struct {
		after string
		want  []string
	}{
		{"", []string{"data/year=2025/", "data/year=2026/", "data/year=2027/"}},
		{"data/year=2026", []string{"data/year=2026/", "data/year=2027/"}},
		{"data/year=2028", nil},
	} {
		got, err := s.engine().Prefixes(t.Context(), "lake", "data/", c.after)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("after %q: %q, %v", c.after, got, err)
		}
	}
}

func TestReadAndCopy(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	const odd = "data/a b+c%d/é"
	s.put(t, "lake", odd)
	e := s.engine()
	// SHA-256 of hit, as the store computes it and as it is read where one does not.
	const digest = "63d04dee7c50f6fb120287649c32b5e32d4e8e4fc90a9083adc98f9baac63691"
	if got, err := e.Copy(t.Context(), "lake", odd, "data/copy"); err != nil || got != digest {
		t.Fatalf("%q, %v", got, err)
	}
	if got, err := e.digest(t.Context(), "lake", "data/copy"); err != nil || got != digest {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := e.Read(t.Context(), "lake", "data/copy", 3); err != nil || string(got) != "hit" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := e.Read(t.Context(), "lake", odd, 2); err == nil || !strings.Contains(err.Error(), "more than 2 bytes") {
		t.Errorf("got %v", err)
	}
	if _, err := e.Read(t.Context(), "lake", "data/none", 2); err == nil {
		t.Error("a missing object is read")
	}
}

func TestRemove(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	all := keys(1001)
	s.put(t, "lake", all...)
	s.put(t, "lake", "data/00000-longer")
	e := s.engine()
	if err := e.RemoveVersions(t.Context(), "lake", all[:1]); err != nil {
		t.Fatal(err)
	}
	if got := s.usage(t); got.Versions != 1001 || got.Markers != 0 {
		t.Errorf("after one key: %+v", got)
	}
	s.calls = map[string]int{}
	if err := e.Remove(t.Context(), "lake", all); err != nil {
		t.Fatal(err)
	}
	got := s.usage(t)
	if got.Objects != 1 || got.Versions != 1001 || got.Markers != 1001 || s.count("DeleteObjects") != 2 {
		t.Errorf("after all keys: %+v in %d calls", got, s.count("DeleteObjects"))
	}
	s.FailKeys(1, "AccessDenied")
	if err := e.Remove(t.Context(), "lake", all[:2]); fault.KindOf(err) != fault.Partial || len(fault.LeftOf(err)) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestExists(t *testing.T) {
	s := newStore(t)
	s.bucket(t, "lake")
	if there, err := s.engine().Exists(t.Context(), "lake"); err != nil || !there {
		t.Errorf("%v, %v", there, err)
	}
	s.between = func(_ string, _ int, w http.ResponseWriter) bool { w.WriteHeader(http.StatusForbidden); return true }
	if there, err := s.engine().Exists(t.Context(), "lake"); err == nil || there {
		t.Errorf("a bucket of somebody else: %v, %v", there, err)
	}
}
