package main

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience ends waits for a process that hangs.
const patience = 30 * time.Second

// runtimeAPI plays Lambda's Runtime API for one process.
type runtimeAPI struct {
	*httptest.Server
	polled  chan time.Time // the process asked for its next event
	events  chan string
	sent    chan time.Time
	replies chan functionReply
}

type functionReply struct {
	body string
	ok   bool
	at   time.Time
}

func newRuntimeAPI(t testing.TB) *runtimeAPI {
	t.Helper()
	a := &runtimeAPI{
		polled: make(chan time.Time, 1), events: make(chan string),
		sent: make(chan time.Time, 1), replies: make(chan functionReply, 1),
	}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/invocation/next") {
		a.polled <- time.Now()
		select {
		case event := <-a.events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "invocation-1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(time.Minute).UnixMilli(), 10))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:f")
			w.Header().Set("Content-Type", "application/json")
			a.sent <- time.Now()
			_, _ = io.WriteString(w, event)
		case <-r.Context().Done():
		}
		return
	}
	body, _ := io.ReadAll(r.Body) // what is missing shows in the reply
	at := time.Now()
	w.WriteHeader(http.StatusAccepted)
	a.replies <- functionReply{string(body), strings.HasSuffix(r.URL.Path, "/response"), at}
}

// deliveryStream plays the API of the delivery stream, and that of the secret.
type deliveryStream struct {
	*httptest.Server
	mu     sync.Mutex
	mode   mode
	calls  int
	lines  []string
	secret string
	asked  []string // operations on the secret
}

type mode int

const (
	up    mode = iota
	quick      // up, but keeps nothing
	broken
	hanging // never answers
)

func newDeliveryStream(t testing.TB) *deliveryStream {
	t.Helper()
	d := &deliveryStream{secret: seedState}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

func (d *deliveryStream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager."); ok {
		_, _ = io.WriteString(w, d.keep(operation, body))
		return
	}
	n, m := d.note(body)
	switch m {
	case broken:
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"__type":"ServiceUnavailableException","message":"slow down"}`)
	case hanging:
		<-r.Context().Done()
	default:
		if n > 0 {
			one := `{"RecordId":"` + strings.Repeat("r", 200) + `"}`
			_, _ = fmt.Fprintf(w, `{"FailedPutCount":0,"RequestResponses":[%s%s]}`, one, strings.Repeat(","+one, n-1))
			return
		}
		_, _ = io.WriteString(w, `{"Encrypted":false,"RecordId":"`+strings.Repeat("r", 200)+`"}`)
	}
}

// keep plays Secrets Manager.
func (d *deliveryStream) keep(operation string, body []byte) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, operation)
	var in struct{ SecretString string }
	if json.Unmarshal(body, &in) == nil && operation == "PutSecretValue" {
		d.secret = in.SecretString
	}
	return `{"SecretString":` + quote(d.secret) + `}`
}

// note keeps what a call brings and gives the number of its records, 0 for a
// call that is no batch.
func (d *deliveryStream) note(body []byte) (int, mode) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.mode != up {
		return 0, d.mode
	}
	var in struct {
		Record  struct{ Data []byte }
		Records []struct{ Data []byte }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return 0, broken
	}
	if len(in.Records) == 0 {
		d.lines = append(d.lines, string(in.Record.Data))
	}
	for _, r := range in.Records {
		d.lines = append(d.lines, string(r.Data))
	}
	return len(in.Records), up
}

func (d *deliveryStream) set(m mode) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mode, d.calls, d.lines = m, 0, nil
}

func (d *deliveryStream) seen() (calls int, lines []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls, d.lines
}

// process is one running function.
type process struct {
	api  *runtimeAPI
	cmd  *exec.Cmd
	out  chan string   // lines on stdout
	init time.Duration // from the start to the first question for an event
}

// launch starts a function as Lambda does.
func launch(t testing.TB, d *deliveryStream, dir string, argv ...string) *process {
	t.Helper()
	p := &process{api: newRuntimeAPI(t), out: make(chan string, 64)}
	p.cmd = exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	p.cmd.Dir = dir
	p.cmd.Stderr = os.Stderr
	p.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LANG=en_US.UTF-8", "TZ=:UTC", "PYTHONDONTWRITEBYTECODE=1",
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(p.api.URL, "http://"), "LAMBDA_TASK_ROOT=" + dir,
		"AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token", "AWS_ENDPOINT_URL=" + d.URL, "PIXELCTL_STREAM=hits", "PIXELCTL_SECRET=arn:secret",
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.read(stdout)
	t.Cleanup(func() { p.end(t) })
	p.init = wait(t, "the process to start", p.api.polled).Sub(start)
	return p
}

func (p *process) read(r io.Reader) {
	defer close(p.out)
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		p.out <- s.Text()
	}
}

// end kills the process, as Lambda does with one it no longer needs.
func (p *process) end(t testing.TB) {
	if p.cmd.ProcessState != nil {
		return
	}
	if err := p.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	for range p.out { // Wait wants all of it read
	}
	_ = p.cmd.Wait() // killed, as it says
}

// invoke sends one event and waits until the function asks for the next.
func (p *process) invoke(t testing.TB, event string) (string, time.Duration) {
	t.Helper()
	select {
	case p.api.events <- event:
	case <-time.After(patience):
		t.Fatal("the process takes no event")
	}
	sent := <-p.api.sent
	r := wait(t, "an answer", p.api.replies)
	if !r.ok {
		t.Fatalf("the function failed: %s", r.body)
	}
	wait(t, "the process to go on", p.api.polled)
	return r.body, r.at.Sub(sent)
}

func wait[T any](t testing.TB, what string, c <-chan T) T {
	t.Helper()
	select {
	case v, ok := <-c:
		if !ok {
			t.Fatalf("waited for %s: the process ended", what)
		}
		return v
	case <-time.After(patience):
		t.Fatalf("waited %v for %s", patience, what)
	}
	var none T
	return none
}

// peakMemory gives the most bytes that the process had resident.
func (p *process) peakMemory(t testing.TB) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		t.Fatalf("no VmHWM in %s", b)
	}
	kb, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb * 1024
}

// zipped builds a main package into a zip for this machine and gives the path
// of the executable taken out of it.
func zipped(t testing.TB, pkg string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "function.zip")
	cmd := exec.CommandContext(t.Context(), "go", "run", "pixelctl/embed/build", "--arch", runtime.GOARCH, "--package", pkg, "--out", file)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", pkg, err, said)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	in, err := z.Open("bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	bootstrap := filepath.Join(dir, "bootstrap")
	if err := os.WriteFile(bootstrap, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return bootstrap
}

// needRigs skips what only runs with everything installed.
func needRigs(t testing.TB) {
	t.Helper()
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("a rig: set PIXELCTL_RIGS=1")
	}
}
