package local_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
)

// here is a server in the test's own process, on a clock that the test sets.
type here struct {
	stack
	endpoint string
	stop     func() // ends it and waits; a second call does nothing
	clock    atomic.Pointer[time.Time]
}

// at sets the clock.
func (h *here) at(when time.Time) { h.clock.Store(&when) }

// serveHere serves a fresh stack until the test ends or stops it.
func serveHere(t *testing.T, start time.Time) *here {
	t.Helper()
	h := &here{stack: newStack(t)}
	h.at(start)
	addr := "127.0.0.1:0"
	target := local.New(local.Options{Stack: stackName, Dir: h.dir, Want: local.Patch{Addr: &addr}, Converter: local.Convert{}})
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- target.Serve(ctx, local.ServeOptions{
			Clock: func() time.Time { return *h.clock.Load() }, Version: "test",
			Log:   slog.New(slog.DiscardHandler),
			Ready: func(a control.Address) { ready <- a.Endpoint },
		})
		close(ended)
	}()
	h.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	}
	t.Cleanup(h.stop)
	select {
	case h.endpoint = <-ready:
	case err := <-ended:
		t.Fatalf("serve: %v", err)
	}
	return h
}
