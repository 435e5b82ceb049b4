package demo

import (
	"sync"
	"time"
)

// clock is a clock that is set and then runs on at real speed.
type clock struct {
	mu   sync.Mutex
	at   time.Time // what it showed when it was set
	real time.Time
}

func newClock(at time.Time) *clock { return &clock{at: at, real: time.Now()} }

// Now is the simulated time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Add(time.Since(c.real))
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.real = at, time.Now()
}
