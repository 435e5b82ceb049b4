package athena

import (
	"fmt"
	"strings"

	"pixelctl/pkg/awsfake/athena/lexer"
)

// cursor reads the tokens of a DDL statement.
type cursor struct {
	sql  string
	rest []lexer.Token
}

func (s *statement) after(words int) *cursor { return &cursor{s.sql, s.tokens[words:]} }

// take takes the next lexer.Tokens when they are these words and signs.
func (c *cursor) take(words string) bool {
	if !lexer.Begin(c.rest, words) {
		return false
	}
	c.rest = c.rest[len(strings.Fields(words)):]
	return true
}

// next takes one token; at the end it is empty.
func (c *cursor) next() lexer.Token {
	if len(c.rest) == 0 {
		return lexer.Token{Kind: lexer.Sign, Start: len(c.sql), End: len(c.sql)}
	}
	t := c.rest[0]
	c.rest = c.rest[1:]
	return t
}

// name takes a name.
func (c *cursor) name() (string, error) {
	t := c.next()
	if !t.IsName() {
		return "", c.wrong(t)
	}
	return t.Text, nil
}

// table takes table, database.table or catalog.database.table.
func (c *cursor) table(database string) (tableName, error) {
	var names []string
	for more := true; more; more = c.take(".") {
		n, err := c.name()
		if err != nil {
			return tableName{}, err
		}
		names = append(names, n)
	}
	t := tableName{database, names[len(names)-1]}
	if len(names) > 1 {
		t.database = names[len(names)-2]
	}
	return t, nil
}

// end is an error unless everything was read.
func (c *cursor) end() error {
	if len(c.rest) > 0 {
		return c.wrong(c.rest[0])
	}
	return nil
}

// wrong is the refusal of a token that does not belong where it stands.
func (c *cursor) wrong(t lexer.Token) error {
	line, column := lexer.Place(c.sql, t.Start)
	what := c.sql[t.Start:t.End]
	if what == "" {
		what = "<EOF>"
	}
	return &QueryError{Name: MalformedQuery, Message: fmt.Sprintf("line %d:%d: mismatched input '%s'", line, column, what)}
}

// tableName is a table in its database.
type tableName struct{ database, table string }
