package privacy_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/privacy"
)

var cookieKey = [32]byte{9, 8, 7}

// issued returns a new cookie as a browser reads it.
func issued(t *testing.T, random [16]byte, days int) (string, *http.Cookie) {
	t.Helper()
	id, header := privacy.IssueCookie(random, cookieKey, days)
	c, err := http.ParseSetCookie(header)
	if err != nil {
		t.Fatal(err)
	}
	return id, c
}

func TestIssueCookie(t *testing.T) {
	t.Parallel()
	id, c := issued(t, [16]byte{0xde, 0xad}, 365)
	if c.Name != "pxid" || c.Path != "/" || c.MaxAge != 365*86_400 || c.Domain != "" {
		t.Errorf("got %+v", c)
	}
	if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteNoneMode || !c.Partitioned {
		t.Errorf("got %+v", c)
	}
	if id != "dead0000000000000000000000000000" {
		t.Errorf("id %s", id)
	}
	if got, ok := privacy.VerifyCookie(c.Value, cookieKey); !ok || got != id {
		t.Errorf("verified as %q, %v", got, ok)
	}
	for days, want := range map[int]int{-1: 1, 0: 1, 1: 1, 396: 396, 397: 396, 10_000: 396} {
		if _, c := issued(t, [16]byte{}, days); c.MaxAge != want*int((24*time.Hour).Seconds()) {
			t.Errorf("%d days: max-age %d", days, c.MaxAge)
		}
	}
}

func TestForgetCookie(t *testing.T) {
	t.Parallel()
	c, err := http.ParseSetCookie(privacy.ForgetCookie)
	if err != nil {
		t.Fatal(err)
	}
	_, kept := issued(t, [16]byte{}, 1)
	if c.MaxAge >= 0 || c.Name != kept.Name || c.Path != kept.Path || c.Partitioned != kept.Partitioned || !c.Secure {
		t.Errorf("got %+v: a cookie is deleted by one with its name, path and partition", c)
	}
}

// Any other value, and any other key, is refused.
func TestVerifyCookie(t *testing.T) {
	t.Parallel()
	_, c := issued(t, [16]byte{1, 2, 3}, 1)
	for i := range c.Value {
		for _, b := range []byte("A_-z0\n") {
			other := c.Value[:i] + string(b) + c.Value[i+1:]
			if _, ok := privacy.VerifyCookie(other, cookieKey); ok && other != c.Value {
				t.Errorf("%q passes for %q", other, c.Value)
			}
		}
		if _, ok := privacy.VerifyCookie(c.Value[:i], cookieKey); ok {
			t.Errorf("%q passes", c.Value[:i])
		}
	}
	for _, value := range []string{"", c.Value + "=", c.Value + "A", " " + c.Value, strings.Repeat("A", 43), strings.Repeat("A", 1<<16)} {
		if _, ok := privacy.VerifyCookie(value, cookieKey); ok {
			t.Errorf("%.50q passes", value)
		}
	}
	if _, ok := privacy.VerifyCookie(c.Value, [32]byte{1}); ok {
		t.Error("another key passes")
	}
}

func FuzzVerifyCookie(f *testing.F) {
	_, header := privacy.IssueCookie([16]byte{1}, cookieKey, 1)
	value, _, _ := strings.Cut(strings.TrimPrefix(header, "pxid="), ";")
	f.Add(value, []byte("0123456789abcdef"))
	f.Add("", []byte{})
	f.Add(strings.Repeat("\n", 43), []byte{})
	f.Fuzz(func(t *testing.T, value string, random []byte) {
		if id, ok := privacy.VerifyCookie(value, cookieKey); ok && (len(id) != 32 || len(value) != 43) {
			t.Errorf("%q: id %q", value, id)
		}
		var r [16]byte
		copy(r[:], random)
		id, header := privacy.IssueCookie(r, cookieKey, 30)
		value, _, _ = strings.Cut(strings.TrimPrefix(header, "pxid="), ";")
		if got, ok := privacy.VerifyCookie(value, cookieKey); !ok || got != id {
			t.Errorf("%q is refused", value)
		}
	})
}
