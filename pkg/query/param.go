package query

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

// Param is a value for :name in SQL. Engines are handed it beside the
// statement, so it is data whatever it holds.
type Param struct {
	Name  string
	Type  ParamType
	Value any // string, int64, float64, bool, or time.Time in UTC
}

// ParamType is what a value is.
type ParamType string

// The types of parameters.
const (
	ParamString    ParamType = "string"
	ParamInt       ParamType = "int"
	ParamDouble    ParamType = "double"
	ParamBoolean   ParamType = "boolean"
	ParamDate      ParamType = "date"
	ParamTimestamp ParamType = "timestamp"
)

// paramTypes lists them.
func paramTypes() []string {
	return []string{string(ParamString), string(ParamInt), string(ParamDouble), string(ParamBoolean), string(ParamDate), string(ParamTimestamp)}
}

// maxParam is the longest value that Athena takes (StartQueryExecution,
// ExecutionParameters), in characters of its literal.
const maxParam = 1024

var paramName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// parseParam reads name=value, which is a string, or name:type=value.
func parseParam(s string) (Param, error) {
	left, text, ok := strings.Cut(s, "=")
	name, kind, typed := strings.Cut(left, ":")
	p := Param{Name: name, Type: ParamString}
	if typed {
		p.Type = ParamType(strings.ToLower(kind))
	}
	switch {
	case !ok || !paramName.MatchString(name):
		return p, fault.New(fault.Usage, "--param: %q is not name=value", s).WithHint("write --param site=news, or --param least:int=5")
	case !slices.Contains(paramTypes(), string(p.Type)):
		return p, unknownType(p)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return p, fault.New(fault.Usage, "--param %s: the value is no text in UTF-8", name)
	}
	value, err := p.parse(text)
	if err != nil {
		return p, err
	}
	p.Value = value
	if n := utf8.RuneCountInString(p.Literal()); n > maxParam {
		return p, fault.New(fault.Usage, "--param %s: the value has %d characters, and Athena takes %d", name, n, maxParam)
	}
	return p, nil
}

func unknownType(p Param) error {
	e := fault.New(fault.Usage, "--param %s: unknown type %q", p.Name, p.Type)
	if near := fault.Nearest(string(p.Type), paramTypes()); near != "" {
		return e.WithHint("did you mean %s:%s?", p.Name, near)
	}
	return e.WithHint("types are %s", strings.Join(paramTypes(), ", "))
}

// ParseParams reads each of a list; a name may be there once.
func ParseParams(list []string) ([]Param, error) {
	var out []Param
	for _, s := range list {
		p, err := parseParam(s)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(o Param) bool { return o.Name == p.Name }) {
			return nil, fault.New(fault.Usage, "--param %s is given twice", p.Name).WithHint("give each name one value")
		}
		out = append(out, p)
	}
	return out, nil
}

func (p Param) parse(s string) (any, error) {
	wrong := fault.New(fault.Usage, "--param %s: %q is no %s", p.Name, s, p.Type)
	switch p.Type {
	case ParamString:
		return s, nil
	case ParamInt:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n, nil
		}
		return nil, wrong.WithHint("write a whole number, such as --param %s:int=5", p.Name)
	case ParamDouble:
		if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f, nil
		}
		return nil, wrong.WithHint("write a number, such as --param %s:double=0.5", p.Name)
	case ParamBoolean:
		if s == "true" || s == "false" {
			return s == "true", nil
		}
		return nil, wrong.WithHint("write true or false")
	case ParamDate, ParamTimestamp:
	}
	layouts := []string{time.RFC3339, event.TimeLayout, time.DateTime, time.DateOnly}
	if p.Type == ParamDate {
		layouts = []string{time.DateOnly}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return nil, wrong.WithHint("write 2026-07-05, or for a timestamp also 2026-07-05T09:00:00Z")
}

// Literal is the value as Athena's ExecutionParameters take it: text carries
// its quotes, and those within are doubled.
func (p Param) Literal() string {
	switch v := p.Value.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'E', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if p.Type == ParamDate {
			return "DATE '" + v.Format(time.DateOnly) + "'"
		}
		return Timestamp(v)
	case string:
		return Literal(v)
	}
	return "NULL"
}
