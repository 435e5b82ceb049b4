package cloud_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pixelctl/pkg/fault"
)

// The real binary, as a user runs it, and as the kernel ends it.
func TestRigBinary(t *testing.T) {
	needRigs(t)
	t.Parallel()
	m := startMinistack(t)
	b := buildBinary(t, m)
	before := m.names(t)
	t.Run("life", b.live)
	m.nothingLeft(t, before)
	t.Run("killed", func(t *testing.T) { b.killed(t, before) })
}

// live takes a stack through its life.
func (b *binary) live(t *testing.T) {
	var d struct{ Action, Endpoint string }
	b.must(t, &d, "deploy")
	if d.Action != "created" {
		t.Errorf("deploy: %+v", d)
	}
	b.hit(t, 5)
	stack := &life{T: t, m: b.m, stack: b.stack}
	stack.readOutputs()
	b.m.await(t, stack.out["DataBucket"], "data/", 5)
	var repaired struct{ Added []string }
	if b.must(t, &repaired, "repair"); len(repaired.Added) == 0 {
		t.Error("repair registered nothing")
	}
	b.rows(t, 5)
	var buffer struct {
		To int `json:"to_seconds"`
	}
	if b.must(t, &buffer, "buffer", "15m"); buffer.To != 900 {
		t.Errorf("buffer 15m: %+v", buffer)
	}
	if b.must(t, &d, "deploy"); d.Action != "unchanged" {
		t.Errorf("deploy again: %+v", d)
	}
	b.policy(t)
	b.must(t, nil, "destroy", "--yes")
}

// killed ends the binary while it deploys, and again while it destroys, at
// several calls of AWS: run again, each ends as if nothing had happened.
func (b *binary) killed(t *testing.T, before []string) {
	deploys := b.calls(t, "deploy")
	destroys := b.calls(t, "destroy", "--yes")
	const moments = 5
	for i := range moments {
		answered := i%2 == 0 // the call is made, or is not
		b.kill(t, 1+deploys*(2*i+1)/(2*moments), answered, "deploy")
		b.must(t, nil, "deploy")
		b.hit(t, 1)
		b.rows(t, 1)
		b.kill(t, 1+destroys*(2*i+1)/(2*moments), answered, "destroy", "--yes")
		if out, code := b.run(t, "destroy", "--yes"); code != 0 && code != int(fault.NotDeployed) {
			t.Errorf("destroy after the kill ended with %d: %s", code, out)
		}
		b.m.nothingLeft(t, before)
	}
}

// policy hands what the policy command prints to a user, who then reads the
// table with these rights alone.
func (b *binary) policy(t *testing.T) {
	t.Helper()
	var printed struct{ Policies []json.RawMessage }
	b.must(t, &printed, "policy", "query")
	var bodies []string
	for _, d := range printed.Policies {
		bodies = append(bodies, string(d))
	}
	user := *b
	user.keys = b.m.user(t, bodies...)
	user.rows(t, 5)
	if out, code := user.run(t, "destroy", "--yes"); code != int(fault.Credentials) {
		t.Errorf("destroy with the rights to query ended with %d: %s", code, out)
	}
}

// binary is the real command, built with the function for this machine in it.
type binary struct {
	m     *ministack
	path  string
	home  string
	stack string
	keys  rigKeys
	gate  *gate
}

// buildBinary puts another zip in the place of the embedded one, which is for
// Lambda's arm64. Without cgo, because nothing here may need it.
func buildBinary(t *testing.T, m *ministack) *binary {
	t.Helper()
	dir := t.TempDir()
	b := &binary{m: m, path: filepath.Join(dir, "pixelctl"), home: t.TempDir(), stack: "binary"}
	embedded, err := filepath.Abs(filepath.Join(rigHome, "embed", "beacon.zip"))
	if err != nil {
		t.Fatal(err)
	}
	zip, overlay := filepath.Join(dir, "beacon.zip"), filepath.Join(dir, "overlay.json")
	body, err := json.Marshal(map[string]map[string]string{"Replace": {embedded: zip}})
	if err = errors.Join(err, os.WriteFile(zip, m.zip, 0o600), os.WriteFile(overlay, body, 0o600)); err != nil {
		t.Fatal(err)
	}
	rigOutput(t, []string{"GOFLAGS=", "CGO_ENABLED=0"}, "go", "build", "-overlay", overlay, "-o", b.path, ".")
	b.gate = openGate(t, m.address)
	return b
}

