package session

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// sender reads a body as net/http's transport does: what the length says, then
// once more to see that nothing follows.
type sender struct{ read string }

func (s *sender) Do(r *http.Request) (*http.Response, error) {
	head, err := io.ReadAll(io.LimitReader(r.Body, r.ContentLength))
	if err != nil {
		return nil, err
	}
	s.read = string(head)
	_, err = r.Body.Read(make([]byte, 1))
	return nil, err
}

// shut is a body that was closed once it had been read.
type shut struct{ io.Reader }

func (s shut) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if n == 0 && errors.Is(err, io.EOF) {
		return 0, errors.New("read of a closed body")
	}
	return n, err
}

func (shut) Close() error { return nil }

func TestClientNeverReadsBehindABody(t *testing.T) {
	for _, text := range []string{"a", strings.Repeat("longer than one read ", 4096)} {
		s := &sender{}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1", shut{strings.NewReader(text)})
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = int64(len(text))
		if _, err := (client{s}).Do(r); !errors.Is(err, io.EOF) || s.read != text { //nolint:bodyclose // there is no answer
			t.Errorf("read %d of %d bytes, then %v", len(s.read), len(text), err)
		}
	}
}

func TestClientTellsWhatBreaksABody(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1", shut{strings.NewReader("half")})
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = 8
	if _, err := (client{&sender{}}).Do(r); err == nil || errors.Is(err, io.EOF) { //nolint:bodyclose // there is no answer
		t.Errorf("a body that ends too early: %v", err)
	}
}
