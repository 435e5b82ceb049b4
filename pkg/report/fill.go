package report

import (
	"fmt"
	"time"
)

// group is one row of a part before its values are worked out.
type group struct {
	label   []string
	at      time.Time
	numbers map[string]*float64 // by column; nil is unknown
}

// fill makes the part of an answer.
func (l layout) fill(a answer, p plan) (Part, error) {
	groups, err := l.groups(a, p.span)
	if err != nil {
		return Part{}, err
	}
	part := l.part
	if l.by == byStep {
		part.Step = string(p.span.step)
	}
	if l.by == "" && len(l.labels) > 0 {
		if part.More, err = l.more(a, len(groups)); err != nil {
			return Part{}, err
		}
	}
	part.Rows = make([]Row, len(groups))
	for i, g := range groups {
		part.Rows[i] = Row{Label: g.label, At: g.at, Values: l.measure(g.numbers)}
	}
	return part, nil
}

func (l layout) groups(a answer, s span) ([]group, error) {
	if len(l.checks) > 0 {
		return l.checked(a)
	}
	if l.by != "" {
		return l.added(a, s)
	}
	var out []group
	for _, row := range l.own(a) {
		g := group{}
		for _, column := range l.labels {
			text, err := a.text(row, column)
			if err != nil {
				return nil, err
			}
			g.label = append(g.label, text)
		}
		var err error
		if g.numbers, err = l.numbers(a, row); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// own are the rows of the answer that belong to the part.
func (l layout) own(a answer) [][]any {
	if !a.has("part") {
		return a.rows
	}
	var out [][]any
	for _, row := range a.rows {
		if name, err := a.text(row, "part"); err == nil && name == l.part.Name {
			out = append(out, row)
		}
	}
	return out
}

// more is how many rows the limit left out.
func (l layout) more(a answer, have int) (int64, error) {
	if have == 0 || !a.has("all_rows") {
		return 0, nil
	}
	all, err := a.number(l.own(a)[0], "all_rows")
	if err != nil || all == nil {
		return 0, err
	}
	return int64(*all) - int64(have), nil
}

// numbers reads the columns that the measures need.
func (l layout) numbers(a answer, row []any) (map[string]*float64, error) {
	out := map[string]*float64{}
	for _, v := range l.values {
		for _, column := range []string{v.column, v.of} {
			if column == "" {
				continue
			}
			n, err := a.number(row, column)
			if err != nil {
				return nil, err
			}
			out[column] = n
		}
	}
	return out, nil
}

// checked makes a row of each check of the only row.
func (l layout) checked(a answer) ([]group, error) {
	if len(a.rows) != 1 {
		return nil, fmt.Errorf("the answer has %d rows, want one", len(a.rows))
	}
	out := make([]group, len(l.checks))
	for i, c := range l.checks {
		n, err := a.number(a.rows[0], c.column)
		if err != nil {
			return nil, err
		}
		of, err := a.number(a.rows[0], c.of)
		if err != nil {
			return nil, err
		}
		out[i] = group{label: c.labels, numbers: map[string]*float64{"count": n, "whole": of}}
	}
	return out, nil
}

// added sums the rows up by what the layout says. Groups without a row are zero.
func (l layout) added(a answer, s span) ([]group, error) {
	out, index, err := l.frame(a, s)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].numbers = map[string]*float64{}
		for _, v := range l.values {
			for _, column := range []string{v.column, v.of} {
				out[i].numbers[column] = new(float64)
			}
		}
	}
	for _, row := range a.rows {
		at, err := a.at(row, "bucket")
		if err != nil {
			return nil, err
		}
		i := index(at)
		if i < 0 || i >= len(out) {
			return nil, fmt.Errorf("%s lies outside of the window", at.Format(time.RFC3339))
		}
		numbers, err := l.numbers(a, row)
		if err != nil {
			return nil, err
		}
		for column, n := range numbers {
			if n != nil {
				*out[i].numbers[column] += *n
			}
		}
	}
	return out, nil
}

// frame gives the empty groups, and that of an instant.
func (l layout) frame(a answer, s span) ([]group, func(time.Time) int, error) {
	switch l.by {
	case bySum:
		return make([]group, 1), func(time.Time) int { return 0 }, nil
	case byHour:
		out := make([]group, 24)
		for i := range out {
			out[i].label = []string{fmt.Sprintf("%02d", i)}
		}
		return out, func(t time.Time) int { return t.In(s.zone).Hour() }, nil
	case byWeekday:
		out := make([]group, 7)
		for i := range out {
			out[i].label = []string{time.Weekday((i + 1) % 7).String()}
		}
		return out, func(t time.Time) int { return (int(t.In(s.zone).Weekday()) + 6) % 7 }, nil
	case byStep:
		return s.frame(a)
	}
	return nil, nil, fmt.Errorf("cannot add up by %s", l.by)
}

// measure works out the values of a row.
func (l layout) measure(numbers map[string]*float64) []Value {
	out := make([]Value, len(l.values))
	for i, v := range l.values {
		n := numbers[v.column]
		switch {
		case v.of != "":
			out[i] = rate(n, numbers[v.of])
		case n == nil && l.part.Measures[i].Kind == Count:
			out[i].N = new(float64) // the sum of no row is NULL
		default:
			out[i].N = n
		}
	}
	return out
}
