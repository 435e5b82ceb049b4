package beacon

import (
	"bytes"
	"encoding/json"
	"strings"
)

// cursor walks over the inside of a JSON object or array that json.Valid has
// accepted. It looks one level deep.
type cursor struct{ rest string }

// next gives the text of the next key or value; false at the end.
func (c *cursor) next() (string, bool) {
	s := strings.TrimLeft(c.rest, " \t\r\n,:")
	n := valueLen(s)
	c.rest = s[n:]
	return s[:n], n > 0
}

// valueLen gives the length of the value at the start of s, 0 when there is none.
func valueLen(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			i += stringLen(s[i:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return min(i+1, len(s))
		}
	}
	return len(s)
}

// stringLen gives the length of the string at the start of s with its quotes.
func stringLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// object appends the pairs of a valid JSON object in the order of the text.
func (b *Beacon) object(sc *scratch, dst []pair, text string) []pair {
	c := cursor{text[1:]}
	from := len(dst)
	for {
		key, _ := c.next()
		val, ok := c.next()
		if !ok {
			return dst
		}
		if len(dst)-from == maxPairs {
			sc.cut = true
			return dst
		}
		k := scalar(key)
		if k == "" || val == "null" {
			continue
		}
		dst = append(dst, b.newPair(k, b.params.scalar(val)))
	}
}

// scalar gives the text of a value: a string without quotes, an object or
// array without white space, anything else as it stands.
func scalar(raw string) string {
	switch raw[0] {
	case '{', '[':
		var buf bytes.Buffer
		if err := json.Compact(&buf, []byte(raw)); err != nil {
			return raw // not reached with valid JSON
		}
		return buf.String()
	case '"':
		inner := raw[1 : len(raw)-1]
		if strings.IndexByte(inner, '\\') < 0 {
			return inner
		}
		var s string
		if err := json.Unmarshal([]byte(raw), &s); err != nil {
			return inner // not reached with valid JSON
		}
		return s
	}
	return raw
}
