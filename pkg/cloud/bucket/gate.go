package bucket

import (
	"context"
	"sync"
)

// Limits of concurrent deletions. One call of 1,000 keys counts as 1,000
// requests against S3's 3,500 writes a second and prefix, so few are enough.
const (
	firstLimit = 8
	lastLimit  = 32
)

// gate bounds how many deletions run. It halves the bound when S3 says SlowDown
// and lets it grow by one for every round of successes.
type gate struct {
	mu    sync.Mutex
	limit int
	inUse int
	good  int           // successes since the bound last changed
	freed chan struct{} // tells the one who enters that room may be
}

func newGate() *gate { return &gate{limit: firstLimit, freed: make(chan struct{}, 1)} }

// enter waits for room. Only one goroutine may enter at a time.
func (g *gate) enter(ctx context.Context) error {
	for !g.take() {
		select {
		case <-g.freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

func (g *gate) take() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inUse >= g.limit {
		return false
	}
	g.inUse++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	g.inUse--
	g.mu.Unlock()
	g.tell()
}

func (g *gate) tell() {
	select {
	case g.freed <- struct{}{}:
	default:
	}
}

// slow halves the bound; never below one.
func (g *gate) slow() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit, g.good = max(g.limit/2, 1), 0
}

// went counts a success.
func (g *gate) went() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.good++; g.good >= g.limit && g.limit < lastLimit {
		g.limit++
		g.good = 0
	}
}
