package server

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// receive reads one answer.
func receive(t *testing.T, conn net.Conn, method string) answer {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp)
}

// No connection can be held for ever; only our own commands may wait long for
// their answer.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	public, private := newServer(nil, ListenOptions{Log: log}), newServer(nil, ListenOptions{Private: true, Log: log})
	for name, d := range map[string]time.Duration{
		"header": public.ReadHeaderTimeout, "read": public.ReadTimeout, "write": public.WriteTimeout, "idle": public.IdleTimeout,
		"private header": private.ReadHeaderTimeout, "private read": private.ReadTimeout, "private idle": private.IdleTimeout,
	} {
		if d <= 0 {
			t.Errorf("no %s timeout", name)
		}
	}
	if private.WriteTimeout != 0 {
		t.Errorf("a flush has %s to answer", private.WriteTimeout)
	}
	if public.WriteTimeout <= public.ReadTimeout {
		t.Error("who sends slowly gets no answer: the time to write is over with the time to read")
	}
	if public.MaxHeaderBytes < 16<<10 {
		t.Errorf("%d bytes of headers are allowed", public.MaxHeaderBytes)
	}
}

// serving runs Serve until the test ends it by calling stop.
func serving(t *testing.T, h http.Handler, o ListenOptions) (at string, stop func() error) {
	t.Helper()
	l := listen(t)
	o.Log = slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, h, o) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), stop
}

// More connections than allowed wait for a free place; all are answered.
func TestConnectionCap(t *testing.T) {
	t.Parallel()
	const limit, clients = 3, 12
	var mu sync.Mutex
	now, most := 0, 0
	entered, release := make(chan struct{}), make(chan struct{})
	at, _ := serving(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		entered <- struct{}{}
		<-release
		mu.Lock()
		now--
		mu.Unlock()
	}), ListenOptions{MaxConns: limit})
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			if a := do(t, "GET", "http://"+at, nil); a.code != http.StatusOK {
				t.Errorf("answered %d", a.code)
			}
		})
	}
	for i := range clients {
		if i >= limit {
			release <- struct{}{}
		}
		<-entered
	}
	close(release)
	all.Wait()
	if most > limit {
		t.Errorf("%d connections at a time, want at most %d", most, limit)
	}
}

// A server that ends answers what is under way, and takes nothing new.
func TestDrain(t *testing.T) {
	t.Parallel()
	store := &gate{entered: make(chan struct{}), open: make(chan struct{})}
	at, stop := serving(t, New(options(store)), ListenOptions{MaxConns: 10})
	conn := dial(t, at)
	send(t, conn, "GET /p.gif HTTP/1.1\r\nHost: a\r\n\r\n")
	<-store.entered
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	refused(t, at)
	close(store.open)
	a := receive(t, conn, "GET")
	a.isImage(t)
	if a.status() != "recorded" {
		t.Errorf("status %q", a.status())
	}
	if err := <-ended; err != nil {
		t.Errorf("serve: %v", err)
	}
}

// refused waits until nobody listens any more.
func refused(t *testing.T, at string) {
	t.Helper()
	for {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, conn) // until the server closes it
		_ = conn.Close()
	}
}

// A listener that fails ends the server with an error.
func TestServeFails(t *testing.T) {
	t.Parallel()
	l := listen(t)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Serve(t.Context(), l, http.NotFoundHandler(), ListenOptions{Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("no error")
	}
}
