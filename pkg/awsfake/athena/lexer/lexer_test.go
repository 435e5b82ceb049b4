package lexer_test

import (
	"fmt"
	"testing"

	"pixelctl/pkg/awsfake/athena/lexer"
)

func TestTokens(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT a.B -- x;\n, 'it''s' /* ; */ FROM `My T`;": "select a . b , it's from my t ;",
		`"a""b"'c`:      `a"b c`,
		"x/*":           "x",
		"é=1":           "é = 1",
		"":              "",
		"'a;b' \"c;d\"": "a;b c;d",
	} {
		got := ""
		for i, tok := range lexer.Lex(sql) {
			if i > 0 {
				got += " "
			}
			got += tok.Text
		}
		if got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}

func TestWordsInQuotesAreNoKeywords(t *testing.T) {
	tokens := lexer.Lex("select \"from\" 'from' from")
	var is []bool
	for _, tok := range tokens {
		is = append(is, tok.Is("from"))
	}
	if fmt.Sprint(is) != "[false false false true]" || !lexer.Begin(tokens, "select") || lexer.Begin(tokens, "select from") || lexer.Begin(nil, "a") {
		t.Errorf("%v", is)
	}
}

func TestPlace(t *testing.T) {
	sql := "aé\nbc"
	for at, want := range map[int]string{0: "1 1", 3: "1 3", 4: "2 1", len(sql): "2 3"} {
		if line, column := lexer.Place(sql, at); fmt.Sprint(line, " ", column) != want {
			t.Errorf("byte %d is at %d %d, want %s", at, line, column, want)
		}
	}
}
