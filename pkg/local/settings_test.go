package local

import (
	"math"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

func TestValidateSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Settings)
		ok     bool
	}{
		"defaults":             {func(*Settings) {}, true},
		"buffer at least":      {func(s *Settings) { s.BufferSeconds = 60 }, true},
		"buffer at most":       {func(s *Settings) { s.BufferSeconds = 900 }, true},
		"buffer too short":     {func(s *Settings) { s.BufferSeconds = 59 }, false},
		"buffer too long":      {func(s *Settings) { s.BufferSeconds = 901 }, false},
		"buffer size 0":        {func(s *Settings) { s.BufferMiB = 0 }, false},
		"buffer size 1":        {func(s *Settings) { s.BufferMiB = 1 }, true},
		"buffer size 129":      {func(s *Settings) { s.BufferMiB = 129 }, false},
		"proxies":              {func(s *Settings) { s.TrustProxy = 16 }, true},
		"too many proxies":     {func(s *Settings) { s.TrustProxy = 17 }, false},
		"negative proxies":     {func(s *Settings) { s.TrustProxy = -1 }, false},
		"no connections":       {func(s *Settings) { s.MaxConns = 0 }, false},
		"rate":                 {func(s *Settings) { s.RateLimit = 0.5 }, true},
		"negative rate":        {func(s *Settings) { s.RateLimit = -1 }, false},
		"rate that is none":    {func(s *Settings) { s.RateLimit = math.NaN() }, false},
		"endless rate":         {func(s *Settings) { s.RateLimit = math.Inf(1) }, false},
		"localhost":            {func(s *Settings) { s.Addr = "localhost:80" }, true},
		"IPv6 loopback":        {func(s *Settings) { s.Addr = "[::1]:80" }, true},
		"other loopback":       {func(s *Settings) { s.Addr = "127.9.9.9:80" }, true},
		"outside":              {func(s *Settings) { s.Addr = "192.0.2.1:80" }, false},
		"outside behind proxy": {func(s *Settings) { s.Addr, s.TrustProxy = "192.0.2.1:80", 1 }, true},
		"outside with TLS":     {func(s *Settings) { s.Addr, s.TLSCert, s.TLSKey = "192.0.2.1:443", "c", "k" }, true},
		"half of TLS":          {func(s *Settings) { s.TLSKey = "k" }, false},
		"no port":              {func(s *Settings) { s.Addr = "127.0.0.1" }, false},
		"named port":           {func(s *Settings) { s.Addr = "127.0.0.1:http" }, false},
	} {
		s := defaultSettings("s")
		c.change(&s)
		err := s.validate()
		if (err == nil) != c.ok || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v, want valid %v", name, err, c.ok)
		}
	}
}

// Once a port was picked for 0 it stays: tags hold it.
func TestKeepPort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ want, have, kept string }{
		{"127.0.0.1:0", "127.0.0.1:41234", "127.0.0.1:41234"},
		{"127.0.0.1:80", "127.0.0.1:41234", "127.0.0.1:80"},
		{"[::1]:0", "127.0.0.1:41234", "[::1]:0"},
		{"127.0.0.1:0", "nonsense", "127.0.0.1:0"},
		{"nonsense", "127.0.0.1:41234", "nonsense"},
	} {
		if got := keepPort(c.want, c.have); got != c.kept {
			t.Errorf("wanted %s over %s: %s, want %s", c.want, c.have, got, c.kept)
		}
	}
}

// Every setting that a patch can change shows among the changes.
func TestChanges(t *testing.T) {
	t.Parallel()
	have := defaultSettings("s")
	if got := have.changes(have.with(Patch{})); len(got) != 0 || got == nil {
		t.Errorf("an empty patch changes %v", got)
	}
	addr, cert, key, size, hops, conns, rate, buffer := "127.0.0.1:1", "c", "k", 8, 2, 9, 1.5, 5*time.Minute
	got := have.changes(have.with(Patch{
		Addr: &addr, Buffer: &buffer, BufferMiB: &size, TLSCert: &cert, TLSKey: &key, TrustProxy: &hops, RateLimit: &rate, MaxConns: &conns,
	}))
	want := []pipeline.Change{
		{Name: "addr", From: DefaultAddr, To: addr},
		{Name: "buffer", From: "1m0s", To: "5m0s"},
		{Name: "buffer-size", From: "64 MiB", To: "8 MiB"},
		{Name: "tls-cert", To: cert},
		{Name: "tls-key", To: key},
		{Name: "trust-proxy", From: "0", To: "2"},
		{Name: "rate-limit", From: "off", To: "1.5/s"},
		{Name: "max-connections", From: "4096", To: "9"},
	}
	if len(got) != len(want) {
		t.Fatalf("changes %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("change %v, want %v", got[i], want[i])
		}
	}
}
