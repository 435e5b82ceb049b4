// Package firehose is a fake of Amazon Data Firehose for tests: direct puts to
// S3 with buffers on the fake's clock, prefixes, and conversion to Parquet.
package firehose

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/wire"
)

// Limits of the API.
const (
	maxRecord = 1_000 << 10
	maxBatch  = 500
	maxBytes  = 4 << 20
	retention = 24 * time.Hour
)

// Server is one Firehose. It is safe for concurrent use.
type Server struct {
	clock   *wire.Clock
	store   *s3.Server
	catalog *glue.Server

	lock    sync.Mutex
	streams map[string]*stream
	serial  int // of records and names of objects; only rises
}

// stream is a delivery stream and its buffer.
type stream struct {
	Stream
	version          int
	created, updated time.Time
	buffer           []record // oldest first
	bytes            int
	counters         Counters
	fail             []string // codes for the next records
}

type record struct {
	data []byte
	at   time.Time // of its arrival
}

// New returns a Firehose without streams. Buffers are delivered when the clock
// moves past their interval.
func New(clock *wire.Clock, store *s3.Server, catalog *glue.Server) *Server {
	s := &Server{clock: clock, store: store, catalog: catalog, streams: map[string]*stream{}}
	clock.OnAdvance(s.advance)
	return s
}

// Create adds a stream, which is ACTIVE at once. ResourceInUseException when
// there is one; InvalidArgumentException for a rule of the guide.
func (s *Server) Create(in Stream) error {
	if err := in.complete(); err != nil {
		return err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.streams[in.DeliveryStreamName] != nil {
		return wire.Error{Code: "ResourceInUseException", Message: fmt.Sprintf("Firehose %s under account %s already exists.", in.DeliveryStreamName, account)}
	}
	now := s.clock.Now()
	s.streams[in.DeliveryStreamName] = &stream{Stream: in, version: 1, created: now, updated: now}
	return nil
}

// Update replaces the configuration of a stream and raises its version. The
// buffer stays.
func (s *Server) Update(in Stream) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(in.DeliveryStreamName)
	if err != nil {
		return err
	}
	return s.replace(st, in)
}

func (s *Server) replace(st *stream, in Stream) error {
	if err := in.complete(); err != nil {
		return err
	}
	old := st.ExtendedS3DestinationConfiguration
	if old.S3BackupMode == "Enabled" && in.ExtendedS3DestinationConfiguration.S3BackupMode != "Enabled" {
		return invalid("S3BackupMode cannot be disabled once it is enabled")
	}
	st.Stream, st.updated = in, s.clock.Now()
	st.version++
	return nil
}

// Delete removes a stream and loses what it holds in its buffer.
func (s *Server) Delete(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if _, err := s.stream(name); err != nil {
		return err
	}
	delete(s.streams, name)
	return nil
}

// Streams lists the streams, sorted.
func (s *Server) Streams() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.streams))
}

// Counters gives the metrics of a stream; zeroes when there is none.
func (s *Server) Counters(name string) Counters {
	s.lock.Lock()
	defer s.lock.Unlock()
	st := s.streams[name]
	if st == nil {
		return Counters{}
	}
	c := st.counters
	if len(st.buffer) > 0 {
		c.Freshness = s.clock.Now().Sub(st.buffer[0].at)
	}
	return c
}

// Interval gives how long the buffer of a stream may wait; 0 when there is no
// such stream.
func (s *Server) Interval(name string) time.Duration {
	s.lock.Lock()
	defer s.lock.Unlock()
	st := s.streams[name]
	if st == nil {
		return 0
	}
	return st.interval()
}

// FailRecords makes the next n records of a stream fail with the code, such as
// ServiceUnavailableException or InternalFailure: in a batch as entries of an
// answer with status 200, alone as the answer itself.
func (s *Server) FailRecords(name string, n int, code string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(name)
	if err != nil {
		return err
	}
	for range n {
		st.fail = append(st.fail, code)
	}
	return nil
}

// stream finds a stream; the lock is held.
func (s *Server) stream(name string) (*stream, error) {
	if st := s.streams[name]; st != nil {
		return st, nil
	}
	return nil, wire.Error{Code: "ResourceNotFoundException", Message: fmt.Sprintf("Firehose %s under account %s not found.", name, account)}
}

func (s *Server) next() int {
	s.serial++
	return s.serial
}

func invalid(format string, args ...any) error {
	return wire.Error{Code: "InvalidArgumentException", Message: fmt.Sprintf(format, args...)}
}

func tooLong(field string, most int) error {
	return wire.Error{Code: "ValidationException", Message: "1 validation error detected: Value at '" + field +
		"' failed to satisfy constraint: Member must have length less than or equal to " + strconv.Itoa(most)}
}
