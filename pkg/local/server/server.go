// Package server is the HTTP host of the beacon on one machine. It answers
// every pixel request with the image, after its record is durable.
package server

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
)

// Store makes lines durable: when Append returns nil they survive a kill.
type Store interface {
	Append(ctx context.Context, lines []byte) error
}

// Options configure a Server.
type Options struct {
	Beacon     *beacon.Beacon // until SetBeacon
	Store      Store
	Clock      func() time.Time
	NewID      func() string // unique event ids
	TrustProxy int           // hops of X-Forwarded-For that are ours, counted from the right
	RateLimit  float64       // hits a second and address; 0 is no limit
	Counts     *Counts
}

// Server is an http.Handler.
type Server struct {
	o     Options
	limit *limiter
	pool  sync.Pool

	beacon atomic.Pointer[beacon.Beacon]
}

// exchange is what one request needs; it is reused.
type exchange struct {
	req    beacon.Request
	res    beacon.Result
	lines  []byte
	body   []byte
	values []string // of the answer's headers
}

// New returns a Server.
func New(o Options) *Server {
	s := &Server{o: o, limit: newLimiter(o.RateLimit)}
	s.SetBeacon(o.Beacon)
	s.pool.New = func() any { return new(exchange) }
	return s
}

// SetBeacon has the hits that come from now on answered by b.
func (s *Server) SetBeacon(b *beacon.Beacon) { s.beacon.Store(b) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x, _ := s.pool.Get().(*exchange)
	defer s.pool.Put(x)
	s.read(x, r)
	s.beacon.Load().Answer(&x.req, &x.res)
	if len(x.res.Records) > 0 {
		s.record(r.Context(), x)
	}
	if x.res.Pixel {
		s.o.Counts.add(&x.res)
	}
	x.write(w, r)
}

func (s *Server) read(x *exchange, r *http.Request) {
	now := s.o.Clock()
	x.req = beacon.Request{
		Method:   r.Method,
		Path:     r.URL.EscapedPath(),
		RawQuery: r.URL.RawQuery,
		Host:     r.Host,
		Peer:     peer(r, s.o.TrustProxy),
		Time:     event.Millis(now.UnixMilli()),
		ID:       s.o.NewID(),
		Header:   headers(r.Header),
	}
	if r.Method == http.MethodPost {
		x.body = readBody(x.body[:0], r.Body)
		x.req.Body = x.body
	}
}

// record stores the answer's records or marks the answer as dropped.
func (s *Server) record(ctx context.Context, x *exchange) {
	if !s.limit.allow(x.req.Peer, s.o.Clock()) {
		x.res.Drop(ReasonRate)
		return
	}
	x.lines = x.lines[:0]
	for i := range x.res.Records {
		x.lines = x.res.Records[i].AppendLine(x.lines)
	}
	// A visitor who goes away does not take the record along.
	if err := s.o.Store.Append(context.WithoutCancel(ctx), x.lines); err != nil {
		s.o.Counts.storeFailed(err)
		x.res.Drop(ReasonStorage)
	}
}

// headers skips what http.Header.Get does to names: the beacon asks for
// canonical ones.
type headers http.Header

func (h headers) Get(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// write sends the answer. WriteHeader copies the headers, so that the values
// can be slices of one reused array.
func (x *exchange) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	x.values = x.values[:0]
	x.res.Headers(func(name, value string) {
		x.values = append(x.values, value)
		h[name] = x.values[len(x.values)-1 : len(x.values) : len(x.values)]
	})
	if c := x.res.Cookie(); c != "" {
		h["Set-Cookie"] = []string{c}
	}
	w.WriteHeader(x.res.Code)
	if r.Method != http.MethodHead && len(x.res.Body) > 0 {
		_, _ = w.Write(x.res.Body) // the visitor is gone: nobody to tell
	}
}

// peer is the address of the client: the connection's, or, behind our own
// proxies, the hops-th entry of X-Forwarded-For from the right. Entries
// further left are whatever the client sent.
func peer(r *http.Request, hops int) netip.Addr {
	if hops > 0 {
		if a, ok := forwarded(r.Header["X-Forwarded-For"], hops); ok {
			return a
		}
	}
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr()
}
