//go:build unix

package ui

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe, such as a shell's >(...), and a device are written into. A file in
// the place of /dev/null would be a machine's, not a user's, trouble.
func TestWriteFileIntoPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	go func() {
		b, err := os.ReadFile(path)
		got <- string(b) + errText(err)
	}()
	s := Test(io.Discard, io.Discard, nil, TestOptions{})
	if err := WriteFile(s, "out", path, drawn); err != nil {
		t.Fatal(err)
	}
	if text := <-got; text != "drawn" {
		t.Errorf("the pipe gave %q", text)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is now %v, %v", info.Mode(), err)
	}
}

// A link goes on naming its file, which keeps its mode; when nothing can be
// drawn it keeps its text, too.
func TestWriteFileThroughLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, []byte("old"), 0o600), os.Chmod(file, 0o644), os.Symlink("file", link)); err != nil {
		t.Fatal(err)
	}
	s := Test(io.Discard, io.Discard, nil, TestOptions{})
	failed := errors.New("no")
	if err := WriteFile(s, "out", link, func(s *Streams) error { return errors.Join(drawn(s), failed) }); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"old", "drawn"} {
		b, err := os.ReadFile(file)
		info, linkErr := os.Lstat(link)
		if err = errors.Join(err, linkErr); err != nil || string(b) != want || info.Mode()&os.ModeSymlink == 0 {
			t.Fatalf("%q, %v, want %q behind a link", b, err, want)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if err := WriteFile(s, "out", link, drawn); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
