package report

import (
	"fmt"
	"strings"
)

// statement is one SQL statement of a file and the parts that it fills.
type statement struct {
	sql   string
	parts []layout
}

// layout says how the rows of a statement become a part: in comments of the
// file before the SQL, one line each.
//
//	-- part: NAME, CHART, TITLE
//	-- note: TEXT
//	-- by: sum, step, hour of day or day of week; without it a row is a row
//	-- label: COLUMN, TITLE
//	-- count: COLUMN, TITLE             number: is alike
//	-- share: NAME, COLUMN, OF, TITLE
//	-- check: COLUMN, OF, LABEL, LABEL  one row of the part for each
type layout struct {
	part   Part
	by     string
	labels []string // columns
	values []source
	checks []check
}

// source says where a measure comes from: a column, or its share of another.
type source struct {
	column string
	of     string // of a share
}

// check is one row made of two columns.
type check struct {
	column, of string
	labels     []string
}

// The ways by which rows are added up.
const (
	bySum     = "sum"
	byStep    = "step"
	byHour    = "hour of day"
	byWeekday = "day of week"
)

// read parses the file of a report.
func read(name string) ([]statement, error) {
	text, err := files.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return nil, fmt.Errorf("read report %s: %w", name, err)
	}
	return parse(name, string(text))
}

func parse(name, text string) ([]statement, error) {
	var out []statement
	for _, piece := range split(text) {
		s := statement{sql: piece}
		for line := range strings.SplitSeq(piece, "\n") {
			key, value, ok := strings.Cut(strings.TrimPrefix(line, "-- "), ": ")
			if !ok || !strings.HasPrefix(line, "-- ") {
				continue
			}
			if err := s.read(key, value); err != nil {
				return nil, fmt.Errorf("read report %s: %q: %w", name, line, err)
			}
		}
		if len(s.parts) == 0 {
			return nil, fmt.Errorf("read report %s: a statement fills no part", name)
		}
		out = append(out, s)
	}
	return out, nil
}

// split cuts a file after each line that ends a statement. Comments stay with
// the statement below them.
func split(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		end := !strings.HasPrefix(line, "--") && strings.HasSuffix(line, ";\n")
		if !end {
			b.WriteString(line)
			continue
		}
		b.WriteString(strings.TrimSuffix(line, ";\n"))
		out = append(out, b.String())
		b.Reset()
	}
	if strings.TrimSpace(b.String()) != "" {
		out = append(out, b.String())
	}
	return out
}

// read takes one line. Keys that are none are prose.
func (s *statement) read(key, value string) error {
	most, ok := map[string]int{"part": 3, "note": 1, "by": 1, "label": 2, "count": 2, "number": 2, "share": 4, "check": 4}[key]
	if !ok {
		return nil
	}
	words := strings.SplitN(value, ", ", most)
	if len(words) < most || key != "part" && len(s.parts) == 0 {
		return fmt.Errorf("want %d words of a part", most)
	}
	if key == "part" {
		s.parts = append(s.parts, layout{part: Part{Name: words[0], Chart: Chart(words[1]), Title: words[2]}})
		return nil
	}
	s.parts[len(s.parts)-1].read(key, words)
	return nil
}

func (l *layout) read(key string, words []string) {
	switch key {
	case "note":
		l.part.Note = words[0]
	case "by":
		l.by = words[0]
	case "label":
		l.labels = append(l.labels, words[0])
		l.part.Labels = append(l.part.Labels, words[1])
	case "check":
		l.checks = append(l.checks, check{words[0], words[1], words[2:]})
	case "share":
		l.values = append(l.values, source{words[1], words[2]})
		l.part.Measures = append(l.part.Measures, Measure{words[0], words[3], Share})
	default:
		l.values = append(l.values, source{column: words[0]})
		l.part.Measures = append(l.part.Measures, Measure{words[0], words[1], Kind(key)})
	}
}
