//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"strings"
)

// token is a piece of SQL that means something: no space, no comment.
type token struct {
	text       string // words in lower case, names without their quotes
	start, end int    // bytes
	name       bool   // a word or a quoted name
}

// tokens splits SQL as DuckDB's scanner does, as far as the guard needs it:
// where strings, quoted names and comments begin and end.
func tokens(sql string) []token {
	var out []token
	for i := 0; i < len(sql); {
		if n := blank(sql[i:]); n > 0 {
			i += n
			continue
		}
		t := tokenAt(sql, i)
		out = append(out, t)
		i = t.end
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

func tokenAt(sql string, i int) token {
	rest := sql[i:]
	switch c := rest[0]; {
	case c == '\'':
		return token{start: i, end: i + quotedEnd(rest, '\'', false)}
	case (c == 'e' || c == 'E') && len(rest) > 1 && rest[1] == '\'':
		return token{start: i, end: i + 1 + quotedEnd(rest[1:], '\'', true)}
	case c == '"':
		n := quotedEnd(rest, '"', false)
		text := strings.ReplaceAll(strings.Trim(rest[:n], `"`), `""`, `"`)
		return token{text: strings.ToLower(text), start: i, end: i + n, name: true}
	case c == '$':
		return token{start: i, end: i + dollarEnd(rest)}
	case isWordByte(c):
		n := 1
		for n < len(rest) && (isWordByte(rest[n]) || rest[n] == '$') {
			n++
		}
		return token{text: strings.ToLower(rest[:n]), start: i, end: i + n, name: true}
	default:
		return token{text: string(c), start: i, end: i + 1}
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
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

// trimStatement cuts what follows the statement: semicolons and comments.
func trimStatement(sql string) string {
	list := tokens(sql)
	for len(list) > 0 && list[len(list)-1].text == ";" {
		list = list[:len(list)-1]
	}
	if len(list) == 0 {
		return ""
	}
	return sql[:list[len(list)-1].end]
}

// explained gives the statement that an EXPLAIN is about, and false when sql
// is no EXPLAIN.
func explained(sql string) (string, bool) {
	list := tokens(sql)
	if len(list) < 2 || list[0].text != "explain" {
		return "", false
	}
	list = list[1:]
	for len(list) > 1 {
		switch {
		case list[0].text == "analyze" || list[0].text == "verbose":
			list = list[1:]
		case list[0].text == "(" && isExplainOption(list[1].text):
			list = afterParen(list)
		default:
			return sql[list[0].start:], true
		}
	}
	if len(list) == 0 {
		return "", true
	}
	return sql[list[0].start:], true
}

func isExplainOption(word string) bool {
	return word == "format" || word == "analyze" || word == "verbose"
}

// afterParen skips the parenthesis that list begins with.
func afterParen(list []token) []token {
	depth := 0
	for i, t := range list {
		switch t.text {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			return list[i+1:]
		}
	}
	return nil
}

// calls gives the first function that sql calls and f selects.
func calls(sql string, f func(name string) bool) (string, bool) {
	list := tokens(sql)
	for i := 0; i+1 < len(list); i++ {
		if list[i].name && list[i+1].text == "(" && f(list[i].text) {
			return list[i].text, true
		}
	}
	return "", false
}
