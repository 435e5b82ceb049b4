//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import "pixelctl/pkg/query/dialect"

// trimStatement cuts what follows the statement: semicolons and comments.
func trimStatement(sql string) string {
	list := dialect.Tokens(sql)
	for len(list) > 0 && list[len(list)-1].Is(";") {
		list = list[:len(list)-1]
	}
	if len(list) == 0 {
		return ""
	}
	return sql[:list[len(list)-1].End]
}

// explained gives the statement that an EXPLAIN is about, and false when sql
// is no EXPLAIN.
func explained(sql string) (string, bool) {
	list := dialect.Tokens(sql)
	if len(list) < 2 || !list[0].Is("explain") {
		return "", false
	}
	list = list[1:]
	for len(list) > 1 {
		switch {
		case list[0].Is("analyze") || list[0].Is("verbose"):
			list = list[1:]
		case list[0].Is("(") && isExplainOption(list[1].Text):
			list = afterParen(list)
		default:
			return sql[list[0].Start:], true
		}
	}
	if len(list) == 0 {
		return "", true
	}
	return sql[list[0].Start:], true
}

func isExplainOption(word string) bool {
	return word == "format" || word == "analyze" || word == "verbose"
}

// afterParen skips the parenthesis that list begins with.
func afterParen(list []dialect.Token) []dialect.Token {
	depth := 0
	for i, t := range list {
		switch {
		case t.Is("("):
			depth++
		case t.Is(")"):
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
	list := dialect.Tokens(sql)
	for i := 0; i+1 < len(list); i++ {
		if list[i].IsName() && list[i+1].Is("(") && f(list[i].Text) {
			return list[i].Text, true
		}
	}
	return "", false
}
