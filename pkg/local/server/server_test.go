package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/spec"
)

// ask has the handler answer one request, without a network.
func ask(t *testing.T, h http.Handler, method, target string, body io.Reader) answer {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, target, body))
	return read(t, w.Result())
}

func TestCounts(t *testing.T) {
	t.Parallel()
	store := &memory{}
	o := options(store)
	h := New(o)
	for _, c := range []struct {
		method, target, body string
		fail                 error
		status               string
	}{
		{"GET", "/p.gif", "", nil, "recorded"},
		{"GET", "/p.gif?img=0", "", nil, "recorded"},
		{"POST", "/p.gif", "event=x", nil, "recorded"},
		{"POST", "/p.gif", `[{"event":"a"},{"event":"b"},{"event":"c"}]`, nil, "recorded; count=3"},
		{"POST", "/p.gif", `[{"event":"a"},7]`, nil, "recorded; count=1; dropped=1; reason=entry"},
		{"POST", "/p.gif", `[]`, nil, "dropped; reason=empty"},
		{"GET", "/p.gif", "", errors.New("disk"), "dropped; reason=storage"},
		{"POST", "/p.gif", `[{"event":"a"},{"event":"b"}]`, errors.New("disk"), "dropped; reason=storage"},
		{"DELETE", "/p.gif", "", nil, "dropped; reason=method"},
		{"GET", "/nothing", "", nil, "dropped; reason=path"},
		{"GET", "/health", "", nil, ""},
		{"GET", "/robots.txt", "", nil, ""},
	} {
		store.fail(c.fail)
		if a := ask(t, h, c.method, c.target, strings.NewReader(c.body)); a.status() != c.status {
			t.Errorf("%s %s %s: status %q, want %q", c.method, c.target, c.body, a.status(), c.status)
		}
	}
	hits := o.Counts.Hits()
	want := map[string]int64{"entry": 1, "empty": 1, "storage": 3, "method": 1}
	if hits.Received != 9 || hits.Recorded != 7 || !maps.Equal(hits.Dropped, want) {
		t.Errorf("counts %+v, want 9 received, 7 recorded, dropped %v", hits, want)
	}
	if n := len(store.records(t)); int64(n) != hits.Recorded {
		t.Errorf("%d records are stored", n)
	}
	hits.Dropped["storage"] = 99
	if o.Counts.Hits().Dropped["storage"] != 3 {
		t.Error("Hits gives its own map away")
	}
}

