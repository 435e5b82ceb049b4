package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// Deploy writes the settings down and sees to it that a server with these
// settings answers.
func (t *Target) Deploy(ctx context.Context, o pipeline.DeployOptions, sink pipeline.Sink) (pipeline.Deployment, error) {
	p, err := t.wanted(o)
	if err != nil {
		return pipeline.Deployment{}, err
	}
	d := p.deployment(o)
	if err := t.usableDir(); err != nil {
		return d, err
	}
	if o.DryRun {
		return t.planned(ctx, d, p.have)
	}
	if err := disk.MkdirAll(disk.OS{}, t.o.Dir, dirPerm); err != nil {
		return d, fault.New(fault.Failed, "create stack directory: %w", err).WithHint("choose another with --dir")
	}
	lock, err := lockFile(ctx, t.l, t.l.OperationLock(), "deploy")
	if err != nil {
		return d, err
	}
	defer func() { _ = lock.Unlock() }()
	if p, err = t.wanted(o); err != nil { // another deploy may have ended just now
		return d, err
	}
	return t.apply(ctx, p.deployment(o), p, sink)
}

// plan is the settings that are and those that should be. have.Created is zero
// when there is no stack yet.
type plan struct {
	have, want Settings
	fields     []spec.Change // what changes in the records
}

// deployment is what the plan changes, before anything is done.
func (p plan) deployment(o pipeline.DeployOptions) pipeline.Deployment {
	d := pipeline.Deployment{
		Stack: p.want.Stack, Target: TargetName, Buffer: p.want.Buffer(), Changes: p.have.changes(p.want), Fields: p.fields, DryRun: o.DryRun,
	}
	if p.have.Created.IsZero() {
		d.Changes = []pipeline.Change{} // everything is new
	}
	return d
}

func (t *Target) wanted(o pipeline.DeployOptions) (p plan, err error) {
	if p.have, err = t.current(); err != nil {
		return p, err
	}
	next, fields, err := evolve(p.have.Spec, o.Spec)
	if err != nil {
		return p, err
	}
	patch := t.patch(o)
	if patch.RetentionDays, err = next.Privacy.Retention(patch.RetentionDays); err != nil {
		return p, err
	}
	p.want, p.fields = p.have.with(patch), fields
	p.want.Spec = next
	if !p.have.Created.IsZero() {
		p.want.Addr = keepPort(p.want.Addr, p.have.Addr)
	}
	if err := p.want.validate(); err != nil {
		return p, err
	}
	_, err = tlsConfig(p.want)
	return p, err
}

// current gives the settings that are, or the default ones.
func (t *Target) current() (Settings, error) {
	s, err := loadSettings(t.l)
	if errors.Is(err, fs.ErrNotExist) {
		s = defaultSettings(t.o.Stack)
		s.Spec, err = keptSpec(t.l)
	}
	return s, err
}

// patch is what the user gave.
func (t *Target) patch(o pipeline.DeployOptions) Patch {
	patch := t.o.Want
	if o.Buffer != 0 {
		patch.Buffer = &o.Buffer
	}
	patch.TLSCert, patch.TLSKey = absolute(patch.TLSCert), absolute(patch.TLSKey)
	return patch
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
	d.Action = action(have, d, client != nil)
	return d, err
}

func action(have Settings, d pipeline.Deployment, running bool) string {
	switch {
	case have.Created.IsZero():
		return pipeline.Created
	case len(d.Changes)+len(d.Fields) > 0:
		return pipeline.Updated
	case !running:
		return pipeline.Started
	}
	return pipeline.Unchanged
}

func (t *Target) apply(ctx context.Context, d pipeline.Deployment, p plan, sink pipeline.Sink) (pipeline.Deployment, error) {
	client, state, err := running(ctx, t.l)
	if err != nil {
		return d, err
	}
	d.Action = action(p.have, d, client != nil)
	d.Endpoint = state.Endpoint
	if d.Action == pipeline.Unchanged {
		return d, nil
	}
	want := p.want
	if want.Created.IsZero() {
		want.Created = time.Now().UTC()
	}
	if err := alignCatalog(ctx, t.l, want.Spec.Schema(), sink); err != nil {
		return d, err
	}
	stays := client != nil && !p.have.Created.IsZero() && onlyLive(d.Changes)
	if stays {
		err = tell(ctx, client, d, want)
		stays = !errors.Is(err, control.ErrUnknown) // else it must start anew
	}
	switch {
	case stays:
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

// onlyLive tells whether a running server can take the changes.
func onlyLive(changes []pipeline.Change) bool {
	return !slices.ContainsFunc(changes, func(c pipeline.Change) bool { return c.Name != "buffer" && c.Name != "retention" })
}

// tell gives a running server what changed. It loses no hit by it.
func tell(ctx context.Context, c *control.Client, d pipeline.Deployment, want Settings) error {
	changed := func(name string) bool {
		return slices.ContainsFunc(d.Changes, func(c pipeline.Change) bool { return c.Name == name })
	}
	if len(d.Fields) > 0 || changed("retention") {
		if err := c.SetRecords(ctx, control.Records{Spec: want.Spec, RetentionDays: want.RetentionDays}); err != nil {
			return fmt.Errorf("change what the server records: %w", err)
		}
	}
	if !changed("buffer") {
		return nil
	}
	return c.SetBuffer(ctx, want.Buffer())
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
