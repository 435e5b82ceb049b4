package local

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/privacy"
)

// keyring keeps the keys of the days in one file, and gives them to the
// beacon. The file holds the key of one day, from which older ones cannot be
// computed; each write takes the place of the day's before. Without keys it
// gives none, and the beacon leaves out what needs one.
type keyring struct {
	path string
	fs   disk.FS
	ring atomic.Pointer[privacy.Ring] // nil: none needed, or none to be had

	mu     sync.Mutex
	needed bool
	stored int64 // day of the state in the file
	err    error
}

var _ privacy.Keys = (*keyring)(nil)

// Day gives the key of a day.
func (k *keyring) Day(day int64) (key [32]byte, ok bool) {
	if r := k.ring.Load(); r != nil {
		return r.Day(day)
	}
	return key, false
}

// Cookie gives the key of the network cookie.
func (k *keyring) Cookie() (key [32]byte, ok bool) {
	if r := k.ring.Load(); r != nil {
		return r.Cookie()
	}
	return key, false
}

// need reads or makes the file, or removes it when nothing needs it: a secret
// that nobody renews would outlive its day.
func (k *keyring) need(needed bool, today int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.needed = needed
	if needed {
		k.err = k.tend(today)
		return
	}
	k.ring.Store(nil)
	k.err = errors.Join(removeIfThere(k.path), removeIfThere(k.path+disk.TempSuffix))
}

// renew moves the file on when the day has changed; what failed before it
// tries again.
func (k *keyring) renew(today int64) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.needed {
		k.err = k.tend(today)
	}
	return k.err
}

// problem is why keys are missing or old; nil when all is well.
func (k *keyring) problem() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

func (k *keyring) tend(today int64) error {
	r := k.ring.Load()
	if r == nil || !exists(k.path) { // whoever removes the file wants new keys
		k.ring.Store(nil)
		var err error
		if r, k.stored, err = k.open(today); err != nil {
			return err
		}
	}
	if today > k.stored {
		r.Advance(today) // Day may have moved it already
		if err := k.write(r); err != nil {
			return err
		}
		k.stored = today
	}
	k.ring.Store(r)
	if _, ok := r.Day(today); !ok {
		return fmt.Errorf("the keys in %s are of a later day than today", k.path)
	}
	return nil
}

// open reads the file; when there is none it makes a ring that is not stored
// yet.
func (k *keyring) open(today int64) (r *privacy.Ring, stored int64, err error) {
	b, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		var random [32]byte
		_, _ = rand.Read(random[:]) // never fails since Go 1.24
		return privacy.FreshRing(random), today - 1, nil
	}
	if err == nil {
		r, err = privacy.ParseRing(b)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read keys %s: %w", k.path, err)
	}
	if r.Advance(today) {
		return r, today - 1, nil
	}
	return r, today, nil
}

func (k *keyring) write(r *privacy.Ring) error {
	if err := disk.WriteFileAtomic(k.fs, k.path, r.JSON(), filePerm); err != nil {
		return fmt.Errorf("store keys of the day: %w", err)
	}
	return nil
}
