package main

import (
	"encoding/base64"
	"net/netip"
	"strings"
	"time"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
)

// request gives what the beacon takes. id stands in where the event has none.
func (p *payload) request(id string, now time.Time) beacon.Request {
	h := headers{p.Headers, strings.Join(p.Cookies, "; ")}
	q := beacon.Request{
		Method:   p.Context.HTTP.Method,
		Path:     p.RawPath,
		RawQuery: p.RawQueryString,
		Host:     h.Get("Host"),
		Time:     event.Millis(p.Context.TimeEpoch),
		ID:       p.Context.RequestID,
		Header:   h,
	}
	if peer, err := netip.ParseAddr(p.Context.HTTP.SourceIP); err == nil {
		q.Peer = peer
	}
	if q.Host == "" {
		q.Host = p.Context.DomainName
	}
	if q.Time <= 0 {
		q.Time = event.MillisOf(now)
	}
	if q.ID == "" {
		q.ID = id
	}
	if q.Method == "POST" {
		q.Body = p.body()
	}
	return q
}

// headers are those of the event: names in lower case, cookies apart.
type headers struct {
	byName  map[string]string
	cookies string
}

// Get looks up a canonical name.
func (h headers) Get(name string) string {
	if name == "Cookie" && h.cookies != "" {
		return h.cookies
	}
	var buf [64]byte
	lower := buf[:0]
	for i := range len(name) {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower = append(lower, c)
	}
	return h.byName[string(lower)] // the conversion does not allocate
}

// bodyChars is how much base64 text is worth decoding.
const bodyChars = (beacon.MaxBody + 1 + 2) / 3 * 4

// body gives at most what the beacon takes. What is no base64 is the body as
// it stands, so that the beacon keeps it for whoever looks for the mistake.
func (p *payload) body() []byte {
	text := p.Body
	if p.Base64 {
		text = text[:min(len(text), bodyChars)]
		if b, err := base64.StdEncoding.DecodeString(text); err == nil {
			return b[:min(len(b), beacon.MaxBody+1)]
		}
	}
	return []byte(text[:min(len(text), beacon.MaxBody+1)])
}
