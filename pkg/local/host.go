package local

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/server"
	"pixelctl/pkg/local/spool"
)

// host is one serving process.
type host struct {
	ServeOptions
	layout    Layout
	settings  Settings
	converter flush.Converter
	fs        disk.FS // of the spool and the lake

	records  atomic.Pointer[control.Records] // what the server keeps of hits now
	keys     *keyring
	server   *server.Server
	retained retainState // under flushing.mu

	spool    *spool.Spool
	flusher  *flush.Flusher
	counts   *server.Counts
	address  control.Address
	stop     context.CancelFunc
	flushing flushState
}

// serve takes the directory for this process, brings it into order, and serves
// until ctx ends. A second server on one directory is fault.Busy.
func (h *host) serve(ctx context.Context) (err error) {
	if err := disk.MkdirAll(disk.OS{}, h.layout.Dir, dirPerm); err != nil {
		return fmt.Errorf("create stack directory: %w", err)
	}
	lock, err := lockFile(ctx, h.layout, h.layout.ServerLock(), "start server in "+h.layout.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if h.settings.Created.IsZero() {
		h.settings.Created = time.Now().UTC()
	}
	if err := alignCatalog(ctx, h.layout, h.settings.Spec.Schema(), nil); err != nil {
		return err
	}
	if err := saveJSON(h.layout.Settings(), h.settings); err != nil {
		return err
	}
	if err := h.open(); err != nil {
		return err
	}
	return errors.Join(h.run(ctx), h.close(ctx))
}

// open brings the directory into order after whatever happened before.
func (h *host) open() error {
	before := loadCounts(h.layout)
	if err := saveCounts(h.layout, before); err != nil {
		return err
	}
	h.counts = server.NewCounts(before.Hits)
	b, err := h.openRecords()
	if err != nil {
		return err
	}
	h.flusher = flush.New(flush.Options{Lake: h.layout.Lake(), FS: h.fs, Converter: h.converter, Schema: h.schema})
	if err := h.flusher.Recover(); err != nil {
		return fmt.Errorf("clear unfinished files: %w", err)
	}
	s, recovery, err := spool.Open(spool.Options{
		Dir: h.layout.Spool(), ErrorsDir: h.layout.Errors(), FS: h.fs,
		MaxBytes: int64(h.settings.BufferMiB) << 20,
	})
	if err != nil {
		return fmt.Errorf("open spool: %w", err)
	}
	h.spool = s
	h.server = h.newServer(b)
	h.flushing.interval = h.settings.Buffer()
	if recovery.Segments > 0 {
		h.Log.Info("recovered spool", "segments", recovery.Segments, "records", recovery.Records)
	}
	for _, t := range recovery.Torn {
		h.Log.Warn("torn end of a segment, of which nobody was answered", "segment", t.Segment, "bytes", t.Bytes, "kept", t.Path, "error", t.Err)
	}
	return nil
}

// run serves until ctx ends or Stop is asked for.
func (h *host) run(ctx context.Context) error {
	ctx, h.stop = context.WithCancel(ctx)
	defer h.stop()
	public, err := listen(ctx, h.settings.Addr)
	if err != nil {
		return err
	}
	if err := h.settlePort(public); err != nil {
		return errors.Join(err, public.Close())
	}
	private, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, public.Close())
	}
	config, err := tlsConfig(h.settings)
	if err != nil {
		return errors.Join(err, public.Close(), private.Close())
	}
	h.address = control.Address{
		PID: os.Getpid(), Endpoint: endpoint(h.settings, public.Addr()),
		Control: private.Addr().String(), Token: control.NewToken(), Started: time.Now().UTC(),
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return server.Serve(ctx, public, h.server, server.ListenOptions{MaxConns: h.settings.MaxConns, TLS: config, Log: h.Log})
	})
	group.Go(func() error {
		return server.Serve(ctx, private, control.Handler(h, h.address.Token), server.ListenOptions{Private: true, Log: h.Log})
	})
	group.Go(func() error { return h.flushLoop(ctx) })
	if err := saveAddress(h.layout, h.address); err != nil {
		h.stop()
		return errors.Join(err, group.Wait())
	}
	h.Log.Info("serving", "endpoint", h.address.Endpoint, "pid", h.address.PID)
	h.Ready(h.address)
	return group.Wait()
}

// settlePort writes down which port was picked for port 0.
func (h *host) settlePort(l net.Listener) error {
	host, port, err := net.SplitHostPort(h.settings.Addr)
	if err != nil || port != "0" {
		return err
	}
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	h.settings.Addr = net.JoinHostPort(host, port)
	return saveJSON(h.layout.Settings(), h.settings)
}

// close drains: what was answered becomes files before the process ends. What
// cannot be flushed stays in the spool for the next start.
func (h *host) close(ctx context.Context) error {
	_, flushErr := h.Flush(context.WithoutCancel(ctx))
	if flushErr != nil {
		h.Log.Warn("flush at the end failed; the records stay in the spool", "error", flushErr)
	}
	err := h.spool.Close()
	saveErr := h.saveCounts()
	rmErr := os.Remove(h.layout.Server())
	if errors.Is(rmErr, os.ErrNotExist) {
		rmErr = nil
	}
	h.Log.Info("stopped")
	return errors.Join(err, saveErr, rmErr)
}

// newID is a UUID of version 7: unique across restarts, ordered by time.
func newID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.New().String()
	}
	return id.String()
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.New(fault.Busy, "listen on %s: %w", addr, err).WithHint("choose another port: --addr 127.0.0.1:0 picks a free one")
	}
	return l, nil
}

func tlsConfig(s Settings) (*tls.Config, error) {
	if s.TLSCert == "" {
		return nil, nil //nolint:nilnil // no TLS is a valid setting
	}
	pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	if err != nil {
		return nil, fault.New(fault.Usage, "load TLS certificate: %w", err).WithHint("give PEM files with --tls-cert and --tls-key")
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// endpoint is the URL that tags use. A wildcard address becomes this
// machine's name.
func endpoint(s Settings, a net.Addr) string {
	scheme := "http"
	if s.TLSCert != "" {
		scheme = "https"
	}
	host, _, _ := net.SplitHostPort(s.Addr)
	_, port, _ := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			host = name
		}
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
