package ui

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"pixelctl/pkg/query"
)

// appendJSON appends a value of a result as JSON: timestamps as
// 2026-07-05T09:00:00.123Z, decimals as numbers, bytes in hexadecimal, maps
// and rows as objects. What JSON has no number for is a string.
func (k kind) appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return appendString(b, floatText(v))
		}
		return append(b, floatText(v)...)
	case query.Decimal:
		if json.Valid([]byte(v)) {
			return append(b, v...)
		}
		return appendString(b, string(v))
	case time.Time:
		layout := k.json
		if layout == "" {
			layout = "2006-01-02T15:04:05.000Z"
		}
		return appendString(b, timeText(v, layout))
	case []byte:
		return appendString(b, k.text(v))
	case []any:
		return k.appendList(b, v)
	case query.Pairs:
		return k.appendPairs(b, v)
	case string:
		return appendString(b, v)
	}
	return appendString(b, fmt.Sprint(v))
}

func (k kind) appendList(b []byte, list []any) []byte {
	b = append(b, '[')
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = k.appendJSON(b, e)
	}
	return append(b, ']')
}

func (k kind) appendPairs(b []byte, pairs query.Pairs) []byte {
	b = append(b, '{')
	for i, p := range pairs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, k.text(p.Key))
		b = append(b, ':')
		b = k.appendJSON(b, p.Value)
	}
	return append(b, '}')
}

// appendString appends s as a JSON string that is safe on a terminal: what is
// hostile there is written as \u. Bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r != '"' && r != '\\' && (r != utf8.RuneError || n > 1) && !hostile(r) {
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscaped(b, r)
		i += n
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscaped(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, `\n`...)
	case '\t':
		return append(b, `\t`...)
	case '\r':
		return append(b, `\r`...)
	case utf8.RuneError:
		return utf8.AppendRune(b, r)
	}
	return appendUnicode(b, r)
}

func appendUnicode(b []byte, r rune) []byte {
	if r >= 0x10000 {
		r -= 0x10000
		b = appendUnicode(b, 0xd800+r>>10)
		r = 0xdc00 + r&0x3ff
	}
	return append(b, '\\', 'u', hexDigits[r>>12&0xf], hexDigits[r>>8&0xf], hexDigits[r>>4&0xf], hexDigits[r&0xf])
}
