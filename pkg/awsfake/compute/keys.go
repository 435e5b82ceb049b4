package compute

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
)

// keys are those of a function's secret: what the function has in memory. They
// are read with the first event of a day, which also moves the secret on.
type keys struct {
	options *Options
	id      string

	lock sync.Mutex
	ring *privacy.Ring
	day  int64
}

// refresh makes the keys of today ready; without a secret there are none.
func (k *keys) refresh(ctx context.Context) error {
	k.lock.Lock()
	defer k.lock.Unlock()
	today := privacy.Day(event.MillisOf(k.options.Clock.Now()))
	if k.ring != nil && k.day == today {
		return nil
	}
	if k.id == "" {
		return errors.New("PIXELCTL_SECRET is not set")
	}
	state, err := k.options.Secret(ctx, k.id)
	if err != nil {
		return err
	}
	ring, err := privacy.ParseRing([]byte(state))
	if err != nil {
		return err
	}
	if ring.Advance(today) {
		state := ring.JSON()
		sum := sha256.Sum256(append([]byte("version of "), state...))
		if err := k.options.PutSecret(ctx, k.id, hex.EncodeToString(sum[:]), string(state)); err != nil {
			return err
		}
	}
	k.ring, k.day = ring, today
	return nil
}

// Day gives the key of a day.
func (k *keys) Day(day int64) (key [32]byte, ok bool) {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.ring == nil || day > k.day {
		return key, false
	}
	return k.ring.Day(day)
}

// Cookie gives the key of the network cookie.
func (k *keys) Cookie() (key [32]byte, ok bool) {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.ring == nil {
		return key, false
	}
	return k.ring.Cookie()
}
