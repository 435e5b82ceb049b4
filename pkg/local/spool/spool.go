// Package spool is the durable buffer of the local target: NDJSON segments in
// one directory, written by group commit. Appends that wait together share one
// write and one fdatasync, and each returns only after it.
package spool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"pixelctl/pkg/local/disk"
)

// Sentinels of Append.
var (
	// ErrStorage says that the disk did not take the record. The spool goes on
	// by itself: the next Append tries anew.
	ErrStorage = errors.New("spool storage failed")
	// ErrClosed says that the spool takes no more records.
	ErrClosed = errors.New("spool is closed")
	// ErrLine says that a line is empty or holds a zero byte, or that all are
	// longer than one write may be.
	ErrLine = errors.New("not a line of a spool")
)

// Defaults of Options.
const (
	DefaultMaxBytes = 64 << 20 // length of a segment; Firehose's smallest buffer for Parquet
	DefaultMaxBatch = 4 << 20  // bytes of one write; PutRecordBatch's limit, so that a whole batch fits
)

// Options are the settings of a spool. Dir and ErrorsDir are required.
type Options struct {
	Dir       string           // where the segments lie; made if it is not there
	ErrorsDir string           // torn tails go to its directory "torn"
	FS        disk.FS          // default disk.OS
	Clock     func() time.Time // default time.Now
	MaxBytes  int64            // length from which a segment is sealed; default DefaultMaxBytes
	MaxBatch  int              // most bytes of one write, and of records that wait; default DefaultMaxBatch
}

