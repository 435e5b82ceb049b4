package glue

import (
	"regexp"
	"strconv"
	"strings"
)

// fits tells whether the values of a partition satisfy an expression.
type fits func(values []string) bool

// The words of an expression: numbers, 'text', names, signs.
const words = `\s*(-?[0-9]+(?:\.[0-9]+)?|'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*|<=|>=|<>|!=|[=<>(),])`

// parser reads the part of Glue's expressions that joins comparisons of a key
// with a value, IN and BETWEEN by AND, OR and parentheses.
type parser struct {
	keys  []Column
	words []string
}

// compile reads the Expression of GetPartitions; an empty one fits everything.
func compile(expression string, keys []Column) (fits, error) {
	if strings.TrimSpace(expression) == "" {
		return func([]string) bool { return true }, nil
	}
	p := parser{keys: keys}
	pattern, err := regexp.Compile("^" + words)
	if err != nil {
		return nil, err
	}
	for rest := strings.TrimSpace(expression); rest != ""; rest = strings.TrimSpace(rest) {
		word := pattern.FindStringSubmatch(rest)
		if word == nil {
			return nil, invalid("Unsupported expression '%s'", expression)
		}
		p.words = append(p.words, word[1])
		rest = rest[len(word[0]):]
	}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	if len(p.words) > 0 {
		return nil, invalid("Unsupported expression '%s': unexpected %s", expression, p.words[0])
	}
	return f, nil
}

// next takes one word, "" at the end.
func (p *parser) next() string {
	if len(p.words) == 0 {
		return ""
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

// take takes the next word when it is this one.
func (p *parser) take(word string) bool {
	if len(p.words) == 0 || !strings.EqualFold(p.words[0], word) {
		return false
	}
	p.next()
	return true
}

func (p *parser) or() (fits, error) {
	left, err := p.and()
	for err == nil && p.take("OR") {
		var right fits
		first := left
		right, err = p.and()
		left = func(v []string) bool { return first(v) || right(v) }
	}
	return left, err
}

func (p *parser) and() (fits, error) {
	left, err := p.term()
	for err == nil && p.take("AND") {
		var right fits
		first := left
		right, err = p.term()
		left = func(v []string) bool { return first(v) && right(v) }
	}
	return left, err
}

func (p *parser) term() (fits, error) {
	if p.take("NOT") {
		f, err := p.term()
		return func(v []string) bool { return !f(v) }, err
	}
	if p.take("(") {
		f, err := p.or()
		if err == nil && !p.take(")") {
			err = invalid("Unsupported expression: a parenthesis is not closed")
		}
		return f, err
	}
	name := p.next()
	for i, key := range p.keys {
		if strings.EqualFold(key.Name, name) {
			return p.comparison(i, numeric(key.Type))
		}
	}
	return nil, invalid("Unsupported expression: %s is no partition key", name)
}

// comparison reads what follows a key.
func (p *parser) comparison(key int, number bool) (fits, error) {
	switch sign := strings.ToUpper(p.next()); sign {
	case "IN":
		return p.list(key, number)
	case "BETWEEN":
		low, err := p.compare(">=", key, number)
		if err != nil || !p.take("AND") {
			return nil, invalid("Unsupported expression: BETWEEN needs two values")
		}
		high, err := p.compare("<=", key, number)
		return func(v []string) bool { return low(v) && high(v) }, err
	case "=", "<>", "!=", "<", ">", "<=", ">=":
		return p.compare(sign, key, number)
	default:
		return nil, invalid("Unsupported expression: %q is no comparison", sign)
	}
}

func (p *parser) list(key int, number bool) (fits, error) {
	var items []fits
	for open := p.take("("); open; open = p.take(",") {
		f, err := p.compare("=", key, number)
		if err != nil {
			return nil, err
		}
		items = append(items, f)
	}
	if len(items) == 0 || !p.take(")") {
		return nil, invalid("Unsupported expression: IN needs values in parentheses")
	}
	return func(v []string) bool {
		for _, f := range items {
			if f(v) {
				return true
			}
		}
		return false
	}, nil
}

// compare reads a value and compares the key with it: as numbers for numeric
// keys, where a value that is no number never fits, else as text.
func (p *parser) compare(sign string, key int, number bool) (fits, error) {
	word := p.next()
	text := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(word, "'"), "'"), "''", "'")
	if word == "" || !number && text == word {
		return nil, invalid("Unsupported expression: %q is no value of the key", word)
	}
	if !number {
		return func(v []string) bool { return holds(sign, strings.Compare(v[key], text)) }, nil
	}
	want, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, invalid("Unsupported expression: %q is no number", word)
	}
	return func(v []string) bool {
		have, err := strconv.ParseFloat(v[key], 64)
		if err != nil {
			return false
		}
		order := 0
		switch {
		case have < want:
			order = -1
		case have > want:
			order = 1
		}
		return holds(sign, order)
	}, nil
}

func holds(sign string, order int) bool {
	switch sign {
	case "=":
		return order == 0
	case "<":
		return order < 0
	case ">":
		return order > 0
	case "<=":
		return order <= 0
	case ">=":
		return order >= 0
	default:
		return order != 0
	}
}

func numeric(kind string) bool {
	switch kind {
	case "tinyint", "smallint", "int", "integer", "bigint", "float", "double":
		return true
	default:
		return strings.HasPrefix(kind, "decimal")
	}
}
