package cloud_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"testing"

	"pixelctl/pkg/traffic"
)

// Deploy, hit, query and destroy succeed while one in five calls of every
// service is throttled or reset, by a proxy of other people in front of
// ministack. The function's calls of the delivery stream go through it, too.
func TestRigFaults(t *testing.T) {
	needRigs(t)
	t.Parallel()
	port := rigPort(t)
	m := startMinistackBehind(t, "http://127.0.0.1:"+port)
	before := m.names(t)
	m.front = startMicroburst(t, m.url, port)
	l := &life{T: t, m: m, stack: "faults", target: m.target(t, "faults", rigWish{})}
	l.deploy()
	sum, err := traffic.Send(t.Context(), traffic.Options{Endpoint: l.endpoint, Count: 60, Concurrency: 2, Seed: 4, Client: m.client(t)})
	if err != nil || sum.Sent != 60 || sum.Recorded() < 30 {
		t.Errorf("hits: %+v, %v; want most of them recorded", sum, err)
	}
	m.await(t, l.out["DataBucket"], "", sum.Recorded())
	found, err := rigRows(t.Context(), l.target, "SELECT DISTINCT event_id FROM tp_hits")
	if err != nil || len(found) < sum.Recorded() || len(found) > sum.Sent {
		t.Errorf("query: %d hits, %v; want the %d that were recorded", len(found), err, sum.Recorded())
	}
	l.destroy()
	m.nothingLeft(t, before)
	m.front.struck(t)
}

// throttles are the answers of AWS's services to a caller who is too fast.
func throttles() map[string]microburstError {
	return map[string]microburstError{
		"apigatewaymanagementapi": {"TooManyRequestsException", http.StatusTooManyRequests}, // its host is that of a deployed API
		"apigateway":              {"TooManyRequestsException", http.StatusTooManyRequests},
		"athena":                  {"TooManyRequestsException", http.StatusBadRequest},
		"cloudformation":          {"Throttling", http.StatusBadRequest},
		"firehose":                {"ServiceUnavailableException", http.StatusServiceUnavailable},
		"glue":                    {"ThrottlingException", http.StatusBadRequest},
		"iam":                     {"Throttling", http.StatusBadRequest},
		"lambda":                  {"TooManyRequestsException", http.StatusTooManyRequests},
		"logs":                    {"ThrottlingException", http.StatusBadRequest},
		"s3":                      {"SlowDown", http.StatusServiceUnavailable},
		"scheduler":               {"ThrottlingException", http.StatusTooManyRequests},
		"sts":                     {"Throttling", http.StatusBadRequest},
	}
}

type microburstError struct {
	Code   string `json:"code"`
	Status int    `json:"status"`
}

// microburstRule lets calls fail and pass in turn: that is a fifth of them in
// every run, where a probability would now and then be too much for any number
// of attempts.
type microburstRule struct {
	Service  string           `json:"service"`
	Sequence map[string]int   `json:"sequence"`
	Error    *microburstError `json:"error,omitempty"`
	Reset    bool             `json:"reset,omitempty"`
}

func startMicroburst(t *testing.T, upstream, port string) rig {
	t.Helper()
	python := rigOutput(t, nil, "bash", ".ci/rigs/microburst/install")
	r := launchRig(t, port, "/_microburst/health", python, filepath.Join(rigHome, ".ci", "rigs", "microburst", "start.py"),
		"--upstream", upstream, "--host", "127.0.0.1", "--port", port)
	var rules []microburstRule
	for service, e := range throttles() {
		rules = append(rules,
			microburstRule{Service: service, Sequence: map[string]int{"fail": 1, "pass": 9}, Error: &e},
			microburstRule{Service: service, Sequence: map[string]int{"fail": 1, "pass": 8}, Reset: true})
	}
	body, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	r.control(t, http.MethodPost, "/_microburst/rules", body)
	return r
}

func (r rig) control(t *testing.T, method, path string, body []byte) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d, %v: %s", method, path, resp.StatusCode, err, answer)
	}
	return answer
}

// struck asks the proxy what it did: without faults the test shows nothing.
func (r rig) struck(t *testing.T) {
	t.Helper()
	var stats struct {
		Services []struct {
			Service           string
			Requests, Faulted int
		} `json:"by_service"`
	}
	if err := json.Unmarshal(r.control(t, http.MethodGet, "/_microburst/stats", nil), &stats); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range stats.Services {
		seen[s.Service] = true
		t.Logf("%s: %d of %d calls failed", s.Service, s.Faulted, s.Requests)
		if _, ours := throttles()[s.Service]; ours && s.Faulted*6 < s.Requests {
			t.Errorf("%s: %d of %d calls failed, want a fifth", s.Service, s.Faulted, s.Requests)
		}
	}
	for service := range throttles() {
		if !seen[service] {
			t.Errorf("no call of %s came by", service)
		}
	}
}
