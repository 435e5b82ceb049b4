// Package control is the private channel between a running local server and
// the commands that steer it: HTTP over loopback, guarded by a token that
// stands only in server.json (mode 0600). A Unix socket would be simpler, but
// its path may not exceed 108 bytes and a stack's directory may.
package control

import (
	"context"
	"time"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// Server is what a running server can be asked.
type Server interface {
	State() State
	Flush(ctx context.Context) (pipeline.FlushResult, error)
	SetBuffer(ctx context.Context, interval time.Duration) error
	SetRecords(ctx context.Context, r Records) error // and keep them for the next start
	Stop()                                           // returns at once; the process drains, flushes and ends
}

// State is a running server in numbers.
type State struct {
	PID           int             `json:"pid"`
	Endpoint      string          `json:"endpoint"`
	Started       time.Time       `json:"started"`
	Hits          pipeline.Hits   `json:"hits"`
	Spool         pipeline.Stored `json:"spool"`
	LastFlush     time.Time       `json:"last_flush,omitzero"`
	FlushError    string          `json:"flush_error,omitempty"`
	StoreError    string          `json:"store_error,omitempty"`
	KeyError      string          `json:"key_error,omitempty"`
	AgeError      string          `json:"age_error,omitempty"` // of removing what is too old
	BufferSeconds int             `json:"buffer_seconds"`
}

// Address is how to reach a running server; it is the content of server.json.
type Address struct {
	PID      int       `json:"pid"`
	Endpoint string    `json:"endpoint"`
	Control  string    `json:"control"` // host:port on loopback
	Token    string    `json:"token"`
	Started  time.Time `json:"started"`
}

// Records are what the server keeps of hits, and for how long.
type Records struct {
	Spec          spec.Spec `json:"spec,omitzero"`
	RetentionDays int       `json:"retention_days"` // 0 keeps them
}

type bufferRequest struct {
	Seconds int `json:"seconds"`
}

type failure struct {
	Error string `json:"error"`
}

const (
	pathState  = "/state"
	pathFlush  = "/flush"
	pathBuffer = "/buffer"
	pathStop   = "/stop"
	pathRecord = "/records"

	maxMessage = 1 << 20 // bytes of a request or response
)
