package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/pipeline"
)

// memory is a Store that keeps lines in memory.
type memory struct {
	mu    sync.Mutex
	lines [][]byte
	err   error
}

func (m *memory) Append(ctx context.Context, lines []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.err); err != nil {
		return err
	}
	for line := range bytes.Lines(lines) {
		m.lines = append(m.lines, bytes.Clone(line))
	}
	return nil
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

// records decodes what was stored.
func (m *memory) records(t *testing.T) []map[string]any {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []map[string]any
	for _, line := range m.lines {
		var r map[string]any
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, r)
	}
	return out
}

// one wants exactly one record.
func (m *memory) one(t *testing.T) map[string]any {
	t.Helper()
	r := m.records(t)
	if len(r) != 1 {
		t.Fatalf("%d records, want 1", len(r))
	}
	return r[0]
}

// options are those of a server with numbered ids.
func options(s Store) Options {
	var n atomic.Int64
	b, _ := beacon.New(beacon.Options{Collector: "test"}) // the zero Spec always runs
	return Options{
		Beacon: b, Store: s, Clock: time.Now,
		NewID:  func() string { return "id-" + strconv.FormatInt(n.Add(1), 10) },
		Counts: NewCounts(pipeline.Hits{}),
	}
}

// start serves h over loopback, with the server's own settings but for what
// change does, and gives the address.
func start(t *testing.T, h http.Handler, change func(*http.Server)) string {
	t.Helper()
	srv := newServer(h, ListenOptions{Log: slog.New(slog.DiscardHandler)})
	if change != nil {
		change(srv)
	}
	l := listen(t)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// answer is what came back, the body read.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

func read(t *testing.T, resp *http.Response) answer {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, b}
}

func (a answer) status() string { return a.header.Get("X-Pixel-Status") }

// isImage wants the image.
func (a answer) isImage(t *testing.T) {
	t.Helper()
	if a.code != http.StatusOK || len(a.body) != 43 || a.header.Get("Content-Type") != "image/gif" {
		t.Errorf("answered %d, %s, %d bytes; want the image", a.code, a.header.Get("Content-Type"), len(a.body))
	}
}

// do sends a request on a connection of its own.
func do(t *testing.T, method, url string, body io.Reader, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp)
}
