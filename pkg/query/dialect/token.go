package dialect

import "strings"

// Kind is what a token is.
type Kind byte

// Kinds of tokens.
const (
	Word   Kind = iota // a name or keyword, in lower case
	Quoted             // a name in "…", in lower case without its quotes
	Text               // a string in any of its forms, as it stands
	Number             // as it stands
	Sign               // an operator or one other byte
)

// Token is a piece of SQL that means something: no space, no comment.
type Token struct {
	Kind       Kind
	Text       string
	Start, End int // bytes
}

// Is tells whether the token is this keyword or sign.
func (t Token) Is(s string) bool { return t.Text == s && (t.Kind == Word || t.Kind == Sign) }

// IsName tells whether the token may name something.
func (t Token) IsName() bool { return t.Kind == Word || t.Kind == Quoted }

// Tokens splits SQL as DuckDB's scanner does, as far as statements are guarded
// and translated: what does not end, ends with the text.
func Tokens(sql string) []Token {
	out := make([]Token, 0, len(sql)/4)
	for i := 0; i < len(sql); {
		if n := blank(sql[i:]); n > 0 {
			i += n
			continue
		}
		t := tokenAt(sql, i)
		out = append(out, t)
		i = t.End
	}
	return out
}

// blank gives the length of the space or comment at the start of s.
func blank(s string) int {
	switch {
	case strings.IndexByte(" \t\r\n\f\v", s[0]) >= 0:
		return 1
	case strings.HasPrefix(s, "--"):
		return lineEnd(s)
	case strings.HasPrefix(s, "/*"):
		return commentEnd(s)
	}
	return 0
}

func lineEnd(s string) int {
	if n := strings.IndexAny(s, "\r\n"); n >= 0 {
		return n
	}
	return len(s)
}

// commentEnd finds the end of a comment in which comments may be nested.
func commentEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "/*"):
			depth++
			i++
		case strings.HasPrefix(s[i:], "*/"):
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

func tokenAt(sql string, i int) Token {
	rest := sql[i:]
	token := func(kind Kind, n int) Token { return Token{Kind: kind, Text: rest[:n], Start: i, End: i + n} }
	switch c := rest[0]; {
	case c == '\'':
		return token(Text, quotedEnd(rest, '\'', false))
	case isEscaped(rest):
		return token(Text, 1+quotedEnd(rest[1:], '\'', true))
	case c == '"':
		t := token(Quoted, quotedEnd(rest, '"', false))
		t.Text = strings.ToLower(strings.ReplaceAll(strings.Trim(t.Text, `"`), `""`, `"`))
		return t
	case c == '$' && dollarEnd(rest) > 1:
		return token(Text, dollarEnd(rest))
	case isNumber(rest):
		return token(Number, numberEnd(rest))
	case isWordByte(c):
		t := token(Word, wordEnd(rest))
		t.Text = strings.ToLower(t.Text)
		return t
	}
	return token(Sign, signEnd(rest))
}

// signs are the operators of more than one byte.
var signs = [...]string{"->>", "!~~", "->", "::", ":=", "<=", ">=", "<>", "!=", "||", "//", "=>", "**", "==", "<<", ">>", "!~", "~~"}

func signEnd(s string) int {
	for _, sign := range signs {
		if strings.HasPrefix(s, sign) {
			return len(sign)
		}
	}
	return 1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordByte(c byte) bool {
	return c == '_' || c >= 0x80 || isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func wordEnd(s string) int {
	n := 1
	for n < len(s) && (isWordByte(s[n]) || s[n] == '$') {
		n++
	}
	return n
}

// isEscaped tells whether a text with escapes begins.
func isEscaped(s string) bool { return len(s) > 1 && s[0]|0x20 == 'e' && s[1] == '\'' }

// isNumber tells whether a number begins.
func isNumber(s string) bool { return isDigit(s[0]) || s[0] == '.' && len(s) > 1 && isDigit(s[1]) }

// numberEnd gives the length of a number such as 1, 1.5, .5, 1.5E-3; letters
// that follow at once belong to it, so that they are no word.
func numberEnd(s string) int {
	n := 0
	for n < len(s) && (isWordByte(s[n]) || s[n] == '.' ||
		(s[n] == '-' || s[n] == '+') && n > 0 && s[n-1]|0x20 == 'e' && n+1 < len(s) && isDigit(s[n+1])) {
		n++
	}
	return n
}

// quotedEnd gives the length of the quoted text at the start of s. A doubled
// quote stands for itself, and after a backslash any byte does.
func quotedEnd(s string, quote byte, backslash bool) int {
	for i := 1; i < len(s); i++ {
		switch {
		case backslash && s[i] == '\\':
			i++
		case s[i] != quote:
		case i+1 < len(s) && s[i+1] == quote:
			i++
		default:
			return i + 1
		}
	}
	return len(s)
}

// dollarEnd gives the length of $tag$ … $tag$, or of a lone dollar sign.
func dollarEnd(s string) int {
	n := 1
	for n < len(s) && isWordByte(s[n]) {
		n++
	}
	if n == len(s) || s[n] != '$' {
		return 1
	}
	tag := s[:n+1]
	if end := strings.Index(s[n+1:], tag); end >= 0 {
		return n + 1 + end + len(tag)
	}
	return len(s)
}
