package event

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends r to dst as one JSON object without a newline, columns in
// the order of the table, those of the spec last. NUL and bytes that are no
// UTF-8 become U+FFFD, which every engine can store. NaN and the infinities have
// no JSON form and are absent. Of params whose keys come out the same only the
// first is written. It allocates only when dst lacks room.
func (r *Record) AppendJSON(dst []byte) []byte {
	dst, _ = r.appendJSON(dst, math.MaxInt)
	return dst
}

// appendJSON is AppendJSON that gives up, with false, once the object has more
// than limit bytes. What it appended until then is of no use.
func (r *Record) appendJSON(dst []byte, limit int) ([]byte, bool) {
	start := len(dst)
	for i := range columns {
		dst = columns[i].append(dst, r, limit-(len(dst)-start))
		if len(dst)-start >= limit { // the closing brace is to come
			return dst, false
		}
	}
	for i := range r.Fields {
		dst = r.Fields[i].append(dst, limit-(len(dst)-start))
		if len(dst)-start >= limit {
			return dst, false
		}
	}
	dst[start] = '{' // the comma before schema_version, which is always there
	return append(dst, '}'), true
}

// append appends a comma, the key and the value, or nothing for an absent
// value. It may stop short once it has appended more than room bytes.
func (c *Column) append(dst []byte, r *Record, room int) []byte {
	field := c.at(r)
	if s, ok := field.(*string); ok { // most columns: one test is faster than a switch
		if *s == "" && c.Rule != Always {
			return dst
		}
		return appendString(c.appendKey(dst), *s, room)
	}
	return c.appendOther(dst, field, room)
}

func (c *Column) appendOther(dst []byte, field any, room int) []byte {
	switch v := field.(type) {
	case *Millis:
		if *v != 0 || c.Rule == Always {
			return append(appendTimestamp(append(c.appendKey(dst), '"'), *v), '"')
		}
	case *bool:
		return strconv.AppendBool(c.appendKey(dst), *v)
	case *int32:
		return strconv.AppendInt(c.appendKey(dst), int64(*v), 10)
	case *[]Param:
		if len(*v) > 0 {
			return appendParams(c.appendKey(dst), *v, room)
		}
	default:
		return c.appendOpt(dst, v)
	}
	return dst
}

func (c *Column) appendOpt(dst []byte, field any) []byte {
	switch v := field.(type) {
	case *Opt[bool]:
		if v.Set {
			return strconv.AppendBool(c.appendKey(dst), v.V)
		}
	case *Opt[int32]:
		if v.Set {
			return strconv.AppendInt(c.appendKey(dst), int64(v.V), 10)
		}
	case *Opt[float64]:
		if v.Set && !math.IsNaN(v.V) && !math.IsInf(v.V, 0) {
			return appendDouble(c.appendKey(dst), v.V)
		}
	}
	return dst
}

func (c *Column) appendKey(dst []byte) []byte { return appendKey(dst, c.Name) }

func appendKey(dst []byte, name string) []byte {
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

// appendDouble writes an exponent only where encoding/json does: 1e+06 is no
// number to every reader.
func appendDouble(dst []byte, v float64) []byte {
	format := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, v, format, -1, 64)
}

func appendParams(dst []byte, ps []Param, room int) []byte {
	start := len(dst)
	dst = append(dst, '{')
	for i := range ps {
		if hasKey(ps[:i], ps[i].Key) {
			continue
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, ps[i].Key, room)
		dst = appendString(append(dst, ':'), ps[i].Value, room)
		if len(dst)-start > room {
			return dst
		}
	}
	return append(dst, '}')
}

func hasKey(ps []Param, key string) bool {
	for i := range ps {
		if sameKey(ps[i].Key, key) {
			return true
		}
	}
	return false
}

// sameKey reports whether a and b are one key once they are JSON.
func sameKey(a, b string) bool {
	for len(a) > 0 && len(b) > 0 {
		ra, na := firstRune(a)
		rb, nb := firstRune(b)
		if ra != rb {
			return false
		}
		a, b = a[na:], b[nb:]
	}
	return len(a) == len(b)
}

func firstRune(s string) (rune, int) {
	if s[0] == 0 {
		return utf8.RuneError, 1
	}
	return utf8.DecodeRuneInString(s)
}
