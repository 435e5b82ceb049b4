package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"

	"pixelctl/pkg/event"
)

// Bytes of a hash that are kept, and milliseconds of a day.
const (
	hashBytes    = 16 // 32 hex digits
	visitorBytes = 8  // 16 hex digits
	dayMillis    = 86_400_000
)

// hashing makes the hashes of one hit. The key is asked for with the first.
type hashing struct {
	peer   netip.Addr // neither mapped nor with a zone
	time   event.Millis
	keys   Keys
	key    [32]byte
	asked  bool
	ok     bool
	missed bool // a hash was wanted and there was no key
}

// sum returns the first n bytes of HMAC-SHA256 over what the hash is of and
// its parts, as hex; "" without a key. Each part ends with a NUL, so that the
// border between two is part of what is hashed.
func (h *hashing) sum(n int, of string, parts ...string) string {
	if !h.asked && h.keys != nil {
		h.key, h.ok = h.keys.Day(Day(h.time))
	}
	h.asked = true
	if !h.ok {
		h.missed = true
		return ""
	}
	key := h.key // hmac.New keeps what it gets: h itself shall stay on the stack
	mac := hmac.New(sha256.New, key[:])
	var buf [512]byte
	text := append(append(buf[:0], of...), 0)
	for _, s := range parts {
		text = append(append(text, s...), 0)
	}
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(buf[:0])[:n])
}

// address hashes the whole address.
func (h *hashing) address() string { return h.sum(hashBytes, "ip", h.peer.String()) }

// user hashes what the page calls the user.
func (h *hashing) user(id string) string {
	if id == "" {
		return ""
	}
	return h.sum(hashBytes, "user", id)
}

// visitor stands for an address with a user agent on a site, for a day. An
// address that is unknown would make one visitor of many: no id then.
func (h *hashing) visitor(rec *event.Record) string {
	if !h.peer.IsValid() {
		return ""
	}
	return h.sum(visitorBytes, "visitor", h.peer.String(), rec.UserAgent, rec.Site)
}

// Day returns the day of an instant, counted from 1970-01-01 UTC.
func Day(t event.Millis) int64 {
	day := int64(t) / dayMillis
	if int64(t)%dayMillis < 0 {
		day--
	}
	return day
}
