package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Clean escapes what could steer a terminal or deceive its reader: control
// characters, escape sequences, bidirectional and other invisible format
// characters, and bytes that are no UTF-8. The result is one line.
func Clean(s string) string {
	i := strings.IndexFunc(s, hostile)
	if i < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			writeHex(&b, `\x`, rune(s[0]), 2)
		case hostile(r):
			writeEscape(&b, r)
		default:
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// hostile says whether r must not reach a terminal as it is. The joiners stay:
// emoji and several scripts need them.
func hostile(r rune) bool {
	if r < 0x7f { // most text
		return r < 0x20
	}
	return !unicode.IsGraphic(r) && r != '\u200c' && r != '\u200d'
}

func writeEscape(b *strings.Builder, r rune) {
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\r':
		b.WriteString(`\r`)
	case r < 0x80:
		writeHex(b, `\x`, r, 2)
	case r < 0x10000:
		writeHex(b, `\u`, r, 4)
	default:
		writeHex(b, `\U`, r, 8)
	}
}

func writeHex(b *strings.Builder, prefix string, r rune, digits int) {
	b.WriteString(prefix)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b.WriteByte(hexDigits[r>>shift&0xf])
	}
}
