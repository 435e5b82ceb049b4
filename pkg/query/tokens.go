package query

import "strings"

// Token is a piece of SQL that means something: no space, no comment.
type Token struct {
	Text       string // words in lower case; quoted text keeps its quotes
	Start, End int    // bytes
}

// Tokens splits SQL as Trino's lexer does, as far as words, quotes and comments
// are told apart. Its comments do not nest, unlike DuckDB's, and a quote inside
// quotes is doubled.
func Tokens(sql string) []Token {
	var out []Token
	for i := 0; i < len(sql); {
		n, blank := lexeme(sql[i:])
		if !blank {
			out = append(out, Token{strings.ToLower(sql[i : i+n]), i, i + n})
		}
		i += n
	}
	return out
}

// lexeme gives the length of what s begins with, and whether it is only space
// or a comment.
func lexeme(s string) (n int, blank bool) {
	switch c := s[0]; {
	case strings.IndexByte(" \t\r\n", c) >= 0:
		return 1, true
	case strings.HasPrefix(s, "--"):
		return lineEnd(s), true
	case strings.HasPrefix(s, "/*"):
		return commentEnd(s), true
	case c == '\'' || c == '"' || c == '`':
		return quoted(s), false
	case isWord(c):
		n := 1
		for n < len(s) && isWord(s[n]) {
			n++
		}
		return n, false
	}
	return 1, false
}

// lineEnd gives the length of a line. A carriage return alone ends one, too.
func lineEnd(s string) int {
	if n := strings.IndexAny(s, "\r\n"); n >= 0 {
		return n
	}
	return len(s)
}

func commentEnd(s string) int {
	if n := strings.Index(s[2:], "*/"); n >= 0 {
		return n + 4
	}
	return len(s)
}

func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != s[0]:
		case i+1 < len(s) && s[i+1] == s[0]:
			i++
		default:
			return i + 1
		}
	}
	return len(s)
}

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// Place gives line and column of a byte of sql, in characters from 1.
func Place(sql string, at int) (line, column int) {
	before := sql[:at]
	line = strings.Count(before, "\n") + 1
	return line, len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
}
