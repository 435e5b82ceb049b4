package control

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// fake is a Server that notes what it was asked.
type fake struct {
	state    State
	result   pipeline.FlushResult
	err      error
	flush    func(context.Context) error
	mu       sync.Mutex
	interval time.Duration
	records  Records
	stopped  bool
}

func (f *fake) State() State { return f.state }

func (f *fake) Flush(ctx context.Context) (pipeline.FlushResult, error) {
	if f.flush != nil {
		return f.result, f.flush(ctx)
	}
	return f.result, f.err
}

func (f *fake) SetBuffer(_ context.Context, d time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.interval = d
	return f.err
}

func (f *fake) SetRecords(_ context.Context, r Records) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.records = r
	return f.err
}

func (f *fake) Stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
}

// serve gives a client of f.
func serve(t *testing.T, f *fake) (*Client, Address) {
	t.Helper()
	token := NewToken()
	srv := httptest.NewServer(Handler(f, token))
	t.Cleanup(srv.Close)
	a := Address{PID: 4711, Control: strings.TrimPrefix(srv.URL, "http://"), Token: token}
	return NewClient(a), a
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	f := &fake{
		state: State{
			PID: 4711, Endpoint: "http://127.0.0.1:8787", Started: time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC),
			Hits:  pipeline.Hits{Received: 3, Recorded: 2, Dropped: map[string]int64{"storage": 1}},
			Spool: pipeline.Stored{Files: 1, Bytes: 2, Records: 3}, FlushError: "no room", BufferSeconds: 60,
		},
		result: pipeline.FlushResult{Records: 7, Errors: 1, Files: []string{"data/year=2026/month=7/day=5/hour=9/s.parquet"}},
	}
	c, _ := serve(t, f)
	state, err := c.State(t.Context())
	if err != nil || !reflect.DeepEqual(state, f.state) {
		t.Errorf("state %+v, %v; want %+v", state, err, f.state)
	}
	result, err := c.Flush(t.Context())
	if err != nil || !reflect.DeepEqual(result, f.result) {
		t.Errorf("flush %+v, %v; want %+v", result, err, f.result)
	}
	if err := c.SetBuffer(t.Context(), 5*time.Minute); err != nil || f.interval != 5*time.Minute {
		t.Errorf("set buffer: %v, server got %s", err, f.interval)
	}
	records := Records{
		Spec: spec.Spec{Fields: []spec.Field{{Name: "hotel", Type: event.String}}, Sites: []string{"shop"}}, RetentionDays: 30,
	}
	if err := c.SetRecords(t.Context(), records); err != nil || !reflect.DeepEqual(f.records, records) {
		t.Errorf("set records: %v, server got %+v", err, f.records)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.stopped {
		t.Error("the server was not stopped")
	}
}

// A server of before there were specs says so, and nothing else does.
func TestUnknownQuestion(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	old := NewClient(Address{Control: strings.TrimPrefix(srv.URL, "http://")})
	if err := old.SetRecords(t.Context(), Records{}); !errors.Is(err, ErrUnknown) {
		t.Errorf("%v, want %v", err, ErrUnknown)
	}
	c, _ := serve(t, &fake{err: errors.New("disk is full")})
	if err := c.SetRecords(t.Context(), Records{}); errors.Is(err, ErrUnknown) {
		t.Errorf("%v", err)
	}
}

// What the server says is wrong reaches who asked, with what was asked.
func TestServerError(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, &fake{err: errors.New("disk is full")})
	for name, call := range map[string]func() error{
		"flush":   func() error { _, err := c.Flush(t.Context()); return err },
		"buffer":  func() error { return c.SetBuffer(t.Context(), time.Minute) },
		"records": func() error { return c.SetRecords(t.Context(), Records{}) },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "disk is full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who does not know the token learns and changes nothing.
func TestToken(t *testing.T) {
	t.Parallel()
	f := &fake{state: State{Endpoint: "secret"}}
	_, a := serve(t, f)
	for _, header := range []string{"", "Bearer", "Bearer ", a.Token, "Basic " + a.Token, "Bearer " + a.Token[:31], "Bearer " + a.Token + "0", "Bearer " + NewToken()} {
		for _, path := range []string{pathState, pathFlush, pathBuffer, pathRecord, pathStop, "/"} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				w := httptest.NewRecorder()
				r := httptest.NewRequest(method, path, strings.NewReader(`{"seconds":900,"retention_days":1}`))
				r.Header.Set("Authorization", header)
				Handler(f, a.Token).ServeHTTP(w, r)
				if w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "secret") {
					t.Errorf("%s %s with %q: %d %s", method, path, header, w.Code, w.Body)
				}
			}
		}
	}
	if f.stopped || f.interval != 0 || f.records.RetentionDays != 0 {
		t.Errorf("the server took orders: %+v", f)
	}
	if one, two := NewToken(), NewToken(); one == two || len(one) != hex.EncodedLen(16) {
		t.Errorf("tokens %s, %s", one, two)
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	f := &fake{}
	for _, c := range []struct {
		method, path, body string
		code               int
	}{
		{"POST", pathBuffer, "", http.StatusInternalServerError},
		{"POST", pathBuffer, "sixty", http.StatusInternalServerError},
		{"POST", pathBuffer, `{"seconds":"60"}`, http.StatusInternalServerError},
		{"POST", pathRecord, "{", http.StatusInternalServerError},
		{"GET", pathRecord, "", http.StatusMethodNotAllowed},
		{"GET", pathFlush, "", http.StatusMethodNotAllowed},
		{"GET", pathStop, "", http.StatusMethodNotAllowed},
		{"POST", "/destroy", "", http.StatusNotFound},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		r.Header.Set("Authorization", "Bearer t")
		Handler(f, "t").ServeHTTP(w, r)
		if w.Code != c.code {
			t.Errorf("%s %s %q: %d, want %d", c.method, c.path, c.body, w.Code, c.code)
		}
	}
	if f.stopped || f.interval != 0 || f.records.RetentionDays != 0 {
		t.Errorf("the server took orders: %+v", f)
	}
}

// A port that another program has taken since is no server of ours.
func TestOtherProgram(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"page":     func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>It works!</html>")) },
		"nothing":  func(http.ResponseWriter, *http.Request) {},
		"error":    func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "who are you", http.StatusUnauthorized) },
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, //nolint:forbidigo // how net/http hangs up
	} {
		srv := httptest.NewServer(h)
		c := NewClient(Address{PID: 4711, Control: strings.TrimPrefix(srv.URL, "http://")})
		if _, err := c.State(t.Context()); err == nil {
			t.Errorf("%s: taken for a server", name)
		}
		srv.Close()
		if _, err := c.State(t.Context()); err == nil || !strings.Contains(err.Error(), "4711") {
			t.Errorf("%s, gone: %v, want the pid named", name, err)
		}
	}
}

// A flush ends when who asked for it goes away.
func TestFlushGivenUp(t *testing.T) {
	t.Parallel()
	begun, ended := make(chan struct{}), make(chan error, 1)
	c, _ := serve(t, &fake{flush: func(ctx context.Context) error {
		close(begun)
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-begun
		cancel()
	}()
	if _, err := c.Flush(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("flush: %v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("in the server: %v", err)
	}
}
