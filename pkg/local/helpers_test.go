package local_test

import (
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// deploy brings the stack up and returns its endpoint.
func (s stack) deploy(t *testing.T) string {
	t.Helper()
	d, err := s.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d.Endpoint
}

// hit asks for the pixel, wants it recorded, and returns the id.
func (s stack) hit(t *testing.T, url string, headers ...string) string {
	t.Helper()
	h := fetch(t, s.client(t), url, headers...)
	ids := answeredIDs(h)
	if len(ids) != 1 {
		t.Fatalf("%s: X-Pixel-Status %q, want recorded", url, h.Get("X-Pixel-Status"))
	}
	return ids[0]
}

// fetch wants the image and returns the headers of the answer.
func fetch(t *testing.T, c *http.Client, url string, headers ...string) http.Header {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || len(body) != 43 {
		t.Fatalf("%s: status %d, %d bytes, %v; want the image", url, resp.StatusCode, len(body), err)
	}
	return resp.Header
}

func (s stack) flush(t *testing.T) {
	t.Helper()
	if _, err := s.target().Flush(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// ask runs one statement and gives its rows.
func (s stack) ask(t *testing.T, l *local.Target, sql string, sink pipeline.Sink) [][]any {
	t.Helper()
	rows, err := l.Query(t.Context(), pipeline.QueryOptions{SQL: sql}, sink)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	got, _ := drain(t, rows)
	return got
}

func (s stack) count(t *testing.T, l *local.Target) int64 {
	t.Helper()
	n, ok := s.ask(t, l, "SELECT count(*) FROM tp_hits", nil)[0][0].(int64)
	if !ok {
		t.Fatal("count(*) is no bigint")
	}
	return n
}

// wantIDs wants these rows and no others.
func (s stack) wantIDs(t *testing.T, ids ...string) {
	t.Helper()
	rows, err := readIDs(t.Context(), s.target())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, id := range ids {
		want[id]++
	}
	if !maps.Equal(rows, want) {
		t.Fatalf("rows %v, want %v", rows, want)
	}
}

// drain reads all rows and closes them.
func drain(t *testing.T, rows query.Rows) ([][]any, query.Stats) {
	t.Helper()
	var all [][]any
	for {
		row, err := rows.Next(t.Context())
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, slices.Clone(row))
	}
	stats := rows.Stats()
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return all, stats
}

// warnings is a sink that collects warnings.
func warnings(into *[]string) pipeline.Sink {
	return func(e pipeline.Event) {
		if e.Phase == pipeline.Warn {
			*into = append(*into, e.Text)
		}
	}
}

// files lists the Parquet files of the lake.
func (s stack) files(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "lake", "data", "*", "*", "*", "*", "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in the lake: %v", err)
	}
	return files
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, b)
}

// tree lists the files below a directory of the stack.
func (s stack) tree(t *testing.T, below string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(filepath.Join(s.dir, filepath.FromSlash(below)), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
