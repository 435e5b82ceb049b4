// Package rigs starts, for tests, the engines that other people wrote: Trino,
// which Athena is built on, and Spark with Hive's DDL. Each ends with its test.
package rigs

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Need skips the test unless PIXELCTL_RIGS is 1; leftOut says what is not
// shown then.
func Need(t testing.TB, leftOut string) {
	t.Helper()
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("PIXELCTL_RIGS is not 1: " + leftOut)
	}
}

// Root is the directory of go.mod, above the working directory of any test.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the working directory")
		}
	}
}

// stopTime is how long a rig may take to end by itself.
const stopTime = 30 * time.Second

// process is a starter below .ci/rigs. It ends when its input does, so it does
// not outlive a test that was killed.
type process struct {
	name string
	in   io.WriteCloser
	out  *bufio.Reader
	done chan struct{} // closed when it has ended
	log  *tail
}

// start runs .ci/rigs/script until the test ends.
func start(t testing.TB, script string, args ...string) *process {
	t.Helper()
	// Not the test's context: it ends before the clean-up asks the rig to stop.
	cmd := exec.Command("bash", append([]string{filepath.Join(Root(t), ".ci", "rigs", script)}, args...)...) //nolint:gosec,noctx // the test names it, its input ends it
	p := &process{name: script, done: make(chan struct{}), log: &tail{}}
	cmd.Stderr = p.log
	out, w := io.Pipe()
	cmd.Stdout, p.out = w, bufio.NewReader(out)
	var err error
	if p.in, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", script, err)
	}
	go func() {
		err := cmd.Wait()
		_ = w.CloseWithError(orEOF(err)) // it always succeeds
		close(p.done)
	}()
	t.Cleanup(func() { p.stop(t, cmd) })
	return p
}

// orEOF is what readers of the output hear at its end.
func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}

func (p *process) stop(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	_ = p.in.Close() // it may have ended already
	go func() {
		_, _ = io.Copy(io.Discard, p.out) // so that it can write its last words
	}()
	select {
	case <-p.done:
	case <-time.After(stopTime):
		_ = cmd.Process.Kill() // it may end in this moment
		<-p.done
		t.Errorf("%s did not end with its input", p.name)
	}
	if t.Failed() {
		t.Logf("%s said:\n%s", p.name, p.log.String())
	}
}

// line reads a line of output.
func (p *process) line(t testing.TB) string {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("%s: %v\n%s", p.name, err, p.log.String())
	}
	return strings.TrimSpace(line)
}

// tail keeps the end of what is written to it.
type tail struct {
	lock sync.Mutex
	buf  bytes.Buffer
}

const tailSize = 2 << 10

func (l *tail) Write(p []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.buf.Write(p)
	if over := l.buf.Len() - tailSize; over > 0 {
		l.buf.Next(over)
	}
	return len(p), nil
}

func (l *tail) String() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.buf.String()
}
