package event

import "unicode/utf8"

// controls holds the escapes of U+0000 to U+001F, six bytes each.
const controls = `\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007` +
	`\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f` +
	`\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017` +
	`\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f`

// appendString appends s as a JSON string. Of an s longer than room only as
// much is written as shows that it does not fit.
func appendString(dst []byte, s string, room int) []byte {
	if len(s) > room {
		s = s[:room+1] // JSON is never shorter than its text
	}
	dst = append(dst, '"')
	for {
		n := plainLen(s)
		dst = append(dst, s[:n]...)
		if n == len(s) {
			return append(dst, '"')
		}
		text, width := escape(s[n:])
		dst = append(dst, text...)
		s = s[n+width:]
	}
}

// quotedLen returns how many bytes appendString writes between the quotes.
func quotedLen(s string) int {
	total := 0
	for {
		n := plainLen(s)
		total += n
		if n == len(s) {
			return total
		}
		text, width := escape(s[n:])
		total += len(text)
		s = s[n+width:]
	}
}

// plainLen returns the length of the prefix of s that JSON holds as it is and
// that is ASCII.
func plainLen(s string) int {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return i
		}
	}
	return len(s)
}

// escape returns the JSON of the first character of s, and its width in s.
// U+2028 and U+2029 end a line for JavaScript and some log readers.
func escape(s string) (text string, width int) {
	switch c := s[0]; {
	case c >= utf8.RuneSelf:
		return escapeRune(s)
	case c == '"':
		return `\"`, 1
	case c == '\\':
		return `\\`, 1
	case c == '\n':
		return `\n`, 1
	case c == '\r':
		return `\r`, 1
	case c == '\t':
		return `\t`, 1
	case c == 0:
		return string(utf8.RuneError), 1
	case c < ' ':
		return controls[6*int(c) : 6*int(c)+6], 1
	}
	return s[:1], 1
}

func escapeRune(s string) (text string, width int) {
	r, width := utf8.DecodeRuneInString(s)
	switch r {
	case utf8.RuneError:
		return string(utf8.RuneError), width
	case '\u2028':
		return `\u2028`, width
	case '\u2029':
		return `\u2029`, width
	}
	return s[:width], width
}
