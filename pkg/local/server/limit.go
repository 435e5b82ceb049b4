package server

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxAddresses bounds the memory of the limiter: two generations of this many.
const maxAddresses = 1 << 15

// limiter allows a number of hits a second for each address (IPv6: each /64).
type limiter struct {
	perSecond rate.Limit
	mu        sync.Mutex
	young     map[netip.Addr]*rate.Limiter
	old       map[netip.Addr]*rate.Limiter
}

func newLimiter(perSecond float64) *limiter {
	return &limiter{perSecond: rate.Limit(perSecond), young: map[netip.Addr]*rate.Limiter{}}
}

func (l *limiter) allow(a netip.Addr, now time.Time) bool {
	if l.perSecond <= 0 || !a.IsValid() {
		return true
	}
	return l.of(network(a)).AllowN(now, 1)
}

// of finds the bucket of a; a full generation becomes the old one, so that
// addresses that came lately are kept and memory stays bounded.
func (l *limiter) of(a netip.Addr) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.young[a]; ok {
		return b
	}
	b, ok := l.old[a]
	if !ok {
		b = rate.NewLimiter(l.perSecond, int(math.Max(1, math.Ceil(float64(l.perSecond)))))
	}
	if len(l.young) >= maxAddresses {
		l.old, l.young = l.young, map[netip.Addr]*rate.Limiter{}
	}
	l.young[a] = b
	return b
}

func network(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if a.Is4() {
		return a
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a
	}
	return p.Addr()
}
