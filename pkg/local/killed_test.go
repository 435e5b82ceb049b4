package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/spool"
	"pixelctl/pkg/pipeline"
)

// A process that dies at any one of its file operations while it empties the
// spool through DuckDB leaves a directory that answers at once, and that the
// next one brings to an end: each row once, each bad line once, nothing half
// done. A write it dies in reaches the disk by half.
func TestKilledFlush(t *testing.T) {
	t.Parallel()
	c := &memory{}
	for n := 1; killFlush(t, n, c); n++ {
		if n > 500 {
			t.Fatal("the flush never ends")
		}
	}
}

// memory converts a segment once and gives the same files again after that.
type memory struct {
	files map[string][]byte // by path in the lake
	done  flush.Converted
}

// Convert satisfies flush.Converter.
func (m *memory) Convert(ctx context.Context, c flush.Conversion) (flush.Converted, error) {
	if m.files == nil {
		done, err := Convert{}.Convert(ctx, c)
		if err != nil {
			return done, err
		}
		m.done, m.files = done, map[string][]byte{}
		return done, walkFiles(c.Staging, "", func(path string, _ os.FileInfo) error {
			rel, err := filepath.Rel(c.Staging, path)
			if err == nil {
				m.files[filepath.ToSlash(rel)], err = os.ReadFile(path)
			}
			return err
		})
	}
	for rel, b := range m.files {
		path := filepath.Join(c.Staging, filepath.FromSlash(rel))
		if err := os.MkdirAll(filepath.Dir(path), dirPerm); err != nil {
			return m.done, err
		}
		if err := os.WriteFile(path, b, filePerm); err != nil {
			return m.done, err
		}
	}
	return m.done, nil
}

// killFlush kills a flush at call n and lets another one finish. It reports
// whether there was a call n.
func killFlush(t *testing.T, n int, c *memory) bool {
	t.Helper()
	l := Layout{Dir: filepath.Join(t.TempDir(), "stack")}
	want := fillSpool(t, l)
	faults := disktest.NewFaults(disk.OS{})
	faults.KillAt(n, true)
	first, err := oneLife(t, l, faults, c)
	if faults.Killed() != (err != nil) || err != nil && !errors.Is(err, disktest.ErrKilled) {
		t.Fatalf("killed at %d: %v", n, err)
	}
	if err == nil && (first.Records != int64(len(want)) || first.Errors != 1) {
		t.Errorf("flushed %+v, want %d rows and 1 error", first, len(want))
	}
	if exists(l.Data()) || n%8 == 1 { // until then a kill changes nothing that a question sees
		if got := ids(t, New(Options{Stack: "test", Dir: l.Dir})); !maps.Equal(got, want) {
			t.Errorf("killed at %d: rows %v, want %v", n, got, want)
		}
	}
	if _, err := oneLife(t, l, disk.OS{}, c); err != nil {
		t.Fatalf("after a kill at %d: %v", n, err)
	}
	checkLake(t, l, n, c)
	return faults.Killed()
}

const segment = "1783242600000-0a1b2c3d"

// fillSpool leaves a spool as a killed server does: two hours and a line that
// is no record in one segment, the end of it torn.
func fillSpool(t *testing.T, l Layout) map[string]int {
	t.Helper()
	want := map[string]int{}
	var lines []byte
	for i := range 6 {
		at := time.Date(2026, 7, 5, 9+i%2, 10, i, 0, time.UTC)
		r := event.Record{
			SchemaVersion: event.SchemaVersion, EventID: fmt.Sprintf("e-%d", i), ReceivedAt: event.MillisOf(at),
			Event: event.DefaultEvent, Site: event.DefaultSite, ClientClass: event.ClassUnknown, Status: event.StatusRecorded,
		}
		lines = r.AppendLine(lines)
		want[r.EventID] = 1
	}
	lines = append(lines, `{"event_id":"bad","received_at":"yesterday"}`+"\n"+`{"event_id":"torn`...)
	for _, dir := range []string{l.Spool(), l.Lake()} {
		if err := os.MkdirAll(dir, dirPerm); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(l.Spool(), segment+spool.Suffix), lines, filePerm); err != nil {
		t.Fatal(err)
	}
	return want
}

// oneLife is what a server does with the spool from its start to its end.
func oneLife(t testing.TB, l Layout, fsys disk.FS, c flush.Converter) (pipeline.FlushResult, error) {
	t.Helper()
	f := flush.New(flush.Options{Lake: l.Lake(), FS: fsys, Converter: c})
	if err := f.Recover(); err != nil {
		return pipeline.FlushResult{}, err
	}
	s, _, err := spool.Open(spool.Options{Dir: l.Spool(), ErrorsDir: l.Errors(), FS: fsys})
	if err != nil {
		return pipeline.FlushResult{}, err
	}
	result, err := flushSpool(t.Context(), s, f)
	return result, errors.Join(err, s.Close())
}

// checkLake wants the files that the converter made, the torn end, and nothing
// else. That the files hold the rows is seen where the first flush ends.
func checkLake(t *testing.T, l Layout, n int, c *memory) {
	t.Helper()
	want := map[string]bool{"lake/errors/torn/" + segment + ".bin": true}
	for rel, b := range c.files {
		want["lake/"+rel] = true
		if got, err := os.ReadFile(filepath.Join(l.Lake(), filepath.FromSlash(rel))); err != nil || !bytes.Equal(got, b) {
			t.Errorf("killed at %d: %s is not what was converted: %v", n, rel, err)
		}
	}
	files := 0
	err := walkFiles(l.Dir, "", func(path string, _ os.FileInfo) error {
		rel, err := filepath.Rel(l.Dir, path)
		if path == l.Catalog() || path == l.CatalogLock() {
			return err
		}
		if !want[filepath.ToSlash(rel)] {
			t.Errorf("killed at %d: %s is left over", n, rel)
		}
		files++
		return err
	})
	if err != nil || files != len(want) {
		t.Errorf("killed at %d: %d files, %v; want %d", n, files, err, len(want))
	}
}
