package traffic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pixelctl/pkg/fault"
)

// transport answers without a network, so that the clock can be a fake one.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (f transport) client() *http.Client { return &http.Client{Transport: f} }

func answer(code int, status string) *http.Response {
	h := http.Header{}
	if status != "" {
		h.Set(statusHeader, status)
	}
	return &http.Response{StatusCode: code, Header: h, Body: io.NopCloser(strings.NewReader("GIF89a"))}
}

func TestSendIsPacedEvenly(t *testing.T) {
	tests := []struct {
		rate        float64
		count       int
		concurrency int
		took        time.Duration
		atOnce      int // most hits at one instant
	}{
		{50, 101, 4, 2 * time.Second, 1},
		{0.5, 4, 8, 6 * time.Second, 1},
		{2000, 2001, 4, time.Second, 1},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			at := map[time.Duration]int{}
			started := time.Now()
			client := transport(func(*http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				at[time.Since(started)]++
				return answer(200, recorded), nil
			}).client()
			s, err := Send(t.Context(), Options{
				Endpoint: "http://e.example", Count: tt.count, Rate: tt.rate, Concurrency: tt.concurrency, Client: client,
			})
			if err != nil || s.Recorded() != tt.count {
				t.Fatalf("%+v, %v", s, err)
			}
			if got := time.Since(started); got.Round(time.Millisecond) != tt.took.Round(time.Millisecond) {
				t.Errorf("%v/s: %d hits took %s, want %s", tt.rate, tt.count, got, tt.took)
			}
			for when, n := range at {
				if n > tt.atOnce {
					t.Errorf("%v/s: %d hits at %s, at most %d", tt.rate, n, when, tt.atOnce)
				}
			}
		})
	}
}

func TestSendKeepsToItsConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under, most atomic.Int64
		client := transport(func(*http.Request) (*http.Response, error) {
			if n := under.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(10 * time.Millisecond) //nolint:forbidigo // of the bubble's clock
			under.Add(-1)
			return answer(200, recorded), nil
		}).client()
		s, err := Send(t.Context(), Options{Endpoint: "http://e.example", Count: 201, Concurrency: 5, Client: client})
		if err != nil || most.Load() != 5 {
			t.Errorf("%d requests at once, want 5; %v", most.Load(), err)
		}
		if s.Seconds != 0.41 { // the first alone, then 40 rounds
			t.Errorf("took %v s, want 0.41", s.Seconds)
		}
		if s.Latency.Max != 10 || s.Latency.P50 < 10 || s.Latency.P50 > 10.4 {
			t.Errorf("latency %+v, want 10 ms", s.Latency)
		}
	})
}

func number(t *testing.T, r *http.Request) int {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	_, eid, _ := strings.Cut(r.URL.RawQuery+string(body), "eid=synthetic-9-")
	eid, _, _ = strings.Cut(eid, "&")
	n, err := strconv.Atoi(eid)
	if err != nil {
		t.Errorf("request %s has no number: %v", r.URL, err)
	}
	return n
}

// unwell answers each hit by its number: three of eight are recorded.
func unwell(t *testing.T) http.HandlerFunc {
	codes := map[int]int{0: http.StatusTooManyRequests, 1: http.StatusInternalServerError, 3: http.StatusFound}
	states := map[int]string{2: "dropped; reason=storage", 5: recorded, 6: recorded, 7: recorded}
	return func(w http.ResponseWriter, r *http.Request) {
		n := number(t, r) % 8
		if status := states[n]; status != "" {
			w.Header().Set(statusHeader, status)
		}
		if code := codes[n]; code != 0 {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(code)
		}
		if _, err := io.WriteString(w, "GIF89a"); err != nil {
			t.Error(err)
		}
	}
}

func TestSendCountsOutcomes(t *testing.T) {
	server := httptest.NewServer(unwell(t))
	defer server.Close()
	var done []int
	s, err := Send(t.Context(), Options{
		Endpoint: server.URL + "/", Count: 80, Seed: 9, Concurrency: 4,
		OnProgress: func(n, total int) { done = append(done, n*1000+total) },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "map[dropped: storage:10 http 200 without X-Pixel-Status:10 http 302:10 http 429:10 http 500:10 recorded:30]"
	if got := fmt.Sprint(s.Outcomes); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if s.Sent != 80 || s.Recorded() != 30 || s.Dropped() != 10 || s.FirstID != "synthetic-9-1" || s.LastID != "synthetic-9-80" || s.Seed != 9 {
		t.Errorf("summary %+v", s)
	}
	if len(done) != 80 || !slices.IsSorted(done) || done[79] != 80080 {
		t.Errorf("progress %v", done)
	}
}

func TestSendIsTheSameForAnyConcurrency(t *testing.T) {
	var mu sync.Mutex
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, fmt.Sprint(r.Method, r.URL, r.Header, string(body)))
		w.Header().Set(statusHeader, recorded)
	}))
	defer server.Close()
	run := func(concurrency int) []string {
		got = nil
		if _, err := Send(t.Context(), Options{Endpoint: server.URL, Count: 100, Concurrency: concurrency, Days: 2, Now: fixed(noon)}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		return got
	}
	if one, many := run(1), run(16); !slices.Equal(one, many) || len(one) != 100 {
		t.Errorf("%d and %d requests differ", len(one), len(many))
	}
}

