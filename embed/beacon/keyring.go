package main

import (
	"bytes"
	"context"
	"sync"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
)

// retryAfter is how long a secret that could not be read or written is left
// alone: visitors shall not wait for it with each hit.
const retryAfter = time.Minute

// vault holds the state of the stack's keys, whatever keeps it.
type vault interface {
	get(ctx context.Context) ([]byte, error)
	put(ctx context.Context, state []byte) error
}

var _ privacy.Keys = (*keyring)(nil)

// keyring gives the keys of the stack's secret. It reads the secret when the
// process starts, where the processor is not yet throttled and no visitor waits
// when Lambda starts ahead of demand, and with the first event of each day. Who
// finds the secret at an earlier day moves it on and writes it back before the
// answer, because the process may never run again after it. The state of a day
// follows from any before it, so that those who race write the same.
//
// Without the secret there are no keys: what needs them is left out.
type keyring struct {
	vault vault
	fail  func(message string, cause error) // tells the log

	mu     sync.Mutex
	ring   *privacy.Ring // nil: not had yet
	stored int64         // day of the secret, as far as is known
	retry  time.Time     // no call before
}

// refresh makes the keys of today ready. It makes no call but with the first
// event of a day, and then takes four attempts at most.
func (k *keyring) refresh(ctx context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	day := privacy.Day(event.MillisOf(now))
	if k.stored >= day || now.Before(k.retry) {
		return
	}
	k.retry = now.Add(retryAfter)
	ring, err := k.read(ctx)
	if err != nil {
		if k.ring == nil {
			k.fail("no keys: columns that need one stay empty", err)
			return
		}
		k.fail("secret not read: the keys go on in memory", err)
		return
	}
	moved := ring.Advance(day)
	k.take(ring, day)
	if moved {
		if err := k.vault.put(ctx, ring.JSON()); err != nil {
			k.fail("secret not moved on: the key of an earlier day is still stored", err)
			return
		}
	}
	k.stored = day
}

// read gives the ring of the secret. Only who has none tries twice.
func (k *keyring) read(ctx context.Context) (ring *privacy.Ring, err error) {
	for range attempts {
		var state []byte
		if state, err = k.vault.get(ctx); err == nil {
			return privacy.ParseRing(state)
		}
		if k.ring != nil {
			break
		}
	}
	return nil, err
}

// take keeps the ring that is there when it is the same: it still knows the key
// of the day before, for hits that came just before midnight.
func (k *keyring) take(ring *privacy.Ring, day int64) {
	if k.ring != nil {
		k.ring.Advance(day)
		if bytes.Equal(k.ring.JSON(), ring.JSON()) {
			return
		}
	}
	k.ring = ring
}

// Day gives the key of a day that is not later than today: a ring follows any
// day, and an event's may be wrong.
func (k *keyring) Day(day int64) (key [32]byte, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ring == nil || day > privacy.Day(event.MillisOf(time.Now())) {
		return key, false
	}
	return k.ring.Day(day)
}

// Cookie gives the key that signs the network cookie.
func (k *keyring) Cookie() (key [32]byte, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ring == nil {
		return key, false
	}
	return k.ring.Cookie()
}
