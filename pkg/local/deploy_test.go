package local_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/pipeline"
)

// with gives a target with further settings.
func (s stack) with(p local.Patch) *local.Target {
	return local.New(local.Options{
		Stack: stackName, Dir: s.dir, Want: p, Flags: " --target local",
		Serve: []string{os.Args[0], serveArg, s.dir}, Converter: local.Convert{},
	})
}

// deployWith deploys with further settings.
func (s stack) deployWith(t *testing.T, p local.Patch) pipeline.Deployment {
	t.Helper()
	if p.Addr == nil {
		p.Addr = new("127.0.0.1:0")
	}
	d, err := s.with(p).Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// state asks the server itself.
func (s stack) state(t *testing.T) control.State {
	t.Helper()
	a, err := s.address()
	if err != nil {
		t.Fatal(err)
	}
	state, err := control.NewClient(a).State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func (s stack) pid(t *testing.T) int {
	t.Helper()
	a, err := s.address()
	if err != nil {
		t.Fatal(err)
	}
	return a.PID
}

// Settings that the running server can take over leave it running; others
// need a new one. Nothing that was answered is lost on the way.
func TestDeployChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		patch   local.Patch
		change  string
		restart bool
	}{
		"buffer":          {local.Patch{Buffer: new(5 * time.Minute)}, "buffer", false},
		"buffer size":     {local.Patch{BufferMiB: new(8)}, "buffer-size", true},
		"address":         {local.Patch{Addr: new(freeAddr(t))}, "addr", true},
		"rate limit":      {local.Patch{RateLimit: new(1000.0)}, "rate-limit", true},
		"max connections": {local.Patch{MaxConns: new(99)}, "max-connections", true},
		"trust proxy":     {local.Patch{TrustProxy: new(1)}, "trust-proxy", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t)
			before := s.hit(t, s.deploy(t)+"/p.gif")
			pid := s.pid(t)
			d := s.deployWith(t, c.patch)
			if d.Action != pipeline.Updated || len(d.Changes) != 1 || d.Changes[0].Name != c.change {
				t.Errorf("deployed %+v, want %s updated", d, c.change)
			}
			if want := c.patch.Buffer; want != nil && s.state(t).BufferSeconds != int(want.Seconds()) {
				t.Errorf("the server buffers %d s, want %s", s.state(t).BufferSeconds, want)
			}
			if restarted := s.pid(t) != pid; restarted != c.restart {
				t.Errorf("server restarted: %v, want %v", restarted, c.restart)
			}
			s.wantIDs(t, before, s.hit(t, d.Endpoint+"/p.gif"))
			if again := s.deployWith(t, c.patch); again.Action != pipeline.Unchanged {
				t.Errorf("deployed again: %+v", again)
			}
		})
	}
}

