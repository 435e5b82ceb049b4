package local

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/pipeline"
)

// served is a host in this process and how to ask for it.
type served struct {
	*host
	target   *Target
	endpoint string
}

// serveHost serves a fresh stack over fsys until the test ends.
func serveHost(t testing.TB, fsys disk.FS, converter flush.Converter) served {
	t.Helper()
	return serveSettings(t, filepath.Join(t.TempDir(), "stack"), defaultSettings("test"), time.Now, fsys, converter)
}

// serveSettings serves the stack in a directory until the test ends.
func serveSettings(t testing.TB, dir string, settings Settings, clock func() time.Time, fsys disk.FS, converter flush.Converter) served {
	t.Helper()
	settings.Addr = "127.0.0.1:0"
	ready := make(chan string, 1)
	h := &host{
		ServeOptions: ServeOptions{
			Clock: clock, Version: "test", Log: slog.New(slog.DiscardHandler),
			Ready: func(a control.Address) { ready <- a.Endpoint },
		},
		layout: Layout{Dir: dir}, settings: settings, converter: converter, fs: fsys,
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	select {
	case endpoint := <-ready:
		return served{h, New(Options{Stack: "test", Dir: dir, Converter: Convert{}}), endpoint}
	case err := <-ended:
		ended <- err
		t.Fatalf("serve: %v", err)
	}
	return served{}
}

// request sends one hit, wants it answered as every hit is, and gives its id,
// or "" and why it was dropped.
func (s served) request(t *testing.T, body string) (id, reason string) {
	t.Helper()
	method, code, length := http.MethodGet, http.StatusOK, 43
	if body != "" {
		method, code, length = http.MethodPost, http.StatusNoContent, 0
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.endpoint+"/p.gif", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return "", ""
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return "", ""
	}
	b, err := io.ReadAll(resp.Body)
	if closed := resp.Body.Close(); err != nil || closed != nil || resp.StatusCode != code || len(b) != length {
		t.Errorf("%s answered %d with %d bytes, %v, %v", method, resp.StatusCode, len(b), err, closed)
	}
	if why, dropped := strings.CutPrefix(resp.Header.Get("X-Pixel-Status"), "dropped; reason="); dropped {
		return "", why
	}
	return resp.Header.Get("X-Pixel-Event"), ""
}

func (s served) status(t *testing.T) pipeline.Status {
	t.Helper()
	status, err := s.target.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// problem finds a problem by a part of its text.
func problem(s pipeline.Status, part string) bool {
	for _, p := range s.Problems {
		if strings.Contains(p.What, part) && p.Action != "" {
			return true
		}
	}
	return false
}

// ids gives how often each event_id stands in the table.
func ids(t *testing.T, target *Target) map[string]int {
	t.Helper()
	rows, err := target.Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT event_id FROM tp_hits"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for {
		row, err := rows.Next(t.Context())
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		id, _ := row[0].(string)
		got[id]++
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return got
}
