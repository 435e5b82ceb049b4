//go:build cgo && (amd64 || arm64)

package duck

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// manyRows are 4,194,304 rows of two texts, some 500 MB.
const manyRows = "SELECT concat('https://www.example.com/a/page/', CAST(a AS varchar), '/', CAST(b AS varchar)) AS url, " +
	"concat('a visitor of some length ', CAST(b * 2048 + a AS varchar)) AS visitor " +
	"FROM UNNEST(sequence(1, 2048)) AS s(a) CROSS JOIN UNNEST(sequence(1, 2048)) AS t(b)"

const manyRowsEnv = "PIXELCTL_TEST_MANY_ROWS"

// An answer of any size is spilled where it exceeds the limit. The process is its
// own: its peak is that of nothing else.
func TestLargeAnswersKeepToTheMemoryLimit(t *testing.T) {
	if os.Getenv(manyRowsEnv) != "" {
		readManyRows(t)
		return
	}
	temp := t.TempDir()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	c.Env = append(os.Environ(), manyRowsEnv+"=1", "TMPDIR="+temp)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var rows, spilled, megabytes float64
	_, said, _ := strings.Cut(string(out), "many rows: ")
	if _, err := fmt.Sscan(said, &rows, &spilled, &megabytes); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if rows != 1<<22 || spilled == 0 || megabytes > 340 {
		t.Errorf("%.0f rows with %.0f files of spill took %.0f MB, and the limit is 128 MB", rows, spilled, megabytes)
	}
	if left, err := filepath.Glob(filepath.Join(temp, "pixelctl-query-*")); err != nil || len(left) > 0 {
		t.Errorf("left %q, %v", left, err)
	}
}

func readManyRows(t *testing.T) {
	t.Helper()
	e, err := Open(t.Context(), Source{}, Options{Threads: 2, MemoryLimit: "128MB"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Query(t.Context(), manyRows)
	if err != nil {
		t.Fatal(err)
	}
	spilled, err := os.ReadDir(e.spill)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for ; err == nil; rows++ {
		_, err = r.Next(t.Context())
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if err := errors.Join(r.Close(), e.Close()); err != nil {
		t.Fatal(err)
	}
	fmt.Println("many rows:", rows-1, len(spilled), peak(t))
}
