package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// Bounds of the public listener. The header limit lets a request with 10 kB of
// headers through; net/http itself answers 431 above it.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	writeTimeout  = 15 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 64 << 10
	drainTimeout  = 10 * time.Second
)

// ListenOptions say how to serve.
type ListenOptions struct {
	MaxConns int         // open connections; more wait in the backlog
	TLS      *tls.Config // nil is plain HTTP
	Private  bool        // requests of our own commands, which may take as long as they need
	Log      *slog.Logger
}

// Serve answers on l until ctx ends, then lets requests under way finish.
func Serve(ctx context.Context, l net.Listener, h http.Handler, o ListenOptions) error {
	if o.MaxConns > 0 {
		l = netutil.LimitListener(l, o.MaxConns)
	}
	srv := newServer(h, o)
	failed := make(chan error, 1)
	go func() {
		if o.TLS != nil {
			failed <- srv.ServeTLS(l, "", "") // the certificate is in TLSConfig
			return
		}
		failed <- srv.Serve(l)
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := srv.Shutdown(drain); err != nil {
		return errors.Join(fmt.Errorf("drain requests on %s: %w", l.Addr(), err), srv.Close())
	}
	return nil
}

func newServer(h http.Handler, o ListenOptions) *http.Server {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		TLSConfig:         o.TLS,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	if o.Private {
		srv.WriteTimeout = 0 // it runs from the request on: a long flush could not answer
	}
	return srv
}
