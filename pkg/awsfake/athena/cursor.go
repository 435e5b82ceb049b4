package athena

import (
	"fmt"
	"strings"
)

// cursor reads the tokens of a DDL statement.
type cursor struct {
	sql  string
	rest []token
}

func (s *statement) after(words int) *cursor { return &cursor{s.sql, s.tokens[words:]} }

// take takes the next tokens when they are these words and signs.
func (c *cursor) take(words string) bool {
	if !begins(c.rest, words) {
		return false
	}
	c.rest = c.rest[len(strings.Fields(words)):]
	return true
}

// next takes one token; at the end it is empty.
func (c *cursor) next() token {
	if len(c.rest) == 0 {
		return token{kind: sign, start: len(c.sql), end: len(c.sql)}
	}
	t := c.rest[0]
	c.rest = c.rest[1:]
	return t
}

// name takes a name.
func (c *cursor) name() (string, error) {
	t := c.next()
	if !t.isName() {
		return "", c.wrong(t)
	}
	return t.text, nil
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
func (c *cursor) wrong(t token) error {
	line, column := place(c.sql, t.start)
	what := c.sql[t.start:t.end]
	if what == "" {
		what = "<EOF>"
	}
	return &Failure{Name: MalformedQuery, Message: fmt.Sprintf("line %d:%d: mismatched input '%s'", line, column, what)}
}

// place counts lines and characters from 1.
func place(sql string, at int) (line, column int) {
	line, column = 1, 1
	for _, r := range sql[:at] {
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

// tableName is a table in its database.
type tableName struct{ database, table string }
