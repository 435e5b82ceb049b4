// Package lexer splits SQL into tokens, as far as the fake of Athena reads it.
package lexer

import "strings"

// Kind is what a token is.
type Kind int

// Kinds of tokens.
const (
	Word   Kind = iota // a name, keyword or number, in lower case
	Quoted             // a name in "…" or `…`, in lower case without its quotes
	Text               // a string in '…', without its quotes
	Sign               // anything else, one byte
)

// Token is a piece of SQL that means something: no space, no comment.
type Token struct {
	Kind       Kind
	Text       string
	Start, End int // bytes
}

// Is tells whether a token is this keyword or sign.
func (t Token) Is(s string) bool { return t.Text == s && (t.Kind == Word || t.Kind == Sign) }

// IsName tells whether a token may name something.
func (t Token) IsName() bool { return t.Kind == Word || t.Kind == Quoted }

// Begin tells whether tokens begin with these keywords and signs, which stand
// with spaces between.
func Begin(tokens []Token, words string) bool {
	list := strings.Fields(words)
	if len(tokens) < len(list) {
		return false
	}
	for i, w := range list {
		if !tokens[i].Is(w) {
			return false
		}
	}
	return true
}

// Place counts lines and characters of a byte, from 1.
func Place(sql string, at int) (line, column int) {
	line, column = 1, 1
	for _, r := range sql[:at] {
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

// Lex splits SQL as far as statements are told apart and DDL is read. What
// does not end, ends with the text.
func Lex(sql string) []Token {
	var out []Token
	for i := 0; i < len(sql); {
		if n := blank(sql[i:]); n > 0 {
			i += n
			continue
		}
		t := next(sql[i:])
		t.Start, t.End = i, i+t.End
		out = append(out, t)
		i = t.End
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
func next(s string) Token {
	switch c := s[0]; {
	case c == '\'':
		inner, n := unquote(s)
		return Token{Kind: Text, Text: inner, End: n}
	case c == '"', c == '`':
		inner, n := unquote(s)
		return Token{Kind: Quoted, Text: strings.ToLower(inner), End: n}
	case isWord(c):
		n := 1
		for n < len(s) && isWord(s[n]) {
			n++
		}
		return Token{Kind: Word, Text: strings.ToLower(s[:n]), End: n}
	default:
		return Token{Kind: Sign, Text: s[:1], End: 1}
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
