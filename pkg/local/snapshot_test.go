package local

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
)

// What a killed question left is swept when it is old, and by a purge at once:
// it holds records.
func TestStaleSnapshots(t *testing.T) {
	t.Parallel()
	l := Layout{Dir: filepath.Join(t.TempDir(), "stack")}
	want := fillSpool(t, l)
	target := New(Options{Stack: "test", Dir: l.Dir, Converter: Convert{}})
	left := map[string]bool{"query-old": false, "query-young": true}
	for name := range left {
		if err := os.MkdirAll(filepath.Join(l.Snapshots(), name), dirPerm); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-staleSnapshot - time.Hour)
	if err := os.Chtimes(filepath.Join(l.Snapshots(), "query-old"), old, old); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, target); !maps.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	for name, stays := range left {
		if exists(filepath.Join(l.Snapshots(), name)) != stays {
			t.Errorf("after a question %s is there: %v, want %v", name, !stays, stays)
		}
	}
	if _, err := target.Purge(t.Context(), pipeline.PurgeOptions{All: true}, nil); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(l.Snapshots()); err != nil || len(entries) > 0 {
		t.Errorf("after a purge: %v, %v", entries, err)
	}
}

// A snapshot that is swept while it is made is no empty spool.
func TestSweptSnapshot(t *testing.T) {
	t.Parallel()
	l := Layout{Dir: filepath.Join(t.TempDir(), "stack")}
	fillSpool(t, l)
	s, err := takeSnapshot(l)
	if err != nil || len(s.files) != 1 || !s.segments[segment] {
		t.Fatalf("snapshot %+v, %v", s, err)
	}
	sweepSnapshots(l, 0)
	_, err = duck.Open(t.Context(), duck.Source{Data: l.Data(), Spool: s.files}, duck.Options{})
	if !errors.Is(err, duck.ErrSourceChanged) {
		t.Errorf("a swept snapshot was read: %v", err)
	}
	if err := s.link(l, segment+".ndjson"); err != nil {
		t.Errorf("link into a directory that is gone: %v", err) // takeSnapshot looks for it afterwards
	}
}
