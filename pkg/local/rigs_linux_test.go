package local_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// A real disk that fills up: the injected one of TestDiskFull is the same for
// machines where nothing may be mounted.
func TestDiskFullTmpfs(t *testing.T) {
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("mounts a file system: set PIXELCTL_RIGS=1 as root")
	}
	s := newStack(t)
	mount := filepath.Dir(s.dir)
	if err := syscall.Mount("tmpfs", mount, "tmpfs", 0, "size=1m"); err != nil {
		t.Fatalf("mount tmpfs: %v", err)
	}
	t.Cleanup(func() {
		_ = s.kill(context.Background())
		if err := syscall.Unmount(mount, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	endpoint := s.deploy(t)
	answered := []string{s.hit(t, endpoint+"/p.gif")}
	filler := fill(t, filepath.Join(mount, "filler"))
	dropped := 0
	client := s.client(t)
	for range 40 { // what is left of the last page takes a few
		h := fetch(t, client, endpoint+"/p.gif?title="+strings.Repeat("x", 900))
		if h.Get("X-Pixel-Status") == "dropped; reason=storage" {
			dropped++
			continue
		}
		answered = append(answered, answeredIDs(h)...)
	}
	if dropped == 0 {
		t.Fatal("the disk took everything: the test shows nothing")
	}
	status, err := s.target().Status(t.Context())
	if err != nil || status.Hits.Dropped["storage"] != int64(dropped) || !hasProblem(status, "no space left") {
		t.Errorf("status %+v, %v; want %d dropped and the full disk named", status, err, dropped)
	}
	remove(t, filler)
	answered = append(answered, s.hit(t, endpoint+"/p.gif"))
	if status, err = s.target().Status(t.Context()); err != nil || hasProblem(status, "no space left") {
		t.Errorf("status %+v, %v; want the problem gone", status, err)
	}
	s.wantIDs(t, answered...)
	s.flush(t)
	s.wantIDs(t, answered...)
}

// fill writes until there is no room.
func fill(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill disk: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func hasProblem(s pipeline.Status, part string) bool {
	for _, p := range s.Problems {
		if strings.Contains(p.What, part) && p.Action != "" {
			return true
		}
	}
	return false
}

// Things that cannot be removed are listed, and a second destroy ends the work.
func TestDestroyPartly(t *testing.T) {
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("mounts a file system: set PIXELCTL_RIGS=1 as root")
	}
	s := newStack(t)
	endpoint := s.deploy(t)
	held := filepath.Join(s.dir, "lake", "errors", "held")
	mkdir(t, held)
	if err := syscall.Mount("tmpfs", held, "tmpfs", 0, "size=64k"); err != nil {
		t.Fatalf("mount tmpfs: %v", err)
	}
	_, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil)
	wantFault(t, err, fault.Partial, "destroy", "still there")
	if _, err := http.Get(endpoint + "/health"); err == nil { //nolint:bodyclose // refused
		t.Error("the server still answers")
	}
	if err := syscall.Unmount(held, 0); err != nil {
		t.Fatal(err)
	}
	s.destroyAll(t)
}
