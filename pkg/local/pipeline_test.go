package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/pipeline/pipelinetest"
)

const stackName = "test"

func TestPipeline(t *testing.T) {
	pipelinetest.Run(t, func(t *testing.T) pipelinetest.Harness {
		t.Parallel()
		s := newStack(t)
		s.hops = 1 // so that a test can say where a request comes from
		return pipelinetest.Harness{
			Pipeline: s.target(), Again: func() pipeline.Pipeline { return s.target() },
			Client:  s.client(t),
			Settle:  func(ctx context.Context) error { _, err := s.target().Flush(ctx, nil); return err },
			Kill:    func(ctx context.Context) error { return s.kill(ctx) },
			Corrupt: s.corrupt,
			Break:   s.breakConversion,
			Remains: s.remains,
			From:    func(r *http.Request, peer netip.Addr) { forward(r, peer) },
			Stored:  s.stored,
		}
	})
}

// stack is a stack in a directory of its own, served by a child process.
type stack struct {
	dir  string
	hops int // proxies that are trusted
}

func newStack(t *testing.T) stack {
	t.Helper()
	s := stack{dir: filepath.Join(t.TempDir(), "stack")}
	t.Cleanup(func() { _ = s.kill(context.Background()) })
	return s
}

func (s stack) target() *local.Target { return s.targetBy(serveArg) }

// targetBy gives a target whose server is started with that argument.
func (s stack) targetBy(how string) *local.Target {
	addr, hops := "127.0.0.1:0", s.hops
	return local.New(local.Options{
		Stack: stackName, Dir: s.dir, Want: local.Patch{Addr: &addr, TrustProxy: &hops},
		Serve: []string{os.Args[0], how, s.dir}, Converter: local.Convert{},
	})
}

func (s stack) client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

func (s stack) address() (control.Address, error) {
	var a control.Address
	b, err := os.ReadFile(filepath.Join(s.dir, "server.json"))
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(b, &a)
}

// kill ends the server as a power cut would, and waits until it is gone.
func (s stack) kill(ctx context.Context) error {
	a, err := s.address()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := syscall.Kill(a.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	lock := flock.New(filepath.Join(s.dir, "server.lock"))
	if _, err := lock.TryLockContext(ctx, time.Millisecond); err != nil {
		return err
	}
	return lock.Unlock()
}

// corrupt writes a line into the spool as a stray process might. The flush
// goes by what the spool knows, so the server is stopped around it.
func (s stack) corrupt(ctx context.Context, line []byte) error {
	if err := s.kill(ctx); err != nil {
		return err
	}
	segments, err := filepath.Glob(filepath.Join(s.dir, "spool", "*.ndjson"))
	if err != nil || len(segments) == 0 {
		return fmt.Errorf("no segment to corrupt: %w", err)
	}
	f, err := os.OpenFile(segments[0], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.Write(line); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	_, err = s.target().Deploy(ctx, pipeline.DeployOptions{}, nil)
	return err
}

// breakConversion has the server convert by another table.
func (s stack) breakConversion(context.Context) (mend func(context.Context) error, err error) {
	broken := s.dir + brokenSuffix
	return func(context.Context) error { return os.Remove(broken) }, os.WriteFile(broken, nil, 0o600)
}

// forward says, as a proxy of ours would, where a request comes from.
func forward(r *http.Request, peer netip.Addr) {
	r.Header.Set("X-Forwarded-For", strings.TrimPrefix(r.Header.Get("X-Forwarded-For")+", "+peer.String(), ", "))
}

// stored reads every file of the stack.
func (s stack) stored(context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[strings.TrimPrefix(path, s.dir)], err = os.ReadFile(path)
		return err
	})
	return all, err
}

func (s stack) remains(context.Context) ([]string, error) {
	var left []string
	err := filepath.WalkDir(s.dir, func(path string, _ fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		left = append(left, path)
		return err
	})
	return left, err
}
