package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBuildWithoutCgo builds the binary that has no DuckDB: it links, takes
// hits, and says what is missing when rows are asked for.
func TestBuildWithoutCgo(t *testing.T) {
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("builds a second binary; set PIXELCTL_RIGS=1")
	}
	dir := t.TempDir()
	binary := filepath.Join(dir, "pixelctl")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, module)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=") // the race detector needs cgo
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build without cgo: %v\n%s", err, out)
	}
	stack := filepath.Join(dir, "stack")
	run := func(code int, args ...string) string {
		t.Helper()
		c := exec.CommandContext(t.Context(), binary, append(args, "--target", "local", "--dir", stack)...)
		out, err := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != code {
			t.Fatalf("%s: exit code %d, want %d: %v\n%s", args[0], got, code, err, out)
		}
		return string(out)
	}
	run(0, "deploy", "--addr", "127.0.0.1:0")
	t.Cleanup(func() { _ = endServers(dir) }) // after a failure; else there is none
	run(0, "hit", "--count", "3")
	out := run(1, "query", "SELECT count(*) FROM hits")
	for _, part := range []string{"this build has no DuckDB", "CGO_ENABLED=1"} {
		if !strings.Contains(out, part) {
			t.Errorf("query says %q, want %q in it", out, part)
		}
	}
	if out := run(0, "version"); !strings.Contains(out, "not in this build") {
		t.Errorf("version says %q", out)
	}
	if out := run(0, "status"); !strings.Contains(out, "3 records") {
		t.Errorf("the hits are not in the spool: %s", out)
	}
	run(0, "destroy", "--yes")
}
