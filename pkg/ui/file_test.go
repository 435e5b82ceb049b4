package ui

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// An error says once what the user named, whatever name the file had meanwhile,
// and what went wrong elsewhere is not laid at the file's door.
func TestWriteFileErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	failed := errors.New("no stack")
	fails := func(*Streams) error { return failed }
	for name, c := range map[string]struct {
		path  string
		write func(*Streams) error
		want  string
	}{
		"drawing failed": {filepath.Join(dir, "file"), fails, "no stack"},
		"no directory":   {filepath.Join(dir, "none", "file"), drawn, "create " + filepath.Join(dir, "none", "file") + ": no such file or directory"},
		"a directory":    {dir, fails, "write " + dir + ": it is a directory"},
	} {
		s := Test(io.Discard, io.Discard, nil, TestOptions{})
		if err := WriteFile(s, "out", c.path, c.write); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestWriteOut(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "-"} {
		var out strings.Builder
		if err := WriteOut(Test(&out, io.Discard, nil, TestOptions{}), "out", path, drawn); err != nil || out.String() != "drawn" {
			t.Errorf("%q gave %q, %v", path, out.String(), err)
		}
	}
}

func drawn(s *Streams) error {
	_, err := io.WriteString(s.Out, "drawn")
	return err
}