// freeAddr is an address where nobody listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	l := listen(t)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A deploy that ends after the server took the new buffer, or after it stopped,
// but before the settings were written down, is not taken for done.
func TestDeployInterruptedChange(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.deploy(t)
	settings, err := os.ReadFile(filepath.Join(s.dir, "stack.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, patch := range map[string]local.Patch{
		"buffer": {Buffer: new(5 * time.Minute)}, "restart": {RateLimit: new(500.0)},
	} {
		s.deployWith(t, patch)
		write(t, filepath.Join(s.dir, "stack.json"), settings) // as if it had not come to that
		if d := s.deployWith(t, patch); d.Action != pipeline.Updated || len(d.Changes) != 1 {
			t.Errorf("%s: %+v, want the change again", name, d)
		}
		write(t, filepath.Join(s.dir, "stack.json"), settings)
		s.deployWith(t, local.Patch{Buffer: new(time.Minute)})
	}
}

// stack.json holds the settings of the server, not those it shall get: an
// address that is taken is refused while the server goes on with its own.
func TestDeployPortInUse(t *testing.T) {
	t.Parallel()
	taken := listen(t)
	t.Cleanup(func() { _ = taken.Close() })
	t.Run("first deploy", func(t *testing.T) {
		t.Parallel()
		s := newStack(t)
		_, err := s.with(local.Patch{Addr: new(taken.Addr().String())}).Deploy(t.Context(), pipeline.DeployOptions{}, nil)
		wantFault(t, err, fault.Busy, "--addr", taken.Addr().String())
		s.hit(t, s.deployWith(t, local.Patch{Addr: new(freeAddr(t))}).Endpoint+"/p.gif")
	})
	t.Run("running server", func(t *testing.T) {
		t.Parallel()
		s := newStack(t)
		endpoint := s.deploy(t)
		_, err := s.with(local.Patch{Addr: new(taken.Addr().String())}).Deploy(t.Context(), pipeline.DeployOptions{}, nil)
		wantFault(t, err, fault.Busy, "--addr", taken.Addr().String())
		s.hit(t, endpoint+"/p.gif")
		if again := s.deploy(t); again != endpoint {
			t.Errorf("endpoint %s, was %s", again, endpoint)
		}
	})
}

// wantFault wants an error of a kind, with hint and message that hold texts.
func wantFault(t *testing.T, err error, k fault.Kind, hint string, message ...string) {
	t.Helper()
	if fault.KindOf(err) != k || fault.HintOf(err) == "" || !strings.Contains(fault.HintOf(err), hint) {
		t.Errorf("error %v (kind %d, hint %q), want kind %d and a hint with %q", err, fault.KindOf(err), fault.HintOf(err), k, hint)
		return
	}
	for _, m := range message {
		if !strings.Contains(err.Error(), m) {
			t.Errorf("error %q does not say %q", err, m)
		}
	}
}

// One directory has one server; the second is told who holds it.
func TestSecondServer(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	endpoint := s.deploy(t)
	err := s.target().Serve(t.Context(), local.ServeOptions{})
	wantFault(t, err, fault.Busy, "status", "pid "+strconv.Itoa(s.pid(t)))
	s.hit(t, endpoint+"/p.gif")
}

// What a killed server left is no server: the next deploy starts one without a
// question, whatever stands in the files.
func TestStaleFiles(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*testing.T, stack){
		"as killed":           func(*testing.T, stack) {},
		"no server.json":      func(t *testing.T, s stack) { remove(t, filepath.Join(s.dir, "server.json")) },
		"garbled server.json": func(t *testing.T, s stack) { write(t, filepath.Join(s.dir, "server.json"), []byte(`{"pid":`)) },
		"empty lock":          func(t *testing.T, s stack) { write(t, filepath.Join(s.dir, "server.lock"), nil) },
		"lock of a living process": func(t *testing.T, s stack) {
			write(t, filepath.Join(s.dir, "server.lock"), []byte(strconv.Itoa(os.Getpid())+"\n"))
		},
		"operation.lock": func(t *testing.T, s stack) {
			write(t, filepath.Join(s.dir, "operation.lock"), []byte("1\n"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t)
			endpoint := s.deploy(t)
			before := s.hit(t, endpoint+"/p.gif")
			if err := s.kill(t.Context()); err != nil {
				t.Fatal(err)
			}
			leave(t, s)
			status, err := s.target().Status(t.Context())
			if err != nil || status.State != pipeline.Stopped || status.Spool.Records != 1 {
				t.Errorf("status of the killed server: %+v, %v", status, err)
			}
			d, err := s.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
			if err != nil || d.Action != pipeline.Started || d.Endpoint != endpoint {
				t.Fatalf("deploy: %+v, %v; want started at %s", d, err, endpoint)
			}
			s.wantIDs(t, before, s.hit(t, endpoint+"/p.gif"))
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// Settings that cannot be read are said to be so, with what to do; doing it
// keeps the hits.
func TestDamagedSettings(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"cut": `{"stack":"te`, "empty": "", "zeros": "\x00\x00\x00\x00", "other type": `[1]`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t)
			id := s.hit(t, s.deploy(t)+"/p.gif")
			if err := s.kill(t.Context()); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(s.dir, "stack.json")
			write(t, file, []byte(content))
			_, err := s.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
			wantFault(t, err, fault.Usage, "remove that file", file)
			_, err = s.target().Status(t.Context())
			wantFault(t, err, fault.Usage, "remove that file", file)
			remove(t, file)
			s.deploy(t)
			s.wantIDs(t, id)
		})
	}
}

// Counts that cannot be read start anew: rows are the truth.
func TestDamagedCounts(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.hit(t, s.deploy(t)+"/p.gif")
	if err := s.kill(t.Context()); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, "counts.json"), []byte(`{"received":"many"}`))
	s.hit(t, s.deploy(t)+"/p.gif")
	status, err := s.target().Status(t.Context())
	if err != nil || status.Hits.Received != 1 || status.Hits.Recorded != 1 {
		t.Errorf("status %+v, %v; want the one hit since", status.Hits, err)
	}
	if n := s.count(t, s.target()); n != 2 {
		t.Errorf("%d rows, want both", n)
	}
}

// A stack.json that was removed under a running server is written anew, and
// the server is one with these settings.
func TestSettingsRemovedWhileRunning(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	id := s.hit(t, s.deployWith(t, local.Patch{TrustProxy: new(2)}).Endpoint+"/p.gif")
	remove(t, filepath.Join(s.dir, "stack.json"))
	d, err := s.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	if err != nil || d.Action != pipeline.Created {
		t.Fatalf("deploy: %+v, %v", d, err)
	}
	second := s.hit(t, d.Endpoint+"/p.gif?uid=u", "X-Forwarded-For", "192.0.2.77, 203.0.113.7")
	s.wantIDs(t, id, second)
	if rows := s.ask(t, s.target(), "SELECT ip FROM tp_hits WHERE user_id = 'u'", nil); rows[0][0] != "127.0.0.0" {
		t.Errorf("ip %v: the server still trusts proxies", rows[0][0])
	}
}

