package query

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

// Filter is one condition on the rows of the table: a column, or a parameter of
// its map, compared with a value.
type Filter struct {
	Column string
	Key    string // of the map params; "" for a column
	Op     string // one of = != ~ !~; ~ is contains, in any case of letters
	Value  string
}

var filterForm = regexp.MustCompile(`^\s*([a-z_][a-z0-9_]*)(?:\.([^=!~\s]{1,128}))?\s*(!=|!~|=|~)\s*(.*?)\s*$`)

// maxFilter is the most bytes of a value: no column is longer.
const maxFilter = 2048

const filterHint = "write site=shop, client_class!=bot, page_path~offer, user_agent!~curl or params.colour=blue"

// ParseFilter reads a condition: NAME=VALUE, NAME!=VALUE, NAME~PART or NAME!~PART,
// where NAME is a column or params.KEY. There is nothing else. Errors are
// fault.Usage.
func ParseFilter(s string) (Filter, error) {
	m := filterForm.FindStringSubmatch(s)
	if m == nil {
		return Filter{}, fault.New(fault.Usage, "filter %.80q is no condition", s).WithHint("%s", filterHint)
	}
	f := Filter{Column: m[1], Key: m[2], Op: m[3], Value: m[4]}
	switch {
	case len(f.Value) > maxFilter:
		return f, fault.New(fault.Usage, "filter on %s: the value is longer than %d bytes", f.Column, maxFilter)
	case (f.Key != "") != (f.Column == paramsColumn):
		return f, fault.New(fault.Usage, "filter %.80q: only %s has keys, and it needs one", s, paramsColumn).WithHint("%s", filterHint)
	}
	return f, nil
}

const paramsColumn = "params"

// Predicate gives the condition in SQL that holds on both engines. A column that
// the table has not, or a value that its type has not, is fault.Usage.
func (f Filter) Predicate(schema event.Schema) (string, error) {
	columns := schema.Columns()
	i := slices.IndexFunc(columns, func(c event.Column) bool { return c.Name == f.Column })
	if i < 0 {
		err := fault.New(fault.Usage, "filter: the table has no column %q", f.Column).WithHint("pixelctl fields show lists them")
		if near := fault.Nearest(f.Column, schema.Names()); near != "" {
			err = err.WithHint("did you mean %s?", near)
		}
		return "", err
	}
	if columns[i].Type == event.Map {
		return f.text("element_at(" + identifier(f.Column) + ", " + Literal(f.Key) + ")"), nil
	}
	if columns[i].Type == event.String {
		return f.text(identifier(f.Column)), nil
	}
	return f.typed(columns[i].Type)
}

// text compares text; what is not there differs from everything and contains
// nothing.
func (f Filter) text(of string) string {
	switch f.Op {
	case "=":
		return of + " = " + Literal(f.Value)
	case "!=":
		return "coalesce(" + of + " <> " + Literal(f.Value) + ", true)"
	case "~":
		return "strpos(lower(" + of + "), lower(" + Literal(f.Value) + ")) > 0"
	}
	return "coalesce(strpos(lower(" + of + "), lower(" + Literal(f.Value) + ")) = 0, true)"
}

// errNoValue is what no literal can be made of.
var errNoValue = errors.New("no value of that type")

// typed compares numbers and booleans, whose literals have a type.
func (f Filter) typed(t event.Type) (string, error) {
	wrong := func(hint string) error {
		return fault.New(fault.Usage, "filter on %s: it is a %s, which %q is not", f.Column, t, f.Value).WithHint("%s", hint)
	}
	value := strings.ToLower(f.Value)
	var err error
	switch t {
	case event.Int, event.BigInt:
		_, err = strconv.ParseInt(value, 10, 64)
	case event.Double:
		var n float64
		if n, err = strconv.ParseFloat(value, 64); math.IsInf(n, 0) || math.IsNaN(n) {
			err = errNoValue
		}
		value = strconv.FormatFloat(n, 'E', -1, 64)
	case event.Boolean:
		if value != "true" && value != "false" {
			err = errNoValue
		}
	default:
		return "", wrong("filters compare text, numbers and booleans; pixelctl query compares times")
	}
	if err != nil {
		return "", wrong("write a value of that type")
	}
	switch f.Op {
	case "=":
		return identifier(f.Column) + " = " + value, nil
	case "!=":
		return "coalesce(" + identifier(f.Column) + " <> " + value + ", true)", nil
	}
	return "", fault.New(fault.Usage, "filter on %s: only text contains something, it is a %s", f.Column, t).WithHint("use = or !=")
}

func identifier(name string) string { return `"` + name + `"` }

// Literal writes a text as Trino and DuckDB read it.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
