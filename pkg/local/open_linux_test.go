package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
)

// Questions, flushes and a server that ended leave no file of the stack open
// and nothing in the directory for temporary files.
func TestNothingStaysOpen(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	h := serveHere(t, time.Now())
	for range 3 {
		h.hit(t, h.endpoint+"/p.gif")
		h.flush(t)
		h.hit(t, h.endpoint+"/p.gif")
		h.count(t, h.target())
		if _, err := h.target().Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT nonsense FROM tp_hits"}, nil); err == nil {
			t.Error("a wrong column gave no error")
		}
	}
	h.stop()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(filepath.Join("/proc/self/fd", fd.Name())); err == nil && strings.HasPrefix(to, h.dir) {
			t.Errorf("%s is still open", to)
		}
	}
	for _, dir := range []string{temp, filepath.Join(h.dir, "snapshots"), filepath.Join(h.dir, "spool"), filepath.Join(h.dir, "lake", ".staging")} {
		entries, err := os.ReadDir(dir)
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		for _, e := range entries {
			t.Errorf("%s is left in %s", e.Name(), dir)
		}
	}
}
