package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// lastDay is 9999-12-31, where timestamps end. A clock beyond it is wrong.
const lastDay = 2_932_896

// Ring makes the keys of the days from one secret. Each day's key is the
// SHA-256 of the day's before: whoever has today's cannot compute
// yesterday's, and all who start from one secret agree without a word. A host
// stores the ring after it advanced; what it stored before must go.
//
// In memory a ring also knows the key of the day before, for requests that
// came just before midnight and are recorded just after. It is safe for
// concurrent use.
type Ring struct {
	mu     sync.Mutex
	seed   string // text of day 0; empty once the ring has advanced
	day    int64
	key    [32]byte // of day; of day 0: SHA-256 of the seed
	before [32]byte // of day-1
	knows  bool     // before is set
	cookie [32]byte
}

// state is a ring as JSON. At day 0 key is any text, as Secrets Manager
// generates it, and cookie is absent; later both are hex.
type state struct {
	Day    int64  `json:"day"`
	Key    string `json:"key"`
	Cookie string `json:"cookie,omitempty"`
}

// minSeed is the fewest characters of a secret: 22 of letters and digits hold
// 128 bits, and less than that is a mistake.
const minSeed = 22

// ParseRing reads a ring's state. Errors do not show it.
func ParseRing(data []byte) (*Ring, error) {
	var s state
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, errors.New("read the secret: not the JSON of a ring of keys")
	}
	switch {
	case s.Day < 0 || s.Day > lastDay:
		return nil, fmt.Errorf("read the secret: day %d is out of range", s.Day)
	case s.Day == 0 && len(s.Key) < minSeed:
		return nil, fmt.Errorf("read the secret: its key has %d characters, fewer than %d", len(s.Key), minSeed)
	case s.Day == 0:
		return seeded(s.Key), nil
	}
	r := &Ring{day: s.Day}
	if !unhex(&r.key, s.Key) || !unhex(&r.cookie, s.Cookie) {
		return nil, errors.New("read the secret: key and cookie are not 64 hex digits each")
	}
	return r, nil
}

// FreshRing returns a ring at day 0. random comes from crypto/rand.
func FreshRing(random [32]byte) *Ring { return seeded(hex.EncodeToString(random[:])) }

func seeded(seed string) *Ring {
	r := &Ring{seed: seed, key: sha256.Sum256([]byte(seed))}
	mac := hmac.New(sha256.New, []byte(seed))
	mac.Write([]byte("cookie"))
	mac.Sum(r.cookie[:0])
	return r
}

func unhex(dst *[32]byte, s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && copy(dst[:], b) == len(dst) && len(b) == len(dst)
}

// JSON returns the state that a host stores.
func (r *Ring) JSON() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := state{Day: r.day, Key: hex.EncodeToString(r.key[:]), Cookie: hex.EncodeToString(r.cookie[:])}
	if r.day == 0 {
		s = state{Key: r.seed}
	}
	data, err := json.Marshal(s)
	if err != nil { // not for a number and two texts
		return nil
	}
	return data
}

// Advance moves the ring to a day and says whether it moved: then its state is
// to be stored. A ring never goes back, and not beyond the year 9999.
func (r *Ring) Advance(today int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.advance(today)
}

func (r *Ring) advance(today int64) bool {
	if today <= r.day || today > lastDay {
		return false
	}
	for ; r.day < today; r.day++ {
		r.before = r.key
		r.key = sha256.Sum256(r.key[:])
	}
	r.seed, r.knows = "", true
	return true
}

// Day returns the key of a day, and moves the ring there when it is a later
// one. For the day before the ring's own it returns that day's key, or, when
// this process never had it, the ring's own: another process crossed midnight
// a moment earlier. Keys of older days are gone.
func (r *Ring) Day(day int64) (key [32]byte, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(day)
	switch {
	case day == r.day-1 && r.knows:
		return r.before, true
	case day == r.day, day == r.day-1:
		return r.key, true
	}
	return key, false
}

// Cookie returns the key that signs the network cookie. It lasts as long as
// the secret: a cookie outlives a day.
func (r *Ring) Cookie() (key [32]byte, ok bool) { return r.cookie, true }
