package session

import (
	"context"
	"time"
)

// Clock is the time an engine lives in. Tests give one whose Wait returns at once.
type Clock interface {
	// Now gives the instant.
	Now() time.Time
	// Wait returns nil after d, or the context's error as soon as it ends.
	Wait(ctx context.Context, d time.Duration) error
}

// WallClock is the real time.
type WallClock struct{}

// Now gives the current time.
func (WallClock) Now() time.Time { return time.Now() }

// Wait waits for d or for the end of ctx.
func (WallClock) Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return ctx.Err()
	}
}
