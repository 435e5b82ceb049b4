package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
)

// CookieName is the name of the network cookie.
const CookieName = "pxid"

// MaxCookieDays is the longest life of the network cookie: 13 months.
const MaxCookieDays = 396

// cookieFlags are what other sites' pages need to send the cookie, each site
// its own (Partitioned), and never over plain HTTP or to a script.
const cookieFlags = "; Secure; HttpOnly; SameSite=None; Partitioned"

// ForgetCookie is the Set-Cookie header that deletes the network cookie.
const ForgetCookie = CookieName + "=; Path=/; Max-Age=0" + cookieFlags

// IssueCookie returns a new id for column network_id, 32 hex digits, and the
// Set-Cookie header that carries it, signed, for so many days, 1 to
// MaxCookieDays. random comes from crypto/rand. A cookie that is valid is not
// issued again: its life does not begin anew with each visit.
func IssueCookie(random [16]byte, key [32]byte, days int) (id, header string) {
	days = min(max(days, 1), MaxCookieDays)
	value := base64.RawURLEncoding.EncodeToString(append(random[:], sign(random[:], key)...))
	return hex.EncodeToString(random[:]), CookieName + "=" + value + "; Path=/; Max-Age=" +
		strconv.Itoa(days*dayMillis/1000) + cookieFlags
}

// VerifyCookie returns the id of a cookie's value that this key has signed.
func VerifyCookie(value string, key [32]byte) (id string, ok bool) {
	if len(value) != base64.RawURLEncoding.EncodedLen(2*hashBytes) {
		return "", false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(value)
	if err != nil || len(data) != 2*hashBytes { // line breaks are skipped by the decoder
		return "", false
	}
	if !hmac.Equal(data[hashBytes:], sign(data[:hashBytes], key)) {
		return "", false
	}
	return hex.EncodeToString(data[:hashBytes]), true
}

// sign returns half of HMAC-SHA256: 128 bits, as many as it guards.
func sign(id []byte, key [32]byte) []byte {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(CookieName + "\x00"))
	mac.Write(id)
	return mac.Sum(nil)[:hashBytes]
}
