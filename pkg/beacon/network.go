package beacon

import (
	"crypto/rand"

	"pixelctl/pkg/event"
	"pixelctl/pkg/extract"
	"pixelctl/pkg/privacy"
)

// network reads the collector's own cookie. Who brings none that is valid is
// offered a new one; whether it is sent, the privacy of the hit decides.
func (b *Beacon) network(req *Request, out *Result, rec *event.Record) {
	if b.cookie == 0 || b.keys == nil {
		return
	}
	key, ok := b.keys.Cookie()
	if !ok {
		return
	}
	value := extract.Cookie(req.header("Cookie"), privacy.CookieName)
	if id, ok := privacy.VerifyCookie(value, key); ok {
		rec.NetworkID = id
		return
	}
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	rec.NetworkID, out.offer = privacy.IssueCookie(random, key, b.cookie)
}

// Cookie returns the value of the Set-Cookie header that goes with the
// answer; "" for none. It is not among Headers: a Lambda function hands
// cookies over apart from the headers.
func (r *Result) Cookie() string { return r.cookie }
