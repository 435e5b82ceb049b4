package beacon

import (
	"slices"
	"strings"

	"pixelctl/pkg/event"
)

// maxPairs bounds the pairs taken from one source; the rest is cut.
const maxPairs = 128

// pair is one parameter and what its name means.
type pair struct {
	place
	known    *known // nil for a name that nobody uses
	key, val string
	used     bool // has become a column, or is not to be stored
}

// newPair looks up what a name means.
func (b *Beacon) newPair(key, val string) pair {
	p := pair{key: key, val: val, known: b.names.lookup(key)}
	if p.known != nil {
		p.place = p.known.as[plain]
	}
	return p
}

// scratch is memory that answers share.
type scratch struct {
	query     []pair // of the URL
	pairs     []pair // of a body entry, then those of the URL
	pageQuery []pair // of the query of page_url
	inBody    int    // how many of the hit's pairs come from its body; the others come from the URL
	params    []event.Param
	fields    []event.Value
	sources
	buf  []byte
	ends []int
	cut  bool // something was left out
}

// parse appends the pairs of a query string to dst: pairs split by &, key and
// value by the first =, pairs without a key left out. It allocates once, and
// only when something is encoded.
func (b *Beacon) parse(sc *scratch, dst []pair, raw string) []pair {
	from, encoded := len(dst), isEncoded(raw)
	for more := raw != ""; more; {
		var part string
		part, raw, more = cut(raw, '&')
		key, val, _ := cut(part, '=')
		if key == "" {
			continue
		}
		if len(dst)-from == maxPairs {
			sc.cut = true
			break
		}
		dst = append(dst, b.newPair(key, val))
	}
	if encoded {
		b.decode(sc, dst[from:])
	}
	return dst
}

// decode decodes what is encoded into one string and cuts keys and values out
// of it. A key that is known already is not encoded.
func (b *Beacon) decode(sc *scratch, pairs []pair) {
	sc.buf, sc.ends = sc.buf[:0], sc.ends[:0]
	for i := range pairs {
		if pairs[i].known == nil {
			sc.decodeOne(pairs[i].key)
		}
		sc.ends = append(sc.ends, len(sc.buf))
		sc.decodeOne(pairs[i].val)
		sc.ends = append(sc.ends, len(sc.buf))
	}
	text, at := string(sc.buf), 0
	for i := range pairs {
		p := &pairs[i]
		if end := sc.ends[2*i]; end > at {
			*p = b.newPair(text[at:end], p.val)
			at = end
		}
		if end := sc.ends[2*i+1]; end > at {
			p.val, at = text[at:end], end
		}
	}
}

// decodeOne appends s decoded to the buffer, or nothing when it is as it was.
func (sc *scratch) decodeOne(s string) {
	if isEncoded(s) {
		sc.buf = unescape(sc.buf, s, true)
	}
}

func isEncoded(s string) bool {
	return strings.IndexByte(s, '%') >= 0 || strings.IndexByte(s, '+') >= 0
}

// cut is strings.Cut for one byte, on the hot path.
func cut(s string, sep byte) (before, after string, found bool) {
	if i := strings.IndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// unescape appends s percent-decoded. A bad escape stays as it is; a plus is
// a space where plus says so.
func unescape(dst []byte, s string, plus bool) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(s))[:n+len(s)]
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '+' && plus:
			c = ' '
		case c == '%' && i+2 < len(s):
			if hi, lo := hexDigits[s[i+1]], hexDigits[s[i+2]]; hi > 0 && lo > 0 {
				c = (hi-1)<<4 | (lo - 1)
				i += 2
			}
		}
		dst[n] = c
		n++
	}
	return dst[:n]
}

// hexDigits are the values of hex digits plus one; 0 is no digit.
var hexDigits = [256]byte{
	'0': 1, '1': 2, '2': 3, '3': 4, '4': 5, '5': 6, '6': 7, '7': 8, '8': 9, '9': 10,
	'a': 11, 'b': 12, 'c': 13, 'd': 14, 'e': 15, 'f': 16,
	'A': 11, 'B': 12, 'C': 13, 'D': 14, 'E': 15, 'F': 16,
}
