package local

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/pipeline"
)

// TargetName is what --target calls this pipeline.
const TargetName = "local"

const (
	filePerm = 0o600
	dirPerm  = 0o750
)

// Options say which stack a Target is and how it starts its server.
type Options struct {
	Stack string
	Dir   string // absolute
	Flags string // that lead a command to this stack; hints show them
	Want  Patch  // settings the user gave
	// Serve is the command that serves the directory in the foreground and
	// prints one JSON line, the control.Address, when it answers.
	Serve     []string
	Converter flush.Converter // for flushing when no server runs
}

// Target is the pipeline on this machine.
type Target struct {
	o Options
	l Layout
}

var (
	_ pipeline.Pipeline = (*Target)(nil)
	_ pipeline.Flusher  = (*Target)(nil)
	_ pipeline.Subjects = (*Target)(nil)
)

// New returns the target; it touches nothing.
func New(o Options) *Target { return &Target{o: o, l: Layout{Dir: o.Dir, Flags: o.Flags}} }

// DefaultDir is where a stack lies when --dir does not say: below the XDG data
// home.
func DefaultDir(getenv func(string) string, stack string) (string, error) {
	if base := getenv("XDG_DATA_HOME"); filepath.IsAbs(base) {
		return filepath.Join(base, "pixelctl", stack), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fault.New(fault.Usage, "find data directory: %w", err).WithHint("name one with --dir")
	}
	return filepath.Join(home, ".local", "share", "pixelctl", stack), nil
}

// deployed fails with fault.NotDeployed when the directory holds no stack.
func (t *Target) deployed() (Settings, error) {
	s, err := loadSettings(t.l)
	if err != nil {
		return Settings{}, t.notDeployed(err)
	}
	return s, nil
}

func (t *Target) notDeployed(err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	e := fault.New(fault.NotDeployed, "no stack in %s", t.o.Dir).WithHint("%s", t.l.command("deploy"))
	if exists(t.l.Lake()) {
		return e.WithHint("its data is kept and can be queried; deploy again with: %s", t.l.command("deploy"))
	}
	return e
}

// Buffer gives the buffer interval.
func (t *Target) Buffer(context.Context) (time.Duration, error) {
	s, err := t.deployed()
	return s.Buffer(), err
}

// SetBuffer tells a running server the interval and writes it down, so that it
// survives a restart.
func (t *Target) SetBuffer(ctx context.Context, o pipeline.BufferOptions, _ pipeline.Sink) (pipeline.BufferResult, error) {
	if err := pipeline.ValidateBuffer(o.Interval); err != nil {
		return pipeline.BufferResult{}, err
	}
	if _, err := t.deployed(); err != nil {
		return pipeline.BufferResult{}, err
	}
	lock, err := lockFile(ctx, t.l, t.l.OperationLock(), "change buffer")
	if err != nil {
		return pipeline.BufferResult{}, err
	}
	defer func() { _ = lock.Unlock() }()
	s, err := t.deployed()
	if err != nil {
		return pipeline.BufferResult{}, err
	}
	r := pipeline.BufferResult{From: s.Buffer(), To: o.Interval, Changed: s.Buffer() != o.Interval, DryRun: o.DryRun}
	if !r.Changed || o.DryRun {
		return r, nil
	}
	client, _, err := running(ctx, t.l)
	if err == nil && client != nil {
		err = client.SetBuffer(ctx, o.Interval)
	}
	if err != nil {
		return r, err
	}
	return r, saveJSON(t.l.Settings(), s.with(Patch{Buffer: &o.Interval}))
}

// Flush has the server empty its spool, or does it itself when none runs.
func (t *Target) Flush(ctx context.Context, sink pipeline.Sink) (pipeline.FlushResult, error) {
	if _, err := t.deployed(); err != nil {
		return pipeline.FlushResult{}, err
	}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "flush", Text: "write spooled records to the lake"})
	client, _, err := running(ctx, t.l)
	if err != nil {
		return pipeline.FlushResult{}, err
	}
	if client != nil {
		return client.Flush(ctx)
	}
	return t.flushOffline(ctx)
}
