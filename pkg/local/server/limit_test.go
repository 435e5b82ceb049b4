package server

import (
	"net/netip"
	"testing"
	"time"
)

func addr(t testing.TB, s string) netip.Addr {
	t.Helper()
	a, err := netip.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var noon = time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC)

func TestLimiter(t *testing.T) {
	t.Parallel()
	type hit struct {
		from  string
		after time.Duration // since noon
		want  bool
	}
	for name, c := range map[string]struct {
		perSecond float64
		hits      []hit
	}{
		"off":        {0, []hit{{"192.0.2.1", 0, true}, {"192.0.2.1", 0, true}, {"192.0.2.1", 0, true}}},
		"two":        {2, []hit{{"192.0.2.1", 0, true}, {"192.0.2.1", 0, true}, {"192.0.2.1", 0, false}, {"192.0.2.1", 500 * time.Millisecond, true}, {"192.0.2.1", 600 * time.Millisecond, false}}},
		"slow":       {0.1, []hit{{"192.0.2.1", 0, true}, {"192.0.2.1", 9 * time.Second, false}, {"192.0.2.1", 10 * time.Second, true}}},
		"fraction":   {1.5, []hit{{"192.0.2.1", 0, true}, {"192.0.2.1", 0, true}, {"192.0.2.1", 0, false}}},
		"each alone": {1, []hit{{"192.0.2.1", 0, true}, {"192.0.2.2", 0, true}, {"192.0.2.1", 0, false}}},
		"one /64":    {1, []hit{{"2001:db8::1", 0, true}, {"2001:db8::ffff:1", 0, false}, {"2001:db8:0:1::1", 0, true}}},
		"mapped":     {1, []hit{{"192.0.2.1", 0, true}, {"::ffff:192.0.2.1", 0, false}}},
		"zone":       {1, []hit{{"fe80::1%eth0", 0, true}, {"fe80::2%eth1", 0, false}}},
		"clock back": {1, []hit{{"192.0.2.1", 0, true}, {"192.0.2.1", -time.Hour, false}, {"192.0.2.2", -time.Hour, true}, {"192.0.2.1", time.Second, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLimiter(c.perSecond)
			for i, h := range c.hits {
				if got := l.allow(addr(t, h.from), noon.Add(h.after)); got != h.want {
					t.Errorf("hit %d from %s after %s: allowed %v, want %v", i, h.from, h.after, got, h.want)
				}
			}
		})
	}
}

// A client without an address is not held against others.
func TestLimiterUnknownAddress(t *testing.T) {
	t.Parallel()
	l := newLimiter(1)
	for range 3 {
		if !l.allow(netip.Addr{}, noon) {
			t.Error("refused")
		}
	}
}

// However many addresses come, memory is bounded; who came lately stays limited.
func TestLimiterMemory(t *testing.T) {
	t.Parallel()
	l := newLimiter(1)
	busy := addr(t, "192.0.2.1")
	l.allow(busy, noon)
	a := addr(t, "10.0.0.0")
	for i := range 4 * maxAddresses {
		if a = a.Next(); !l.allow(a, noon) {
			t.Fatalf("first hit from %s is refused", a)
		}
		if i%(maxAddresses/2) == 0 && l.allow(busy, noon) {
			t.Fatalf("after %d addresses the busy one is forgotten", i)
		}
		if len(l.young) > maxAddresses || len(l.old) > maxAddresses {
			t.Fatalf("%d and %d addresses are kept, at most %d each", len(l.young), len(l.old), maxAddresses)
		}
	}
}
