package privacy_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"testing"

	"pixelctl/pkg/privacy"
)

const seedState = `{"day":0,"key":"kR3vT9xQ2mZ7bN4wL8cJ1hF6yD5sA0gPuEiOqXtVrBnMzKlHjGfDsAqWeRtYuIoP"}`

func parse(t *testing.T, state string) *privacy.Ring {
	t.Helper()
	r, err := privacy.ParseRing([]byte(state))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// keyOf returns the key of a day, as hex.
func keyOf(t *testing.T, r privacy.Keys, day int64) string {
	t.Helper()
	key, ok := r.Day(day)
	if !ok {
		t.Fatalf("no key of day %d", day)
	}
	return hex.EncodeToString(key[:])
}

// Processes that start from one secret, or from each other's states, agree.
func TestProcessesAgree(t *testing.T) {
	t.Parallel()
	a, b := parse(t, seedState), parse(t, seedState)
	a.Advance(20_000)
	c := parse(t, string(a.JSON()))
	for day := int64(20_000); day < 20_003; day++ {
		want := keyOf(t, a, day)
		if keyOf(t, b, day) != want || keyOf(t, c, day) != want {
			t.Errorf("day %d: the keys differ", day)
		}
	}
	first, _ := a.Cookie()
	second, _ := b.Cookie()
	third, ok := c.Cookie()
	if first != second || first != third || !ok || first == [32]byte{} {
		t.Error("the cookie's keys differ")
	}
}

// The keys are the ones that the papers promise: another process may be
// another version.
func TestChain(t *testing.T) {
	t.Parallel()
	seed := strings.Split(seedState, `"`)[5]
	key := sha256.Sum256([]byte(seed))
	for range 3 {
		key = sha256.Sum256(key[:])
	}
	r := parse(t, seedState)
	if keyOf(t, r, 3) != hex.EncodeToString(key[:]) {
		t.Error("day 3 is not three hashes from day 0")
	}
	mac := hmac.New(sha256.New, []byte(seed))
	mac.Write([]byte("cookie"))
	if got, _ := r.Cookie(); string(got[:]) != string(mac.Sum(nil)) {
		t.Error("the cookie's key is not HMAC(seed, cookie)")
	}
}

// A state holds no key of an earlier day, nor the seed; and from its key the
// chain leads forward only.
func TestForwardOnly(t *testing.T) {
	t.Parallel()
	r := parse(t, seedState)
	earlier := []string{strings.Split(seedState, `"`)[5]}
	for day := range int64(30) {
		earlier = append(earlier, keyOf(t, r, day))
	}
	if !r.Advance(30) {
		t.Fatal("did not advance")
	}
	state := string(r.JSON())
	for day, key := range earlier {
		if strings.Contains(state, key) {
			t.Errorf("the state of day 30 holds the key of day %d", day-1)
		}
	}
	thief := parse(t, state)
	for day := int64(30); day < 60; day++ {
		for _, key := range earlier {
			if keyOf(t, thief, day) == key {
				t.Errorf("the chain came back to an earlier key on day %d", day)
			}
		}
	}
	for day := range int64(29) {
		if _, ok := parse(t, state).Day(day); ok {
			t.Errorf("a key of day %d can be had", day)
		}
	}
}

func TestMidnight(t *testing.T) {
	t.Parallel()
	r := parse(t, seedState)
	yesterday := keyOf(t, r, 100)
	today := keyOf(t, r, 101)
	if yesterday == today {
		t.Fatal("the key did not change")
	}
	if keyOf(t, r, 100) != yesterday {
		t.Error("a request from before midnight has another key than others of its day")
	}
	if _, ok := r.Day(99); ok {
		t.Error("a key of two days ago can be had")
	}
	late := parse(t, string(r.JSON())) // starts after another process crossed midnight
	if keyOf(t, late, 100) != today {
		t.Error("without yesterday's key, today's stands for it")
	}
	if _, ok := r.Day(1 << 40); ok {
		t.Error("a key of a day beyond all time")
	}
	if keyOf(t, r, 101) != today {
		t.Error("a wrong clock moved the ring")
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	r := parse(t, seedState)
	for _, c := range []struct {
		day  int64
		want bool
	}{{0, false}, {-5, false}, {10, true}, {10, false}, {9, false}, {11, true}, {3_000_000, false}} {
		if r.Advance(c.day) != c.want {
			t.Errorf("to day %d: want %v", c.day, c.want)
		}
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	for _, state := range []string{seedState, `{"day":7,"key":"` + strings.Repeat("ab", 32) + `","cookie":"` + strings.Repeat("cd", 32) + `"}`} {
		if got := string(parse(t, state).JSON()); got != state {
			t.Errorf("got %s, want %s", got, state)
		}
	}
	fresh := ring()
	if got := parse(t, string(fresh.JSON())); keyOf(t, got, 5) != keyOf(t, fresh, 5) {
		t.Error("a fresh ring does not survive its state")
	}
	long, cookie := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	for _, state := range []string{
		``, `secret`, `[]`, `{}`, `{"day":0,"key":"short"}`, `{"day":-1,"key":"` + long + `"}`, `{"day":3000000,"key":"` + long + `"}`,
		`{"day":7,"key":"` + long + `"}`, `{"day":7,"key":"` + long + `ab","cookie":"` + cookie + `"}`,
		`{"day":7,"key":"` + long[2:] + `","cookie":"` + cookie + `"}`, `{"day":7,"key":"` + long[2:] + `zz","cookie":"` + cookie + `"}`,
	} {
		_, err := privacy.ParseRing([]byte(state))
		if err == nil {
			t.Errorf("%s: no error", state)
			continue
		}
		for _, part := range []string{long[4:], cookie[4:], "short", "secret\""} {
			if strings.Contains(err.Error(), part) {
				t.Errorf("the error shows the secret: %v", err)
			}
		}
	}
}

func TestRingAtOnce(t *testing.T) {
	t.Parallel()
	r, want := parse(t, seedState), keyOf(t, parse(t, seedState), 50)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if key, ok := r.Day(50); !ok || hex.EncodeToString(key[:]) != want {
					t.Error("another key")
				}
				r.Advance(50)
				r.JSON()
			}
		})
	}
	wg.Wait()
}

func FuzzParseRing(f *testing.F) {
	f.Add([]byte(seedState))
	f.Add([]byte(`{"day":7,"key":"` + strings.Repeat("ab", 32) + `","cookie":"` + strings.Repeat("cd", 32) + `"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := privacy.ParseRing(data)
		if err != nil {
			return
		}
		if again, err := privacy.ParseRing(r.JSON()); err != nil || string(again.JSON()) != string(r.JSON()) {
			t.Errorf("%s: %v", r.JSON(), err)
		}
	})
}