// command is ready to run; the gate is also the proxy by which the name of the
// HTTP API is found.
func (b *binary) command(t *testing.T, arg ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), b.path, append(arg, "--stack", b.stack, "--json")...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.home, "HTTP_PROXY=" + b.gate.url}
	for name, value := range b.m.environment(b.keys) {
		if name == "AWS_ENDPOINT_URL" {
			value = b.gate.url
		}
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// run gives what was printed, errors included, and the exit code; -1 is a kill.
func (b *binary) run(t *testing.T, arg ...string) (out string, code int) {
	t.Helper()
	cmd := b.command(t, arg...)
	text, err := cmd.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatalf("pixelctl %s: %v", strings.Join(arg, " "), err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// must run well; its JSON goes into v.
func (b *binary) must(t *testing.T, v any, arg ...string) {
	t.Helper()
	cmd := b.command(t, arg...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pixelctl %s: %v: %s%s", strings.Join(arg, " "), err, errs.Bytes(), out)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(out, v); err != nil {
		t.Fatalf("pixelctl %s printed %s: %v", strings.Join(arg, " "), out, err)
	}
}

// hit sends hits until n are recorded: a busy machine may lose some.
func (b *binary) hit(t *testing.T, n int) {
	t.Helper()
	for range 20 {
		if _, code := b.run(t, "hit", "--count", strconv.Itoa(n), "--concurrency", "1"); code == 0 {
			return
		}
	}
	out, code := b.run(t, "hit", "--count", strconv.Itoa(n))
	t.Fatalf("hit ended with %d: %s", code, out)
}

// rows wants n hits or more in the table.
func (b *binary) rows(t *testing.T, n int) {
	t.Helper()
	var answer struct{ Rows [][]int }
	b.must(t, &answer, "query", "SELECT count(DISTINCT event_id) FROM tp_hits")
	if len(answer.Rows) != 1 || answer.Rows[0][0] < n {
		t.Errorf("the table holds %v, want %d hits", answer.Rows, n)
	}
}

// calls counts the calls that a command makes.
func (b *binary) calls(t *testing.T, arg ...string) int {
	t.Helper()
	b.gate.set(0, false, nil)
	b.must(t, nil, arg...)
	return b.gate.count()
}

// kill ends the command (SIGKILL) at its nth call.
func (b *binary) kill(t *testing.T, n int, answered bool, arg ...string) {
	t.Helper()
	cmd := b.command(t, arg...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	calls := make(chan struct{})
	b.gate.set(n, answered, calls)
	defer b.gate.set(0, false, nil)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-calls:
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err == nil {
			t.Errorf("%s survived its end", arg[0])
		}
	case err := <-ended:
		t.Errorf("%s ended before call %d: %v: %s", arg[0], n, err, out.String())
	}
}

// gate passes calls on, and tells of one of them, which gets no answer.
type gate struct {
	url  string
	next http.Handler

	mu       sync.Mutex
	seen, at int
	answered bool // that call is made all the same
	tell     chan struct{}
}

func openGate(t *testing.T, address string) *gate {
	t.Helper()
	g := &gate{next: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: address})
		r.Out.Host = r.In.Host // it is signed, and names the API
	}}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

func (g *gate) set(at int, answered bool, tell chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen, g.at, g.answered, g.tell = 0, at, answered, tell
}

func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seen
}

// reached counts a call; tell is nil for all but one.
func (g *gate) reached() (tell chan struct{}, answered bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen++; g.seen == g.at {
		return g.tell, g.answered
	}
	return nil, false
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tell, answered := g.reached()
	if tell == nil {
		g.next.ServeHTTP(w, r)
		return
	}
	if answered {
		g.next.ServeHTTP(httptest.NewRecorder(), r)
	}
	_, _ = io.Copy(io.Discard, r.Body) // only then does the server look whether the caller is there
	close(tell)
	<-r.Context().Done() // the caller is gone
}