// A hit of a site that is not listed leaves a row and is a dropped hit all the
// same; the network cookie goes out with the image.
func TestSpec(t *testing.T) {
	t.Parallel()
	store := &memory{}
	o := options(store)
	b, err := beacon.New(beacon.Options{
		Spec: spec.Spec{Sites: []string{"shop"}, Privacy: spec.Privacy{NetworkCookie: true}}, Keys: fixedKeys{},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Beacon = b
	h := New(o)
	for _, c := range []struct {
		target, status string
		cookie         bool
	}{
		{"/p.gif?site=shop", "recorded", true},
		{"/p.gif?site=evil", "dropped; reason=site", false},
	} {
		a := ask(t, h, "GET", c.target, nil)
		a.isImage(t)
		if cookie := a.header.Get("Set-Cookie"); a.status() != c.status || strings.HasPrefix(cookie, "pxid=") != c.cookie {
			t.Errorf("%s: status %q, cookie %q", c.target, a.status(), cookie)
		}
	}
	hits := o.Counts.Hits()
	if hits.Received != 2 || hits.Recorded != 1 || hits.Dropped["site"] != 1 || len(store.records(t)) != 2 {
		t.Errorf("counts %+v, %d rows", hits, len(store.records(t)))
	}
}

// fixedKeys are keys of a test.
type fixedKeys struct{}

func (fixedKeys) Day(int64) (key [32]byte, ok bool) { return key, true }
func (fixedKeys) Cookie() (key [32]byte, ok bool)   { return key, true }

// What the store says stands until it takes a record again.
func TestStoreError(t *testing.T) {
	t.Parallel()
	store, full := &memory{}, errors.New("no space left")
	o := options(store)
	h := New(o)
	for _, c := range []struct{ fail, want error }{{nil, nil}, {full, full}, {full, full}, {nil, nil}} {
		store.fail(c.fail)
		a := ask(t, h, "GET", "/p.gif", nil)
		a.isImage(t)
		if dropped := a.status() == "dropped; reason=storage"; dropped != (c.fail != nil) || (a.header.Get("X-Pixel-Event") == "") != dropped {
			t.Errorf("status %q, event %q while the store says %v", a.status(), a.header.Get("X-Pixel-Event"), c.fail)
		}
		if !errors.Is(o.Counts.StoreError(), c.want) {
			t.Errorf("store error %v, want %v", o.Counts.StoreError(), c.want)
		}
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	store := &memory{}
	o := options(store)
	now := noon
	o.RateLimit, o.Clock = 2, func() time.Time { return now }
	h := New(o)
	var got []string
	for _, after := range []time.Duration{0, 0, 0, time.Second} {
		now = noon.Add(after)
		a := ask(t, h, "GET", "/p.gif", nil)
		a.isImage(t)
		got = append(got, a.status())
	}
	if want := "recorded recorded dropped; reason=rate recorded"; strings.Join(got, " ") != want {
		t.Errorf("answers %q, want %q", got, want)
	}
	if hits := o.Counts.Hits(); hits.Received != 4 || hits.Recorded != 3 || hits.Dropped["rate"] != 1 || len(store.records(t)) != 3 {
		t.Errorf("counts %+v, %d records", hits, len(store.records(t)))
	}
}

// Bodies up to 64 KiB are read; of a larger one what was read is recorded and
// marked as cut. Chunked or not makes no difference. (Of far larger ones, from
// 256 KiB more, net/http closes the connection under the sender's hands.)
func TestBodyLimits(t *testing.T) {
	t.Parallel()
	const head = "event=big&pad="
	for _, size := range []int{0, len(head), beacon.MaxBody, beacon.MaxBody + 1, beacon.MaxBody + 2, 200 << 10} {
		for _, chunked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d bytes, chunked %v", size, chunked), func(t *testing.T) {
				t.Parallel()
				store := &memory{}
				url := "http://" + start(t, New(options(store)), nil) + "/p.gif"
				body := []byte((head + strings.Repeat("x", size))[:size])
				var r io.Reader = bytes.NewReader(body)
				if chunked {
					r = struct{ io.Reader }{r} // its length is not to be seen
				}
				a := do(t, "POST", url, r, "Content-Type", "text/plain")
				if a.code != http.StatusNoContent || a.status() != "recorded" || len(a.body) != 0 {
					t.Errorf("answered %+v, want 204, recorded", a)
				}
				got := store.one(t)
				if size >= len(head) && got["event"] != "big" {
					t.Errorf("event %v, want big", got["event"])
				}
				if cut := got["truncated"] == true; size > beacon.MaxBody && !cut || size <= len(head) && cut {
					t.Errorf("truncated %v", got["truncated"])
				}
			})
		}
	}
}

// A body that stops half-way, or does not come in time, is a hit all the same.
func TestUnfinishedBody(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string]func(*net.TCPConn) error{
		"aborted": (*net.TCPConn).CloseWrite,
		"slow":    func(*net.TCPConn) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &memory{}
			at := start(t, New(options(store)), func(s *http.Server) { s.ReadTimeout = 50 * time.Millisecond })
			conn := dial(t, at)
			send(t, conn, "POST /p.gif HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nevent=half")
			if err := finish(conn); err != nil {
				t.Fatal(err)
			}
			if a := receive(t, conn, "POST"); a.code != http.StatusNoContent || a.status() != "recorded" {
				t.Errorf("answered %+v, want 204, recorded", a)
			}
			if got := store.one(t); got["event"] != "half" {
				t.Errorf("record %v, want what had come", got)
			}
		})
	}
}

func dial(t *testing.T, at string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		t.Fatalf("%T", conn)
	}
	return tcp
}