func TestSendToNobody(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	s, err := Send(t.Context(), Options{Endpoint: server.URL, Count: 1000})
	if err == nil || fault.KindOf(err) != fault.Failed || !strings.Contains(fault.HintOf(err), "pixelctl status") {
		t.Errorf("got %v with hint %q", err, fault.HintOf(err))
	}
	if !errors.Is(err, syscall.ECONNREFUSED) || strings.Contains(err.Error(), "Get ") {
		t.Errorf("got %v", err)
	}
	if s.Sent != 1 || s.Outcomes["error: connection refused"] != 1 {
		t.Errorf("%+v, want one hit sent", s)
	}
}

func TestSendGoesOnAfterFailures(t *testing.T) {
	var n atomic.Int64
	client := transport(func(*http.Request) (*http.Response, error) {
		switch n.Add(1) % 4 {
		case 0:
			return nil, syscall.ECONNRESET
		case 2:
			return nil, context.DeadlineExceeded
		}
		return answer(200, recorded), nil
	}).client()
	s, err := Send(t.Context(), Options{Endpoint: "http://e.example", Count: 40, Client: client})
	want := "map[error: connection reset by peer:10 error: timeout:10 recorded:20]"
	if got := fmt.Sprint(s.Outcomes); err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestSendInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var n atomic.Int64
	client := transport(func(r *http.Request) (*http.Response, error) {
		if n.Add(1) <= 20 {
			return answer(200, recorded), nil
		}
		cancel()
		<-r.Context().Done()
		return nil, r.Context().Err()
	}).client()
	s, err := Send(ctx, Options{Endpoint: "http://e.example", Count: 1000, Concurrency: 3, Client: client})
	if !errors.Is(err, context.Canceled) || fault.KindOf(err) != fault.Interrupted {
		t.Errorf("got %v", err)
	}
	if s.Recorded() != 20 || s.Sent != 20+s.Outcomes[unanswered] || s.Sent > 24 {
		t.Errorf("%+v, want 20 recorded and no other outcome than unanswered", s)
	}
}

func TestSendStopsAtItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1050*time.Millisecond)
		defer cancel()
		client := transport(func(*http.Request) (*http.Response, error) { return answer(200, recorded), nil }).client()
		s, err := Send(ctx, Options{Endpoint: "http://e.example", Count: 1000, Rate: 10, Client: client})
		if fault.KindOf(err) != fault.TimedOut || s.Recorded() != 11 {
			t.Errorf("got %v after %d hits, want 11", err, s.Recorded())
		}
	})
}

func TestSendTurnsTheHour(t *testing.T) {
	var mu sync.Mutex
	var clock time.Time
	var late, hours int
	client := transport(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(io.MultiReader(strings.NewReader(r.URL.RawQuery), r.Body))
		if err != nil {
			return nil, err
		}
		_, ts, _ := strings.Cut(string(body), "&ts=")
		ts, _, _ = strings.Cut(ts, "&")
		ms, err := strconv.ParseInt(ts, 10, 64)
		mu.Lock()
		defer mu.Unlock()
		if !time.UnixMilli(ms).Truncate(time.Hour).Equal(clock) {
			late++
		}
		return answer(200, recorded), err
	}).client()
	o := Options{Endpoint: "http://e.example", Count: 500, Days: 2, Client: client, Now: fixed(noon)}
	o.OnHour = func(_ context.Context, hour time.Time) error {
		mu.Lock()
		defer mu.Unlock()
		if !hour.After(clock) {
			t.Errorf("hour %s after %s", hour, clock)
		}
		clock = hour
		hours++
		return nil
	}
	s, err := Send(t.Context(), o)
	if err != nil || s.Recorded() != 500 || late != 0 || hours < 40 {
		t.Errorf("%+v, %v: %d hits outside of their hour, %d hours", s, err, late, hours)
	}
	o.OnHour = func(context.Context, time.Time) error { return io.ErrUnexpectedEOF }
	if s, err := Send(t.Context(), o); !errors.Is(err, io.ErrUnexpectedEOF) || s.Sent != 0 {
		t.Errorf("got %+v, %v, want the callback's error", s, err)
	}
}
