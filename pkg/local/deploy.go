package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
)

// Deploy writes the settings down and sees to it that a server with these
// settings answers.
func (t *Target) Deploy(ctx context.Context, o pipeline.DeployOptions, sink pipeline.Sink) (pipeline.Deployment, error) {
	have, want, err := t.wanted(o)
	if err != nil {
		return pipeline.Deployment{}, err
	}
	d := pipeline.Deployment{Stack: want.Stack, Target: TargetName, Buffer: want.Buffer(), Changes: have.changes(want), DryRun: o.DryRun}
	if have.Created.IsZero() {
		d.Changes = []pipeline.Change{} // everything is new
	}
	if err := t.usableDir(); err != nil {
		return d, err
	}
	if o.DryRun {
		return t.planned(ctx, d, have)
	}
	if err := disk.MkdirAll(disk.OS{}, t.o.Dir, dirPerm); err != nil {
		return d, fault.New(fault.Failed, "create stack directory: %w", err).WithHint("choose another with --dir")
	}
	lock, err := lockFile(ctx, t.l, t.l.OperationLock(), "deploy")
	if err != nil {
		return d, err
	}
	defer func() { _ = lock.Unlock() }()
	return t.apply(ctx, d, have, want, sink)
}

// wanted gives the settings that are and those that should be. have.Created is
// zero when there is no stack yet.
func (t *Target) wanted(o pipeline.DeployOptions) (have, want Settings, err error) {
	have, err = loadSettings(t.l)
	if errors.Is(err, fs.ErrNotExist) {
		have, err = defaultSettings(t.o.Stack), nil
	}
	if err != nil {
		return have, want, err
	}
	patch := t.o.Want
	if o.Buffer != 0 {
		patch.Buffer = &o.Buffer
	}
	patch.TLSCert, patch.TLSKey = absolute(patch.TLSCert), absolute(patch.TLSKey)
	want = have.with(patch)
	if !have.Created.IsZero() {
		want.Addr = keepPort(want.Addr, have.Addr)
	}
	if err := want.validate(); err != nil {
		return have, want, err
	}
	_, err = tlsConfig(want)
	return have, want, err
}

// absolute lets a later command in another directory find the file.
func absolute(path *string) *string {
	if path == nil || *path == "" {
		return path
	}
	abs, err := filepath.Abs(*path)
	if err != nil {
		return path
	}
	return &abs
}

// usableDir refuses a directory that holds somebody else's files.
func (t *Target) usableDir() error {
	entries, err := os.ReadDir(t.o.Dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return fault.New(fault.Failed, "read stack directory: %w", err).WithHint("choose another with --dir")
	}
	if exists(t.l.Settings()) || exists(t.l.Lake()) || exists(t.l.OperationLock()) || exists(t.l.ServerLock()) {
		return nil
	}
	return fault.New(fault.Usage, "use directory %s: it holds other files and no stack", t.o.Dir).WithHint("name an empty or new directory with --dir")
}

func (t *Target) planned(ctx context.Context, d pipeline.Deployment, have Settings) (pipeline.Deployment, error) {
	client, state, err := running(ctx, t.l)
	d.Endpoint = state.Endpoint
	d.Action = action(have, d.Changes, client != nil)
	return d, err
}

func action(have Settings, changes []pipeline.Change, running bool) string {
	switch {
	case have.Created.IsZero():
		return pipeline.Created
	case len(changes) > 0:
		return pipeline.Updated
	case !running:
		return pipeline.Started
	}
	return pipeline.Unchanged
}

func (t *Target) apply(ctx context.Context, d pipeline.Deployment, have, want Settings, sink pipeline.Sink) (pipeline.Deployment, error) {
	client, state, err := running(ctx, t.l)
	if err != nil {
		return d, err
	}
	d.Action = action(have, d.Changes, client != nil)
	d.Endpoint = state.Endpoint
	if d.Action == pipeline.Unchanged {
		return d, nil
	}
	if want.Created.IsZero() {
		want.Created = time.Now().UTC()
	}
	stays := client != nil && !have.Created.IsZero() && onlyBuffer(d.Changes)
	switch {
	case stays:
		err = client.SetBuffer(ctx, want.Buffer())
	case client != nil:
		err = t.makeWay(ctx, client, state.Endpoint, want, sink)
	default:
		want.Addr, err = t.freeAddr(ctx, want.Addr)
	}
	if err != nil {
		return d, err
	}
	// Written down only now: settings that stand in the file are those of the
	// server, so that a deploy that was killed is not taken for done.
	if err := saveJSON(t.l.Settings(), want); err != nil || stays {
		return d, err
	}
	address, err := t.start(ctx, sink)
	d.Endpoint = address.Endpoint
	return d, err
}

// makeWay stops the server at endpoint, once its successor's port is known to
// be free.
func (t *Target) makeWay(ctx context.Context, c *control.Client, endpoint string, want Settings, sink pipeline.Sink) error {
	if _, port, _ := net.SplitHostPort(want.Addr); !strings.HasSuffix(endpoint, ":"+port) {
		if err := tryListen(ctx, want.Addr); err != nil {
			return err
		}
	}
	return t.stop(ctx, c, sink)
}

// freeAddr is addr, or what the user gave with port 0 when somebody else has
// taken the port that was kept from an earlier deploy.
func (t *Target) freeAddr(ctx context.Context, addr string) (string, error) {
	err := tryListen(ctx, addr)
	if err != nil && t.o.Want.Addr != nil && *t.o.Want.Addr != addr {
		return *t.o.Want.Addr, nil
	}
	return addr, err
}

func tryListen(ctx context.Context, addr string) error {
	l, err := listen(ctx, addr)
	if err != nil {
		return err
	}
	if err := l.Close(); err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	return nil
}

func onlyBuffer(changes []pipeline.Change) bool {
	for _, c := range changes {
		if c.Name != "buffer" {
			return false
		}
	}
	return true
}

// stopTimeout is how long a server may take to drain and flush.
const stopTimeout = 2 * time.Minute

// stop asks the server to end and waits until its lock is free.
func (t *Target) stop(ctx context.Context, c *control.Client, sink pipeline.Sink) error {
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "stop server", Text: "let requests finish and flush the spool"})
	if err := c.Stop(ctx); err != nil {
		return fmt.Errorf("stop server: %w", err)
	}
	if err := t.awaitFree(ctx); err != nil {
		return err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "stop server"})
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
