package cloud_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pixelctl/pkg/cloud/session"
)

// needRigs skips unless the rigs are asked for; then a missing one fails.
func needRigs(t *testing.T) {
	t.Helper()
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("PIXELCTL_RIGS is not 1: the stack is not run on ministack, an AWS by other people")
	}
}

// rigHome is the repository's.
const rigHome = "../.."

// rigOutput runs a command at the root of the repository and gives what it prints.
func rigOutput(t *testing.T, env []string, name string, arg ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, arg...)
	cmd.Dir, cmd.Env = rigHome, append(os.Environ(), env...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v: %s", name, strings.Join(arg, " "), err, errs.Bytes())
	}
	return strings.TrimSpace(string(out))
}

// rig is a server of other people that a test started.
type rig struct {
	address string // 127.0.0.1:port
	url     string
}

// launchRig starts a server that is told to listen on port, and waits until
// ready answers 200. The port must be our process's: another server there would
// be judged instead.
func launchRig(t *testing.T, port, ready string, argv ...string) rig {
	t.Helper()
	r := rig{address: "127.0.0.1:" + port, url: "http://127.0.0.1:" + port}
	cmd := exec.Command(argv[0], argv[1:]...)
	log := &rigLog{}
	cmd.Stdout, cmd.Stderr = log, log
	// The functions of a stack inherit the environment.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its functions are processes, too
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { stopRig(t, cmd, ended, log) })
	for deadline := time.Now().Add(time.Minute); !rigAnswers(t.Context(), r.url+ready); {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s: %v: %s", argv[0], err, log)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not answer: %s", argv[0], log)
		}
		rigPause(t, 50*time.Millisecond)
	}
	if err := listensOn(cmd.Process.Pid, port); err != nil {
		t.Fatal(err)
	}
	return r
}

func stopRig(t *testing.T, cmd *exec.Cmd, ended chan error, log *rigLog) {
	select {
	case err := <-ended:
		t.Errorf("%s ended by itself: %v: %s", cmd.Args, err, log)
	default:
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Errorf("stop %s: %v", cmd.Args, err)
	}
	if err := <-ended; t.Failed() {
		t.Logf("%s: %v; it printed: %s", cmd.Args[0], err, log)
	}
}

func rigAnswers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

func rigPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	return port
}

// listensOn asks the kernel whether pid holds the socket that listens on port.
func listensOn(pid int, port string) error {
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return err
	}
	var number uint16
	if _, err := fmt.Sscan(port, &number); err != nil {
		return err
	}
	local := ":" + strings.ToUpper(hex.EncodeToString([]byte{byte(number >> 8), byte(number)}))
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line) // number, local, remote, state (0A listens), …, the tenth is the inode
		if len(f) > 9 && strings.HasSuffix(f[1], local) && f[3] == "0A" && holdsSocket(pid, "socket:["+f[9]+"]") {
			return nil
		}
	}
	return fmt.Errorf("port %s is not that of process %d", port, pid)
}

func holdsSocket(pid int, socket string) bool {
	open, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		return false
	}
	for _, fd := range open {
		if to, err := os.Readlink(fd); err == nil && to == socket {
			return true
		}
	}
	return false
}

func rigPause(t *testing.T, d time.Duration) {
	t.Helper()
	if err := (session.WallClock{}).Wait(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// rigLog keeps the end of what a process prints.
type rigLog struct {
	mu  sync.Mutex
	end []byte
}

func (w *rigLog) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.end = append(w.end, p...)
	w.end = w.end[max(0, len(w.end)-4000):]
	return len(p), nil
}

func (w *rigLog) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.end)
}