// The client's address is counted from the right of X-Forwarded-For, over the
// whole way from socket to row.
func TestTrustProxy(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	d := s.deployWith(t, local.Patch{TrustProxy: new(2)})
	s.hit(t, d.Endpoint+"/p.gif?uid=two", "X-Forwarded-For", "198.51.100.9, 203.0.113.7", "X-Forwarded-For", "10.0.0.1")
	s.hit(t, d.Endpoint+"/p.gif?uid=six", "X-Forwarded-For", "2001:db8:1:2:3::4, 10.0.0.1")
	s.hit(t, d.Endpoint+"/p.gif?uid=few", "X-Forwarded-For", "198.51.100.9")
	got := map[any]any{}
	for _, row := range s.ask(t, s.target(), "SELECT user_id, ip FROM tp_hits", nil) {
		got[row[0]] = row[1]
	}
	want := map[any]any{"two": "203.0.113.0", "six": "2001:db8:1::", "few": "127.0.0.0"}
	for uid, ip := range want {
		if got[uid] != ip {
			t.Errorf("%v: address %v, want %v", uid, got[uid], ip)
		}
	}
}

func TestOutsideNeedsTLS(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:80", "example.com:80"} {
		_, err := s.with(local.Patch{Addr: &addr}).Deploy(t.Context(), pipeline.DeployOptions{}, nil)
		wantFault(t, err, fault.Usage, "--tls-cert", addr)
	}
	for _, addr := range []string{"nonsense", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:70000", "127.0.0.1:-1"} {
		_, err := s.with(local.Patch{Addr: &addr}).Deploy(t.Context(), pipeline.DeployOptions{}, nil)
		wantFault(t, err, fault.Usage, "host:port")
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("refused settings left %s behind: %v", s.dir, err)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	cert, key, pool := certificate(t)
	d := s.deployWith(t, local.Patch{TLSCert: &cert, TLSKey: &key})
	if !strings.HasPrefix(d.Endpoint, "https://") {
		t.Fatalf("endpoint %s, want https", d.Endpoint)
	}
	for _, h2 := range []bool{true, false} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: h2}
		resp, err := (&http.Client{Transport: transport}).Get(d.Endpoint + "/p.gif")
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 2, false: 1}[h2]; resp.ProtoMajor != want || resp.Header.Get("X-Pixel-Status") != "recorded" {
			t.Errorf("answer %s, %q; want HTTP/%d, recorded", resp.Proto, resp.Header.Get("X-Pixel-Status"), want)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		transport.CloseIdleConnections()
	}
	if n := s.count(t, s.target()); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

// A certificate named by a relative path is found by the next command, too,
// wherever it runs.
func TestTLSRelativePath(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	cert, key, _ := certificate(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	relative := func(path string) *string {
		rel, err := filepath.Rel(here, path)
		if err != nil {
			t.Fatal(err)
		}
		return &rel
	}
	s.deployWith(t, local.Patch{TLSCert: relative(cert), TLSKey: relative(key)})
	if d := s.deployWith(t, local.Patch{TLSCert: &cert, TLSKey: &key}); d.Action != pipeline.Unchanged {
		t.Errorf("deployed with the absolute paths: %+v, want unchanged", d)
	}
}

func TestTLSRefuses(t *testing.T) {
	t.Parallel()
	cert, key, _ := certificate(t)
	missing := filepath.Join(t.TempDir(), "none.pem")
	for name, p := range map[string]local.Patch{
		"only a certificate": {TLSCert: &cert},
		"only a key":         {TLSKey: &key},
		"no such file":       {TLSCert: &missing, TLSKey: &key},
		"key for both":       {TLSCert: &key, TLSKey: &key},
	} {
		s := newStack(t)
		_, err := s.with(p).Deploy(t.Context(), pipeline.DeployOptions{}, nil)
		if fault.KindOf(err) != fault.Usage || !strings.Contains(fault.HintOf(err), "--tls-cert") {
			t.Errorf("%s: %v (hint %q), want a usage error", name, err, fault.HintOf(err))
		}
	}
}

// certificate makes a certificate for 127.0.0.1 that signs itself.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "pixel"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pem1 := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	pool.AppendCertsFromPEM(pem1)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write(t, cert, pem1)
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	return cert, key, pool
}

// The buffer of a stopped stack is kept for its next server.
func TestBufferOfStoppedStack(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.deploy(t)
	if err := s.kill(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := s.target().SetBuffer(t.Context(), pipeline.BufferOptions{Interval: 7 * time.Minute}, nil)
	if err != nil || !r.Changed {
		t.Fatalf("set buffer: %+v, %v", r, err)
	}
	if d, err := s.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil); err != nil || d.Action != pipeline.Started || d.Buffer != 7*time.Minute {
		t.Errorf("deploy: %+v, %v; want started with 7m", d, err)
	}
	status, err := s.target().Status(t.Context())
	if err != nil || status.BufferSeconds != 420 {
		t.Errorf("status: %d s, %v", status.BufferSeconds, err)
	}
}

// A directory that holds somebody else's files is not taken for a new stack.
func TestDeployIntoForeignDirectory(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	mkdir(t, s.dir)
	write(t, filepath.Join(s.dir, "thesis.txt"), []byte("mine"))
	_, err := s.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	wantFault(t, err, fault.Usage, "--dir", s.dir)
}
