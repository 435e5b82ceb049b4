package event

import "unicode/utf8"

// controls holds the escapes of U+0000 to U+001F, six bytes each.
const controls = `\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007` +
	`\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f` +
	`\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017` +
	`\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f`

// appendString appends s as a JSON string. Of an s longer than room only as
// much is written as takes more than room bytes.
func appendString(dst []byte, s string, room int) []byte {
	s = s[:min(len(s), room)] // JSON with its quotes is longer than its text
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

// plainLen returns the length of a prefix of s that JSON holds as it is: ASCII
// without controls, quotes and backslashes. It looks at eight bytes at a time.
func plainLen(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if !plainWord(word(s[i : i+8])) {
			break
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			break
		}
	}
	return i
}

func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// plainWord reports whether all eight bytes of w are plain. A byte below n
// borrows from its top bit when n is taken off; see "Determine if a word has a
// byte less than n" in Bit Twiddling Hacks. A borrow into the next byte can
// only come from a byte that is not plain.
func plainWord(w uint64) bool {
	const (
		ones = 0x0101_0101_0101_0101
		tops = 0x80 * ones
	)
	quote, slash := w^'"'*ones, w^'\\'*ones
	return (w|(w-' '*ones)|(quote-ones)|(slash-ones))&tops == 0
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
