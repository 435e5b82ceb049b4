package local

import (
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// Bounds and defaults of the settings.
const (
	DefaultAddr      = "127.0.0.1:8787"
	DefaultBufferMiB = 64
	DefaultMaxConns  = 4096

	maxBufferMiB  = 128 // Firehose's largest size hint
	maxTrustProxy = 16

	maxRetentionDays = 36_500 // a hundred years
)

// Settings are the wanted state of a stack; they are what stack.json holds.
type Settings struct {
	Stack         string    `json:"stack"`
	Created       time.Time `json:"created"`
	Addr          string    `json:"addr"`           // host:port to listen on
	BufferSeconds int       `json:"buffer_seconds"` // longest wait of a record before it becomes a file
	BufferMiB     int       `json:"buffer_mib"`     // size at which it becomes one earlier
	TLSCert       string    `json:"tls_cert,omitempty"`
	TLSKey        string    `json:"tls_key,omitempty"`
	TrustProxy    int       `json:"trust_proxy"`     // own hops of X-Forwarded-For
	RateLimit     float64   `json:"rate_limit"`      // hits a second and address; 0 is off
	MaxConns      int       `json:"max_connections"` // open at a time

	RetentionDays int       `json:"retention_days,omitempty"` // age at which records are removed; 0 keeps them
	Spec          spec.Spec `json:"spec,omitzero"`            // what records hold
}

// Patch holds the settings that the user gave; nil keeps what is.
type Patch struct {
	Addr       *string
	Buffer     *time.Duration
	BufferMiB  *int
	TLSCert    *string
	TLSKey     *string
	TrustProxy *int
	RateLimit  *float64
	MaxConns   *int

	RetentionDays *int // 0 keeps records
}

func defaultSettings(stack string) Settings {
	return Settings{
		Stack: stack, Addr: DefaultAddr,
		BufferSeconds: int(pipeline.DefaultBuffer / time.Second),
		BufferMiB:     DefaultBufferMiB, MaxConns: DefaultMaxConns,
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (s Settings) with(p Patch) Settings {
	set(&s.Addr, p.Addr)
	set(&s.BufferMiB, p.BufferMiB)
	set(&s.TLSCert, p.TLSCert)
	set(&s.TLSKey, p.TLSKey)
	set(&s.TrustProxy, p.TrustProxy)
	set(&s.RateLimit, p.RateLimit)
	set(&s.MaxConns, p.MaxConns)
	set(&s.RetentionDays, p.RetentionDays)
	if p.Buffer != nil {
		s.BufferSeconds = int(*p.Buffer / time.Second)
	}
	return s
}

// Buffer is the buffer interval.
func (s Settings) Buffer() time.Duration { return time.Duration(s.BufferSeconds) * time.Second }

// changes lists the settings in which s and to differ, but for the spec.
func (s Settings) changes(to Settings) []pipeline.Change {
	changes := []pipeline.Change{}
	add := func(name, from, to string) {
		if from != to {
			changes = append(changes, pipeline.Change{Name: name, From: from, To: to})
		}
	}
	add("addr", s.Addr, to.Addr)
	add("buffer", s.Buffer().String(), to.Buffer().String())
	add("buffer-size", strconv.Itoa(s.BufferMiB)+" MiB", strconv.Itoa(to.BufferMiB)+" MiB")
	add("tls-cert", s.TLSCert, to.TLSCert)
	add("tls-key", s.TLSKey, to.TLSKey)
	add("trust-proxy", strconv.Itoa(s.TrustProxy), strconv.Itoa(to.TrustProxy))
	add("rate-limit", formatRate(s.RateLimit), formatRate(to.RateLimit))
	add("max-connections", strconv.Itoa(s.MaxConns), strconv.Itoa(to.MaxConns))
	add("retention", formatDays(s.RetentionDays), formatDays(to.RetentionDays))
	return changes
}

// keepPort takes port 0 for "any": once a port was picked it stays, so that
// tags go on working after a restart.
func keepPort(want, have string) string {
	host, port, err := net.SplitHostPort(want)
	if before, _, failed := net.SplitHostPort(have); err == nil && failed == nil && port == "0" && before == host {
		return have
	}
	return want
}

func formatRate(r float64) string {
	if r == 0 {
		return "off"
	}
	return strconv.FormatFloat(r, 'g', -1, 64) + "/s"
}

// validate refuses settings that cannot work, before anything is touched.
func (s Settings) validate() error {
	if err := validateAddr(s); err != nil {
		return err
	}
	if err := pipeline.ValidateBuffer(s.Buffer()); err != nil {
		return err
	}
	for _, c := range []struct {
		name      string
		v, lo, hi int
	}{
		{"buffer-size", s.BufferMiB, 1, maxBufferMiB},
		{"trust-proxy", s.TrustProxy, 0, maxTrustProxy},
		{"max-connections", s.MaxConns, 1, 1 << 20},
		{"retention", s.RetentionDays, 0, maxRetentionDays},
	} {
		if c.v < c.lo || c.v > c.hi {
			return fault.New(fault.Usage, "setting %s: %d is not in %d to %d", c.name, c.v, c.lo, c.hi)
		}
	}
	if !(s.RateLimit >= 0) || math.IsInf(s.RateLimit, 1) {
		return fault.New(fault.Usage, "setting rate-limit: %g is no rate", s.RateLimit).WithHint("give hits a second, or 0 for no limit")
	}
	return nil
}

func validateAddr(s Settings) error {
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return fault.New(fault.Usage, "setting addr: %w", err).WithHint("write host:port, such as %s", DefaultAddr)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fault.New(fault.Usage, "setting addr: %q is no port", port).WithHint("write host:port, such as %s", DefaultAddr)
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return fault.New(fault.Usage, "settings tls-cert and tls-key: only one of them is given").WithHint("give both --tls-cert and --tls-key")
	}
	if !isLoopback(host) && s.TLSCert == "" && s.TrustProxy == 0 {
		return fault.New(fault.Usage, "setting addr: %s can be reached from outside, but without TLS", s.Addr).
			WithHint("give --tls-cert and --tls-key, or --trust-proxy 1 when a proxy of yours ends TLS")
	}
	return nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// loadSettings gives fs.ErrNotExist when there is no stack.
func loadSettings(l Layout) (Settings, error) {
	b, err := os.ReadFile(l.Settings())
	if err != nil {
		return Settings{}, fmt.Errorf("read settings: %w", err)
	}
	var s Settings
	if err := json.Unmarshal(b, &s); err != nil {
		return Settings{}, fault.New(fault.Usage, "read settings %s: %w", l.Settings(), err).
			WithHint("remove that file and deploy again; hits and data stay")
	}
	return s, nil
}
