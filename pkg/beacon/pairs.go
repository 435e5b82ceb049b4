package beacon

import (
	"strings"

	"pixelctl/pkg/event"
)

// maxPairs bounds the pairs taken from one source; the rest is cut.
const maxPairs = 128

// pair is one parameter and what its name means.
type pair struct {
	name
	key, val string
	used     bool // has become a column, or is not to be stored
}

// scratch is memory that answers share.
type scratch struct {
	query  []pair // of the URL
	pairs  []pair // of a body entry, then those of the URL
	page   []pair // of the query of page_url
	params []event.Param
	buf    []byte
	ends   []int
	cut    bool // something was left out
}

// parse appends the pairs of a query string to dst: pairs split by &, key and
// value by the first =, pairs without a key left out. It allocates once, and
// only when something is encoded.
func (b *Beacon) parse(sc *scratch, dst []pair, raw string) []pair {
	encoded := strings.IndexByte(raw, '%') >= 0 || strings.IndexByte(raw, '+') >= 0
	from := len(dst)
	for raw != "" {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		key, val, _ := strings.Cut(part, "=")
		if key == "" {
			continue
		}
		if len(dst)-from == maxPairs {
			sc.cut = true
			break
		}
		dst = append(dst, pair{key: key, val: val})
	}
	if encoded {
		sc.decode(dst[from:])
	}
	for i := from; i < len(dst); i++ {
		dst[i].name = b.names.lookup(dst[i].key)
	}
	return dst
}

// decode decodes keys and values into one string and cuts them out of it.
func (sc *scratch) decode(pairs []pair) {
	sc.buf, sc.ends = sc.buf[:0], sc.ends[:0]
	for i := range pairs {
		sc.buf = unescape(sc.buf, pairs[i].key, true)
		sc.ends = append(sc.ends, len(sc.buf))
		sc.buf = unescape(sc.buf, pairs[i].val, true)
		sc.ends = append(sc.ends, len(sc.buf))
	}
	text, at := string(sc.buf), 0
	for i := range pairs {
		k, v := sc.ends[2*i], sc.ends[2*i+1]
		pairs[i].key, pairs[i].val = text[at:k], text[k:v]
		at = v
	}
}

// unescape appends s percent-decoded. A bad escape stays as it is; a plus is
// a space where plus says so.
func unescape(dst []byte, s string, plus bool) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '+' && plus:
			c = ' '
		case c == '%' && i+2 < len(s):
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if hi|lo < 16 {
				c = hi<<4 | lo
				i += 2
			}
		}
		dst = append(dst, c)
	}
	return dst
}

// unhex gives the value of a hex digit, or 0xff.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}
