// Package cloudformation is a stateful fake of AWS CloudFormation's query
// protocol. Operations on stacks run on the fake's clock: each resource takes
// some seconds of it, so pollers that wait on the clock drive them.
package cloudformation

import (
	"context"
	"net/http"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// Options say where the fake stands and how it behaves.
type Options struct {
	Account, Region string
	// ResourceTime is how long one resource takes; 0 means 4 s. The provider
	// is called after half of it.
	ResourceTime time.Duration
	// PageSize bounds each page of events, resources, changes and stacks; 0
	// means 20, less than AWS's 100 so that ordinary stacks need a second page.
	PageSize int
	// Template reads a TemplateURL; nil refuses every URL as S3 does without
	// permission.
	Template func(ctx context.Context, url string) ([]byte, error)
}

// Server answers the query protocol. It is safe for concurrent use.
type Server struct {
	clock     *wire.Clock
	providers map[string]Provider
	options   Options

	lock   sync.Mutex
	queue  queue
	serial int
	stacks []*stack // oldest first, deleted ones too
	breaks []*breakage
}

// New returns a server whose resources the providers make, by resource type.
// It adds a hook to the clock that carries running operations forward.
func New(clock *wire.Clock, providers map[string]Provider, o Options) *Server {
	if o.ResourceTime <= 0 {
		o.ResourceTime = 4 * time.Second
	}
	if o.PageSize <= 0 {
		o.PageSize = 20
	}
	s := &Server{clock: clock, providers: providers, options: o}
	clock.OnAdvance(s.advance)
	return s
}

// advance runs what is due by now.
func (s *Server) advance(now time.Time) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.queue.run(now)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(w, r)
	if err != nil {
		writeError(w, s.requestID(), err)
		return
	}
	action := f.get("Action")
	out, err := s.answer(r.Context(), action, f)
	if err != nil {
		writeError(w, s.requestID(), err)
		return
	}
	writeAnswer(w, s.requestID(), action, out)
}

func (s *Server) answer(ctx context.Context, action string, f form) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.queue.run(s.clock.Now())
	run, known := s.actions()[action]
	if !known {
		return nil, wire.Error{Code: "InvalidAction", Message: "Could not find operation " + action + " for version 2010-05-15"}
	}
	return run(ctx, f)
}

// Operation gives the API name in a request's form, "" if it has none.
func Operation(body []byte) string {
	return operationName(body)
}
