package beacon

import (
	"net/netip"
	"strings"

	"pixelctl/pkg/event"
)

// Bits of an address that are kept.
const (
	keep4 = 24
	keep6 = 48
)

// setClient sets what headers and connection say about the client.
func setClient(req *Request, rec *event.Record) {
	rec.UserAgent = req.header("User-Agent")
	rec.Language = firstTag(req.header("Accept-Language"))
	rec.DNT = req.header("Dnt") == "1"
	rec.GPC = req.header("Sec-Gpc") == "1"
	if ip := truncate(req.Peer); ip.IsValid() {
		rec.IP = ip.String()
		rec.IPMode = event.IPTruncated
	}
}

// truncate cuts an address to its network, /24 or /48. The zero address stays.
func truncate(a netip.Addr) netip.Addr {
	a = a.Unmap()
	bits := keep6
	if a.Is4() {
		bits = keep4
	}
	p, err := a.Prefix(bits)
	if err != nil { // only for the zero address
		return netip.Addr{}
	}
	return p.Addr()
}

// firstTag gives the first language of an Accept-Language header.
func firstTag(s string) string {
	if i := strings.IndexAny(s, ",;"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

// classify says who asks. Only hits that pixelctl sent itself are known so
// far; the classes read from headers will be told apart here.
func classify(req *Request, rec *event.Record) {
	rec.ClientClass = event.ClassUnknown
	if req.header("X-Pixelctl-Synthetic") == "1" {
		rec.ClientClass = event.ClassSynthetic
		rec.IsBot = event.Some(true)
		rec.BotReason = event.ClassSynthetic
	}
}
