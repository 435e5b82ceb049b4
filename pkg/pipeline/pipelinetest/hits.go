package pipelinetest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// answer is what a visitor got.
type answer struct {
	code   int
	status string // X-Pixel-Status
	id     string // X-Pixel-Event
	image  bool
}

func get(t *testing.T, h Harness, url string, header ...string) answer {
	t.Helper()
	return send(t, h, http.MethodGet, url, "", header...)
}

// send sends one request; header holds names and values in turn.
func send(t *testing.T, h Harness, method, url, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatalf("build request %s: %v", url, err)
	}
	req.Header.Set("User-Agent", "pipelinetest")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := h.Client.Do(req)
	if err != nil {
		t.Fatalf("send %s %s: %v", method, url, err)
	}
	b, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatalf("read answer of %s: %v", url, err)
	}
	return answer{
		code: resp.StatusCode, status: resp.Header.Get("X-Pixel-Status"), id: resp.Header.Get("X-Pixel-Event"),
		image: resp.Header.Get("Content-Type") == "image/gif" && strings.HasPrefix(string(b), "GIF89a"),
	}
}

func mustRecord(t *testing.T, a answer) {
	t.Helper()
	if a.code != http.StatusOK || !a.image || a.status != "recorded" || a.id == "" {
		t.Fatalf("answer %+v, want 200, the image, status recorded and an id", a)
	}
}