func send(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

func TestLargeHeaders(t *testing.T) {
	t.Parallel()
	store := &memory{}
	at := start(t, New(options(store)), nil)
	for _, size := range []int{10 << 10, 60 << 10} {
		a := do(t, "GET", "http://"+at+"/p.gif?uid=u", nil, "Cookie", strings.Repeat("c", size-2000), "User-Agent", strings.Repeat("a", 2000))
		a.isImage(t)
		if a.status() != "recorded" {
			t.Errorf("%d bytes of headers: %q", size, a.status())
		}
	}
	for _, r := range store.records(t) {
		if ua, _ := r["user_agent"].(string); !strings.HasPrefix(ua, "aaaa") || r["truncated"] != true {
			t.Errorf("user agent of %d bytes, truncated %v", len(ua), r["truncated"])
		}
	}
}

// HEAD says what GET would, and no more.
func TestHead(t *testing.T) {
	t.Parallel()
	store := &memory{}
	at := start(t, New(options(store)), nil)
	conn := dial(t, at)
	send(t, conn, "HEAD /p.gif HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	raw, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	head, body, found := strings.Cut(string(raw), "\r\n\r\n")
	if !found || body != "" || !strings.Contains(head, "Content-Length: 43") || !strings.Contains(head, "200 OK") {
		t.Errorf("answered %q", raw)
	}
	if r := store.records(t); len(r) != 0 {
		t.Errorf("records %v, want none", r)
	}
}

// gate is a Store that holds its caller until it is opened.
type gate struct {
	memory
	entered chan struct{}
	open    chan struct{}
}

func (g *gate) Append(ctx context.Context, lines []byte) error {
	g.entered <- struct{}{}
	<-g.open
	return g.memory.Append(ctx, lines)
}

// A visitor who goes away while the record is stored does not take it along.
func TestVisitorGoesAway(t *testing.T) {
	t.Parallel()
	store := &gate{entered: make(chan struct{}), open: make(chan struct{})}
	o := options(store)
	done, gone := make(chan struct{}), make(chan struct{})
	h := New(o)
	at := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		context.AfterFunc(r.Context(), func() { close(gone) })
		h.ServeHTTP(w, r)
		close(done)
	}), nil)
	conn := dial(t, at)
	send(t, conn, "GET /p.gif?uid=gone HTTP/1.1\r\nHost: a\r\n\r\n")
	<-store.entered
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	<-gone // the server has noticed
	close(store.open)
	<-done
	if got := store.one(t); got["user_id"] != "gone" {
		t.Errorf("record %v", got)
	}
	if hits := o.Counts.Hits(); hits.Recorded != 1 {
		t.Errorf("counts %+v", hits)
	}
}

// Exchanges are reused: nothing of one request shows in another.
func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	store := &memory{}
	url := "http://" + start(t, New(options(store)), nil)
	var clients sync.WaitGroup
	var mu sync.Mutex
	want := map[string]string{}
	for c := range 8 {
		clients.Go(func() {
			for i := range 50 {
				uid := fmt.Sprintf("u-%d-%d", c, i)
				var a answer
				if i%2 == 0 {
					a = do(t, "GET", url+"/p.gif?uid="+uid, nil, "Origin", "https://"+uid+".example")
				} else {
					a = do(t, "POST", url+"/p.gif", strings.NewReader(`{"uid":"`+uid+`"}`), "Origin", "https://"+uid+".example")
				}
				if got := a.header.Get("Access-Control-Allow-Origin"); got != "https://"+uid+".example" {
					t.Errorf("origin %s answered to %s", got, uid)
				}
				mu.Lock()
				want[a.header.Get("X-Pixel-Event")] = uid
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	got := map[string]string{}
	for _, r := range store.records(t) {
		id, _ := r["event_id"].(string)
		got[id], _ = r["user_id"].(string)
	}
	if len(want) != 400 || !maps.Equal(got, want) {
		t.Errorf("%d records, %d answers; want 400 that agree", len(got), len(want))
	}
}
