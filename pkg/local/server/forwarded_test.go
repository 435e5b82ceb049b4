package server

import (
	"net/http/httptest"
	"testing"
)

// The client is the entry that our outermost proxy wrote: counted from the
// right, over all header lines. What stands left of it is the client's word.
func TestPeer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		hops  int
		lines []string
		want  string
	}{
		{"no proxy of ours", 0, []string{"203.0.113.7"}, "192.0.2.1"},
		{"one hop", 1, []string{"203.0.113.7"}, "203.0.113.7"},
		{"one hop, client lies", 1, []string{"1.1.1.1, 203.0.113.7"}, "203.0.113.7"},
		{"two hops", 2, []string{"1.1.1.1, 203.0.113.7, 10.0.0.1"}, "203.0.113.7"},
		{"three hops over lines", 3, []string{"1.1.1.1, 203.0.113.7", "10.0.0.1", "10.0.0.2"}, "203.0.113.7"},
		{"a line with several", 3, []string{"1.1.1.1", "203.0.113.7, 10.0.0.1, 10.0.0.2"}, "203.0.113.7"},
		{"fewer entries than hops", 2, []string{"203.0.113.7"}, "192.0.2.1"},
		{"no header", 1, nil, "192.0.2.1"},
		{"empty header", 1, []string{""}, "192.0.2.1"},
		{"empty line between", 2, []string{"203.0.113.7", "", "10.0.0.1"}, "203.0.113.7"},
		{"empty entry counts", 2, []string{"203.0.113.7,,10.0.0.1"}, "192.0.2.1"},
		{"trailing comma counts", 1, []string{"203.0.113.7,"}, "192.0.2.1"},
		{"only a comma", 1, []string{","}, "192.0.2.1"},
		{"blanks", 1, []string{"  1.1.1.1 ,\t 203.0.113.7  "}, "203.0.113.7"},
		{"no blanks", 2, []string{"1.1.1.1,203.0.113.7,10.0.0.1"}, "203.0.113.7"},
		{"garbage left of it", 1, []string{"<script>, 203.0.113.7"}, "203.0.113.7"},
		{"garbage", 1, []string{"203.0.113.7, unknown"}, "192.0.2.1"},
		{"obfuscated", 1, []string{"_hidden"}, "192.0.2.1"},
		{"port", 1, []string{"203.0.113.7:4711"}, "203.0.113.7"},
		{"IPv6", 1, []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv6 in brackets", 1, []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"IPv6 with port", 1, []string{"[2001:db8::7]:4711"}, "2001:db8::7"},
		{"IPv4 in IPv6", 1, []string{"::ffff:203.0.113.7"}, "::ffff:203.0.113.7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/p.gif", nil)
			for _, line := range c.lines {
				r.Header.Add("X-Forwarded-For", line)
			}
			if got := peer(r, c.hops).String(); got != c.want {
				t.Errorf("client %s, want %s", got, c.want)
			}
		})
	}
}

// A connection without an address, such as one over a Unix socket, is no error.
func TestPeerUnknown(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/p.gif", nil)
	r.RemoteAddr = "@"
	if got := peer(r, 0); got.IsValid() {
		t.Errorf("client %s, want none", got)
	}
}

func FuzzForwarded(f *testing.F) {
	f.Add("1.1.1.1, 203.0.113.7", ",,", 2)
	f.Fuzz(func(t *testing.T, one, two string, hops int) {
		a, ok := forwarded([]string{one, two}, hops)
		if ok != a.IsValid() {
			t.Errorf("%q, %q: %v, %v", one, two, a, ok)
		}
	})
}
