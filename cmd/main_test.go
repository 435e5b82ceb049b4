package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"
)

// testStamp is the version that the scripts' binary carries.
const testStamp = "v0.0.0-test"

// TestMain makes this test binary pixelctl itself when it is started under
// that name. The copy on PATH has the name, so os.Executable leads back to it
// and the server and converter that pixelctl starts are the same code.
func TestMain(m *testing.M) {
	testscript.Main(guarded{m}, map[string]func(){"pixelctl": pixelctl})
}

// pixelctl is what main.go does.
func pixelctl() {
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	a := newApp(testStamp)
	onFakeTime(a)
	os.Exit(a.run(ctx, os.Args[1:])) //nolint:revive // this is main here
}

// guarded fails the run when a process of the scripts is still alive at its
// end.
type guarded struct{ m *testing.M }

func (g guarded) Run() int {
	code := g.m.Run()
	left := survivors()
	for _, p := range left {
		fmt.Fprintf(os.Stderr, "process %d was left behind by a test\n", p.Pid)
		_ = p.Kill()
	}
	if len(left) > 0 {
		return 1
	}
	return code
}

// survivors are the processes that run this test's own copy of pixelctl. It
// finds none where there is no /proc.
func survivors() []*os.Process {
	own, err := exec.LookPath("pixelctl")
	if err != nil {
		return nil
	}
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	var alive []*os.Process
	for _, link := range links {
		exe, err := os.Readlink(link)
		if err != nil || strings.TrimSuffix(exe, " (deleted)") != own {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		if err != nil {
			continue
		}
		if p, err := os.FindProcess(pid); err == nil {
			alive = append(alive, p)
		}
	}
	return alive
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		Setup:               setup,
		Cmds:                words(),
		Condition:           condition,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		ContinueOnError:     os.Getenv("PXCONT") != "",
	})
}

// words are all commands of the scripts.
func words() map[string]scriptCommand {
	all := scriptCommands()
	maps.Copy(all, accountCommands())
	return all
}

// setup gives a script a home of its own, free ports, and an end that leaves
// no server behind.
func setup(e *testscript.Env) error {
	t, ok := e.T().(testing.TB)
	if !ok {
		return errors.New("a script runs without a test")
	}
	e.Values[script{}] = &world{t: t}
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	for k, v := range map[string]string{
		"REPO":            root,
		"HOME":            filepath.Join(e.WorkDir, "home"),
		"XDG_DATA_HOME":   filepath.Join(e.WorkDir, "data"),
		"XDG_CONFIG_HOME": filepath.Join(e.WorkDir, "config"),
		"STACK":           filepath.Join(e.WorkDir, "data", "pixelctl", "pixelctl"), // the default stack's directory
		"PIXELCTL_ADDR":   "127.0.0.1:0",
		"LANG":            "C.UTF-8",
		"TERM":            "xterm-256color",
		"VERSION":         testStamp,
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, // not this machine's
		"GORACE": "atexit_sleep_ms=0", // else every process of a race build ends a second late
	} {
		e.Setenv(k, v)
	}
	e.Defer(func() {
		if err := endServers(e.WorkDir); err != nil {
			e.T().Log(err)
			e.T().FailNow()
		}
	})
	return os.MkdirAll(filepath.Join(e.WorkDir, "home"), 0o750)
}

// endServers kills every server that still holds a stack below dir. The lock
// is what proves that the process is ours and alive.
func endServers(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && d.Name() != "server.lock" {
			return nil
		}
		if err != nil {
			return err
		}
		if free, err := lockFree(path); free || err != nil {
			return err
		}
		if err := send(syscall.SIGKILL, path); err != nil {
			return err
		}
		return awaitUnlocked(path)
	})
}

func lockFree(path string) (bool, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return true, nil // destroyed
	}
	l := flock.New(path)
	free, err := l.TryRLock()
	return free, errors.Join(err, l.Unlock())
}

// patience bounds every wait of the scripts; nothing takes that long unless it
// hangs.
const (
	patience = time.Minute
	glance   = 5 * time.Millisecond
)

// awaitUnlocked waits until no process holds the lock.
func awaitUnlocked(path string) error {
	return until("the end of the holder of "+path, func() (bool, error) { return lockFree(path) })
}

func until(what string, done func() (bool, error)) error {
	look, end := time.NewTicker(glance), time.NewTimer(patience)
	defer look.Stop()
	defer end.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-look.C:
		case <-end.C:
			return fmt.Errorf("waited %s for %s", patience, what)
		}
	}
}

func condition(name string) (bool, error) {
	switch name {
	case "long":
		return os.Getenv("PIXELCTL_LONG") == "1", nil
	case "root":
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}
