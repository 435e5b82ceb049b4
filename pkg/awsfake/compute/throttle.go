package compute

import "time"

// The account's throttle (quotas of API Gateway for an HTTP API).
const (
	accountRate  = 10_000
	accountBurst = 5_000
)

// bucket is a token bucket on the fake clock.
type bucket struct {
	rate, burst, tokens float64
	last                time.Time
}

func (s RouteSettings) bucket(now time.Time) bucket {
	b := bucket{rate: accountRate, burst: accountBurst, last: now}
	if s.ThrottlingRateLimit != nil {
		b.rate = *s.ThrottlingRateLimit
	}
	if s.ThrottlingBurstLimit != nil {
		b.burst = float64(*s.ThrottlingBurstLimit)
	}
	b.tokens = b.burst
	return b
}

func (b *bucket) take(now time.Time) bool {
	b.tokens = min(b.burst, b.tokens+b.rate*now.Sub(b.last).Seconds())
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
