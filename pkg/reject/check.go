package reject

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"pixelctl/pkg/event"
)

const maxDepth = 64 // of unknown values; the record itself has 2

// Defect is what is wrong with a line; no code means nothing is.
type Defect struct {
	Code    string // ParseError or MalformedData
	Message string
	Column  string // that does not fit; "" when the line is no JSON
}

// Checker tells whether a line is one JSON object whose values fit the
// columns, by the rules of the SerDes on AWS: a number in quotes is no number.
// Keys that are no column are ignored.
type Checker struct {
	names   []string
	columns map[string]int
	types   []event.Type
	seen    []int // the line that last had the column
	count   int   // lines checked
	id, at  int   // columns every record has
	lastID  []byte
}

// NewChecker returns a checker for the columns of a table.
func NewChecker(schema event.Schema) *Checker {
	columns := schema.Columns()
	c := &Checker{names: schema.Names(), columns: map[string]int{}, seen: make([]int, len(columns))}
	for i, column := range columns {
		c.columns[column.Name] = i
		c.types = append(c.types, column.Type)
	}
	c.id, c.at = c.columns["event_id"], c.columns["received_at"]
	return c
}

// Line gives when the record was received, as far as it can be read. It is for
// one goroutine at a time.
func (c *Checker) Line(line []byte) (event.Millis, Defect) {
	c.count++
	c.lastID = nil
	if !utf8.Valid(line) {
		return 0, Defect{Code: ParseError, Message: "invalid UTF-8"}
	}
	l := lineCheck{checker: c, scanner: scanner{b: line}}
	if !l.object() || !l.atEnd() {
		return l.received, Defect{Code: ParseError, Message: fmt.Sprintf("not one JSON object: byte %d", l.i+1)}
	}
	switch {
	case l.message != "":
	case !l.hasID:
		l.missing(c.id)
	case !l.hasTime:
		l.missing(c.at)
	default:
		return l.received, Defect{}
	}
	return l.received, Defect{MalformedData, l.message, l.bad}
}

// ID is the event_id of the line that was checked last, nil when it has escapes.
// It is part of that line.
func (c *Checker) ID() []byte { return c.lastID }

// lineCheck is the state of one line.
type lineCheck struct {
	scanner
	checker        *Checker
	received       event.Millis
	hasID, hasTime bool
	message, bad   string // first value that does not fit, and its column
}

func (l *lineCheck) object() bool {
	return l.members(func(key []byte, escaped bool) bool {
		column, ok := l.column(key, escaped)
		if !ok {
			return l.skip(maxDepth)
		}
		if l.checker.seen[column] == l.checker.count {
			l.fail(column, "given twice")
		}
		l.checker.seen[column] = l.checker.count
		return l.value(column)
	})
}

func (l *lineCheck) column(key []byte, escaped bool) (int, bool) {
	if !escaped {
		column, ok := l.checker.columns[string(key)]
		return column, ok
	}
	var text string
	if err := json.Unmarshal([]byte(`"`+string(key)+`"`), &text); err != nil {
		return 0, false
	}
	column, ok := l.checker.columns[text]
	return column, ok
}

func (l *lineCheck) fail(column int, why string) {
	if l.message == "" {
		l.bad = l.checker.names[column]
		l.message = l.bad + ": " + why
	}
}

func (l *lineCheck) missing(column int) {
	l.bad = l.checker.names[column]
	l.message = l.bad + " is missing"
}

// value checks one value; false means it is no JSON.
func (l *lineCheck) value(column int) bool {
	start := l.i
	if l.literal("null") {
		return true
	}
	switch l.checker.types[column] {
	case event.String:
		return l.text(column)
	case event.Timestamp:
		return l.timestamp(column)
	case event.Date:
		return l.date(column)
	case event.Map:
		return l.texts(column)
	case event.Boolean:
		if l.literal("true") || l.literal("false") {
			return true
		}
	case event.Int, event.BigInt, event.Double:
		if raw, whole, ok := l.number(); ok {
			if !fits(raw, whole, l.checker.types[column]) {
				l.fail(column, "number does not fit "+string(l.checker.types[column]))
			}
			return true
		}
	}
	l.i = start
	l.fail(column, "not a "+string(l.checker.types[column]))
	return l.skip(maxDepth)
}

func (l *lineCheck) text(column int) bool {
	if l.peek() != '"' {
		l.fail(column, "not a string")
		return l.skip(maxDepth)
	}
	raw, escaped, ok := l.str()
	if !ok || column != l.checker.id {
		return ok
	}
	l.hasID = true
	if !escaped {
		l.checker.lastID = raw
	}
	return true
}

func (l *lineCheck) timestamp(column int) bool {
	if l.peek() != '"' {
		l.fail(column, "not a timestamp")
		return l.skip(maxDepth)
	}
	raw, _, ok := l.str()
	if !ok {
		return false
	}
	at, ok := parseTimestamp(raw)
	if !ok {
		l.fail(column, "not a timestamp as yyyy-MM-dd HH:mm:ss.SSS")
		return true
	}
	if column == l.checker.at {
		l.received, l.hasTime = at, true
	}
	return true
}

func (l *lineCheck) date(column int) bool {
	if l.peek() != '"' {
		l.fail(column, "not a date")
		return l.skip(maxDepth)
	}
	raw, _, ok := l.str()
	if ok && !isDate(raw) {
		l.fail(column, "not a date as yyyy-MM-dd")
	}
	return ok
}

func (l *lineCheck) texts(column int) bool {
	if l.peek() != '{' {
		l.fail(column, "not an object of strings")
		return l.skip(maxDepth)
	}
	return l.members(func([]byte, bool) bool {
		if l.peek() == '"' {
			_, _, ok := l.str()
			return ok
		}
		if l.literal("null") {
			return true
		}
		l.fail(column, "a value is not a string")
		return l.skip(maxDepth)
	})
}

func fits(raw []byte, whole bool, t event.Type) bool {
	if t == event.Double {
		_, err := strconv.ParseFloat(string(raw), 64)
		return err == nil
	}
	if !whole {
		return false
	}
	bits := 32
	if t == event.BigInt {
		bits = 64
	}
	_, err := strconv.ParseInt(string(raw), 10, bits)
	return err == nil
}
