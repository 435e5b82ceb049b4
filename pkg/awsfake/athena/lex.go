package athena

import "strings"

// kind is what a token is.
type kind int

const (
	word   kind = iota // a name or keyword, in lower case
	quoted             // a name in "…" or `…`, without its quotes
	text               // a string in '…', without its quotes
	sign               // anything else, one byte
)

// token is a piece of SQL that means something: no space, no comment.
type token struct {
	kind       kind
	text       string
	start, end int // bytes
}

// is tells whether a token is this keyword or sign.
func (t token) is(s string) bool { return t.text == s && (t.kind == word || t.kind == sign) }

// isName tells whether a token may name something.
func (t token) isName() bool { return t.kind == word || t.kind == quoted }

// lex splits SQL as far as statements are told apart and DDL is read. What
// does not end, ends with the text.
func lex(sql string) []token {
	var out []token
	for i := 0; i < len(sql); {
		if n := blank(sql[i:]); n > 0 {
			i += n
			continue
		}
		t := next(sql[i:])
		t.start, t.end = i, i+t.end
		out = append(out, t)
		i = t.end
	}
	return out
}

// blank gives the length of the space or comment at the start of s.
func blank(s string) int {
	until := func(end string) int {
		if n := strings.Index(s, end); n >= 0 {
			return n + len(end)
		}
		return len(s)
	}
	switch {
	case strings.ContainsRune(" \t\r\n\f\v", rune(s[0])):
		return 1
	case strings.HasPrefix(s, "--"):
		return until("\n")
	case strings.HasPrefix(s, "/*"):
		return until("*/")
	}
	return 0
}

// next gives the token at the start of s; its end is its length.
func next(s string) token {
	switch c := s[0]; {
	case c == '\'':
		inner, n := unquote(s)
		return token{kind: text, text: inner, end: n}
	case c == '"', c == '`':
		inner, n := unquote(s)
		return token{kind: quoted, text: strings.ToLower(inner), end: n}
	case isWord(c):
		n := 1
		for n < len(s) && isWord(s[n]) {
			n++
		}
		return token{kind: word, text: strings.ToLower(s[:n]), end: n}
	default:
		return token{kind: sign, text: s[:1], end: 1}
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// unquote reads the quoted text at the start of s and gives its length. A
// doubled quote stands for itself.
func unquote(s string) (inner string, n int) {
	quote := s[:1]
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != quote[0] {
			b.WriteByte(s[i])
			continue
		}
		if i+1 == len(s) || s[i+1] != quote[0] {
			return b.String(), i + 1
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String(), len(s)
}