func (o Options) withDefaults() Options {
	if o.FS == nil {
		o.FS = disk.OS{}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxBatch <= 0 {
		o.MaxBatch = DefaultMaxBatch
	}
	return o
}

// Spool is an open spool. Its methods may be called concurrently. One process
// may have a directory open; the spool does not check that.
type Spool struct {
	opt     Options
	wake    chan struct{} // the committer has something to do
	full    chan struct{}
	stopped chan struct{} // closed when the committer is gone

	io    sync.Mutex // held over file operations; taken before mu
	file  disk.File  // the active segment, opened for append; guarded by io
	stamp int64      // milliseconds in the newest segment name; guarded by io

	mu     sync.Mutex
	active Segment // zero when there is none
	sealed []sealedSegment
	next   *batch // what waits for the next commit
	spare  []byte // buffer of the batch before
	// expected is how many records were under way when the last commit ended:
	// those whom it released, who tend to come again, and those who waited.
	expected int64
	closed   bool
}

// batch is a group of records that is committed by one write and one sync.
type batch struct {
	lines   []byte
	records int64
	done    chan struct{} // closed after the commit; err is set before
	err     error
}

// Open opens the spool in o.Dir and mends what a crash left. The segments
// that are there become sealed.
func Open(o Options) (*Spool, Recovery, error) {
	o = o.withDefaults()
	found, rec, err := recoverSegments(o)
	if err != nil {
		return nil, Recovery{}, fmt.Errorf("open spool %s: %w", o.Dir, err)
	}
	s := &Spool{
		opt:     o,
		wake:    make(chan struct{}, 1),
		full:    make(chan struct{}, 1),
		stopped: make(chan struct{}),
		next:    &batch{done: make(chan struct{})},
	}
	s.sealed = found
	for _, seg := range found {
		s.stamp = max(s.stamp, seg.Created.UnixMilli())
	}
	go s.run()
	return s, rec, nil
}

// Append stores one or more lines, the last with or without its newline, and
// returns nil once all are on disk. It errs with ErrStorage, ErrClosed or
// ErrLine, and none is then kept. It errs with ctx's error when ctx ends
// first: the lines may be kept or not. lines is not used after the return.
func (s *Spool) Append(ctx context.Context, lines []byte) error {
	lines = bytes.TrimSuffix(lines, []byte("\n"))
	if err := s.check(lines); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for {
		b, queued, err := s.enqueue(lines)
		if err != nil {
			return err
		}
		select {
		case <-b.done:
			if queued {
				return b.err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Spool) check(lines []byte) error {
	switch {
	case len(lines) == 0 || lines[0] == '\n' || lines[len(lines)-1] == '\n' || bytes.Contains(lines, []byte("\n\n")):
		return fmt.Errorf("append record: %w: empty", ErrLine)
	case len(lines) >= s.opt.MaxBatch:
		return fmt.Errorf("append record: %w: %d bytes, at most %d", ErrLine, len(lines), s.opt.MaxBatch-1)
	case bytes.IndexByte(lines, 0) >= 0:
		return fmt.Errorf("append record: %w: zero byte inside", ErrLine)
	}
	return nil
}

// enqueue adds lines to the waiting batch. When the batch is full it returns
// the batch with queued false: there is room once that batch is committed.
func (s *Spool) enqueue(lines []byte) (b *batch, queued bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false, fmt.Errorf("append record: %w", ErrClosed)
	}
	b = s.next
	if len(b.lines)+len(lines)+1 > s.opt.MaxBatch {
		return b, false, nil
	}
	before := b.records
	b.lines = append(append(b.lines, lines...), '\n')
	b.records += int64(bytes.Count(lines, []byte("\n"))) + 1
	if before == 0 || before < s.expected && b.records >= s.expected {
		s.signal(s.wake)
	}
	return b, true, nil
}

// signal sends on a channel of one place; a signal that waits is enough.
func (*Spool) signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// run is the committer.
func (s *Spool) run() {
	defer close(s.stopped)
	for range s.wake {
		// Those who can run join: else each commit could find one record, expect
		// one, and so on.
		runtime.Gosched()
		s.gather()
		b, closed := s.take()
		if b != nil {
			s.commit(b)
		}
		if closed {
			return
		}
	}
}

// patience is how long a commit waits for expected records at the most.
const patience = 1500 * time.Microsecond

// gather waits until the expected records have come, so that one sync serves
// all who are busy at a time instead of half of them in turn. A lone client
// never waits: nobody else is expected.
func (s *Spool) gather() {
	if s.complete() {
		return
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	for !s.complete() {
		select {
		case <-s.wake:
		case <-late.C:
			return
		}
	}
}

func (s *Spool) complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed || s.next.records == 0 || s.next.records >= s.expected
}

// take takes the waiting batch and puts an empty one in its place; b is nil
// when nothing waits.
func (s *Spool) take() (b *batch, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next.records == 0 {
		return nil, s.closed
	}
	b = s.next
	s.next = &batch{lines: s.spare, done: make(chan struct{})}
	s.spare = nil
	return b, s.closed
}

// commit makes a batch durable and releases those who wait for it.
func (s *Spool) commit(b *batch) {
	s.io.Lock()
	err := s.write(b)
	s.io.Unlock()
	if err != nil {
		b.err = fmt.Errorf("append record: %w: %w", ErrStorage, err)
	}
	s.mu.Lock()
	s.spare = b.lines[:0]
	s.expected = b.records + s.next.records
	s.mu.Unlock()
	b.lines = nil
	close(b.done)
}

// write appends the batch to the active segment and syncs it. io is held.
func (s *Spool) write(b *batch) error {
	if s.file == nil {
		if err := s.create(); err != nil {
			return err
		}
	}
	_, err := s.file.Write(b.lines)
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return errors.Join(err, s.abandon())
	}
	s.mu.Lock()
	s.active.Bytes += int64(len(b.lines))
	s.active.Records += b.records
	full := s.active.Bytes >= s.opt.MaxBytes
	s.mu.Unlock()
	if full {
		s.signal(s.full)
		// The records are durable; an error of Close cannot take them back.
		_ = s.seal()
	}
	return nil
}

// create makes the next active segment and its name durable. io is held.
func (s *Spool) create() error {
	s.stamp = max(s.stamp+1, s.opt.Clock().UnixMilli())
	seg := newSegment(s.opt.Dir, s.stamp)
	f, err := s.opt.FS.OpenFile(seg.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("create segment: %w", err)
	}
	if err := s.opt.FS.SyncDir(s.opt.Dir); err != nil {
		return errors.Join(fmt.Errorf("create segment: %w", err), f.Close(), s.opt.FS.Remove(seg.Path))
	}
	s.file = f
	s.mu.Lock()
	s.active = seg
	s.mu.Unlock()
	return nil
}

// Close commits what waits, seals the active segment and ends the spool.
// Appends that come later get ErrClosed. A second Close does nothing.
func (s *Spool) Close() error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	s.mu.Unlock()
	s.signal(s.wake)
	<-s.stopped
	if !first {
		return nil
	}
	s.io.Lock()
	defer s.io.Unlock()
	if err := s.seal(); err != nil {
		return fmt.Errorf("close spool %s: %w", filepath.Clean(s.opt.Dir), err)
	}
	return nil
}
