// Package athena is a fake of Amazon Athena for tests. Its wire, workgroups,
// states and result files are its own; SQL goes to a back end, DDL to the
// catalog. It stands in the AWS fake, or alone before any S3 and catalog.
package athena

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// How long statements wait and run on the fake's clock unless Options say
// otherwise.
const (
	queueTime = 300 * time.Millisecond
	runTime   = 700 * time.Millisecond
)

// Options are what a Server works with.
type Options struct {
	// Clock moves the states. Without it statements run at once, beside the
	// calls, and states follow their work.
	Clock   *wire.Clock
	Queue   time.Duration // QUEUED until then; 0 is 300 ms
	Run     time.Duration // RUNNING for so long; 0 is 700 ms
	Catalog Catalog
	Store   Store
	Backend Backend
	// Scanned is told what each statement of a workgroup read that publishes
	// metrics; DDL reads nothing.
	Scanned func(group string, bytes int64)
}

// Server is one Athena. It is safe for concurrent use.
type Server struct {
	o Options

	lock       sync.Mutex
	groups     map[string]*WorkGroup
	executions map[string]*execution
	order      []*execution      // by submission
	tokens     map[string]string // id of a ClientRequestToken
	serial     int
}

// execution is one statement. Its fields are guarded by the server's lock,
// but for those that never change.
type execution struct {
	QueryExecution
	statement statement
	submitted time.Time
	work      func() outcome // runs the statement; nil once it has begun
	cancel    context.CancelFunc
	result    Result
	updates   *int64 // UpdateCount
	key       string // of startInput
}

// outcome is how a statement ended.
type outcome struct {
	result   Result
	manifest string
	updates  *int64
	err      error
}

// New returns an Athena with the workgroup primary, which has no location for
// results.
func New(o Options) *Server {
	if o.Queue == 0 {
		o.Queue = queueTime
	}
	if o.Run == 0 {
		o.Run = runTime
	}
	s := &Server{o: o, groups: map[string]*WorkGroup{}, executions: map[string]*execution{}, tokens: map[string]string{}}
	s.groups[primary] = newGroup(WorkGroup{Name: primary}, s.now())
	if o.Clock != nil {
		o.Clock.OnAdvance(s.advance)
	}
	return s
}

func (s *Server) now() time.Time {
	if s.o.Clock == nil {
		return time.Now().UTC()
	}
	return s.o.Clock.Now()
}

// nextID gives an id that no other statement has, the same in each run.
func (s *Server) nextID() string {
	s.serial++
	return fmt.Sprintf("a7e0a000-0000-4000-8000-%012x", s.serial)
}

// invalid is Athena's answer to a request that it refuses.
func invalid(code, format string, args ...any) error {
	return &RefusalError{Code: code, Message: fmt.Sprintf(format, args...)}
}

// RefusalError is an InvalidRequestException with Athena's own code, such as
// INVALID_INPUT or MALFORMED_QUERY.
type RefusalError struct{ Code, Message string }

// Error gives code and message.
func (r *RefusalError) Error() string { return r.Code + ": " + r.Message }

// Unwrap gives the error of the wire, so that wire.AsError finds it.
func (r *RefusalError) Unwrap() error {
	return wire.Error{Code: "InvalidRequestException", Message: r.Message}
}

// Members are those that the answer has beside its type and message.
func (r *RefusalError) Members() map[string]string {
	return map[string]string{"AthenaErrorCode": r.Code, "ErrorCode": r.Code}
}
