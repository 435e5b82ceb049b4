package wire

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Clock is the time of a fake. It moves only by Advance and Wait. It is safe
// for concurrent use.
type Clock struct {
	lock  sync.Mutex
	now   time.Time
	hooks []func(time.Time)
}

// NewClock returns a clock that stands at start.
func NewClock(start time.Time) *Clock {
	return &Clock{now: start.UTC()}
}

// Now gives the clock's time, in UTC.
func (c *Clock) Now() time.Time {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.now
}

// Wait advances the clock by d at once and returns ctx's error. It does not
// advance it when ctx is done already.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.Advance(d)
	return ctx.Err()
}

// Advance moves the clock by d, then runs the hooks with the new time, in the
// order they were added and outside the lock. A negative d counts as zero.
func (c *Clock) Advance(d time.Duration) {
	c.lock.Lock()
	c.now = c.now.Add(max(d, 0))
	now, hooks := c.now, c.hooks
	c.lock.Unlock()
	for _, hook := range hooks {
		hook(now)
	}
}

// OnAdvance adds a hook that every later Advance and Wait runs.
func (c *Clock) OnAdvance(hook func(now time.Time)) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.hooks = append(slices.Clip(c.hooks), hook)
}
