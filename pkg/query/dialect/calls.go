package dialect

import (
	"regexp"
	"strings"

	"pixelctl/pkg/query"
)

// functions writes calls that macros cannot give: aggregates, which take
// FILTER and OVER, and formats, which DuckDB wants as constants.
func functions(s *source) error {
	for i, t := range s.tokens {
		if t.Kind != Word || !s.is(i+1, "(") || s.pair[i+1] < 0 || s.any(i-1, ".", "as") {
			continue
		}
		if name, ok := aggregates[t.Text]; ok {
			s.rename(i, name)
		}
		if write, ok := calls[t.Text]; ok {
			if err := write(s, i, s.args(i+1)); err != nil {
				return err
			}
		}
	}
	return nil
}

// aggregates have another name in DuckDB.
var aggregates = map[string]string{
	"every": "bool_and",
}

var calls = map[string]func(s *source, i int, args [][2]int) error{
	"if":                twoArguments,
	"extract":           extract,
	"listagg":           listagg,
	"approx_distinct":   approxDistinct,
	"approx_percentile": approxPercentile,
	"max_by":            byValue,
	"min_by":            byValue,
	"map_agg":           mapAgg,
	"bitwise_and_agg":   wide("bit_and"),
	"bitwise_or_agg":    wide("bit_or"),
	"bitwise_xor_agg":   wide("bit_xor"),
	"grouping":          grouping,
	"sequence":          sequence,
	"reduce":            reduce,
	"map_filter":        mapFilter,
	"transform_values":  transformValues,
	"transform_keys":    transformKeys,
	"zip_with":          zipWith,
	"date_format":       dateFormat,
	"date_parse":        dateParse,
	"format_datetime":   formatDatetime,
	"parse_datetime":    parseDatetime,
	"any_match":         matches,
	"all_match":         matches,
	"none_match":        matches,
	"transform":         renamed("list_transform"),
	"to_milliseconds":   renamed("interval_milliseconds"),
	"filter":            filter,
	"format":            format,
}

func renamed(name string) func(*source, int, [][2]int) error {
	return func(s *source, i int, _ [][2]int) error {
		s.rename(i, name)
		return nil
	}
}

func twoArguments(s *source, i int, args [][2]int) error {
	if len(args) == 2 {
		s.before(s.pair[i+1], ", NULL")
	}
	return nil
}

// parts are units of EXTRACT that DuckDB calls otherwise.
var parts = map[string]string{
	"day_of_week": "isodow", "dow": "isodow", "day_of_year": "doy", "day_of_month": "day", "year_of_week": "isoyear", "yow": "isoyear",
}

func extract(s *source, i int, _ [][2]int) error {
	if part, ok := parts[s.tokens[i+2].Text]; ok && s.is(i+3, "from") {
		s.rename(i+2, part)
	}
	return nil
}

// listagg(x, ', ') WITHIN GROUP (ORDER BY y) is string_agg(x, ', ' ORDER BY y).
func listagg(s *source, i int, args [][2]int) error {
	end := s.pair[i+1]
	if !s.is(end+1, "within", "group", "(") || s.pair[end+3] < 0 {
		return s.refuse(i, "Athena wants an order: listagg(x, ', ') WITHIN GROUP (ORDER BY x)")
	}
	for j := i + 2; j < end; j++ {
		if s.is(j, "on", "overflow") {
			return s.refuse(j, "ON OVERFLOW is not known here: leave it out")
		}
	}
	s.rename(i, "string_agg")
	separator := ""
	if len(args) == 1 {
		separator = ", ''"
	}
	s.replace(end, end+3, separator)
	return nil
}

func approxDistinct(s *source, i int, args [][2]int) error {
	s.rename(i, "count")
	s.after(i+1, "DISTINCT ")
	if len(args) == 2 {
		s.replace(args[0][1], args[1][1]-1, "")
	}
	return nil
}

// approxPercentile takes the value that Trino takes where few enough are seen:
// quantile_disc rounds down where Trino rounds up.
func approxPercentile(s *source, i int, args [][2]int) error {
	if len(args) != 2 {
		return s.refuse(i, "approx_percentile takes a column and a share here: approx_percentile(x, 0.95)")
	}
	s.rename(i, "quantile_disc")
	s.before(args[0][0], "wide(")
	s.after(args[0][1]-1, ")")
	share := "share_above("
	if s.is(args[1][0], "array") {
		share = "shares_above("
	}
	s.before(args[1][0], share)
	s.after(args[1][1]-1, ")")
	return nil
}

// byValue keeps a NULL that belongs to the greatest value, as Trino does.
func byValue(s *source, i int, args [][2]int) error {
	if len(args) == 2 {
		s.rename(i, "arg_"+strings.TrimSuffix(s.tokens[i].Text, "_by")+"_null")
	}
	return nil
}

// mapAgg collects pairs first, so that FILTER stays with the aggregate.
func mapAgg(s *source, i int, args [][2]int) error {
	if len(args) != 2 {
		return nil
	}
	end := s.pair[i+1]
	if s.is(end+1, "filter", "(") && s.pair[end+2] > 0 {
		s.after(s.pair[end+2], ")")
	} else {
		s.after(end, ")")
	}
	s.rename(i, "pairs_to_map(list")
	s.before(args[0][0], "struct_pack(key := ")
	s.before(args[1][0], "value := ")
	s.before(end, ")")
	return nil
}

// wide is an aggregate of whole numbers that Athena answers with bigint.
func wide(name string) func(*source, int, [][2]int) error {
	return func(s *source, i int, args [][2]int) error {
		s.rename(i, name)
		if len(args) == 1 {
			s.before(args[0][0], "wide(")
			s.after(args[0][1]-1, ")")
		}
		return nil
	}
}

func grouping(s *source, i int, _ [][2]int) error {
	if !s.is(i+2, "sets") {
		s.before(i, "CAST(")
		s.after(s.pair[i+1], " AS INTEGER)")
	}
	return nil
}

// sequence of dates has dates; its step is a day where none is given.
func sequence(s *source, i int, args [][2]int) error {
	if len(args) < 2 || !s.isDate(args[0][0], args[0][1]-1) {
		return nil
	}
	s.rename(i, "date_sequence")
	if len(args) == 2 {
		s.before(s.pair[i+1], ", INTERVAL 1 DAY")
	}
	return nil
}

// format is Java's; DuckDB calls C's so printf.
func format(s *source, i int, args [][2]int) error {
	// These parts mean the same in C and in Java.
	plain := regexp.MustCompile(`^(?:[^%]|%%|%s|%-?0?\d*d|%0?\d*(?:\.\d+)?f)*$`)
	if len(args) == 0 || !s.isText(args[0][0]) || args[0][1] != args[0][0]+1 || !plain.MatchString(s.tokens[args[0][0]].Text) {
		return s.refuse(i, "format wants a text with %%s, %%d, %%05d or %%.2f here: lpad, round and || do the rest")
	}
	s.rename(i, "printf")
	return nil
}

func filter(s *source, i int, args [][2]int) error {
	if len(args) == 2 && !s.is(i-1, ")") {
		s.rename(i, "list_filter")
	}
	return nil
}

// matches are any_match, all_match and none_match.
func matches(s *source, i int, args [][2]int) error {
	if len(args) != 2 {
		return nil
	}
	s.rename(i, s.tokens[i].Text+"(list_transform")
	s.after(s.pair[i+1], ")")
	return nil
}

// mysql are the specifiers of date_format and date_parse in the words of strftime.
var mysql = map[byte]string{
	'Y': "%Y", 'y': "%y", 'm': "%m", 'c': "%-m", 'M': "%B", 'b': "%b", 'd': "%d", 'e': "%-d", 'j': "%j", 'H': "%H", 'k': "%-H", 'h': "%I", 'I': "%I",
	'l': "%-I", 'p': "%p", 'i': "%M", 's': "%S", 'S': "%S", 'f': "%f", 'T': "%H:%M:%S", 'r': "%I:%M:%S %p", 'W': "%A", 'a': "%a", '%': "%%",
	'v': "%V", 'x': "%G",
}

// joda are the patterns of format_datetime and parse_datetime likewise.
var joda = map[string]string{
	"yyyy": "%Y", "yy": "%y", "y": "%Y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m", "dd": "%d", "d": "%-d", "HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I",
	"mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g", "EEEE": "%A", "EEE": "%a", "EE": "%a", "E": "%a", "a": "%p", "D": "%-j", "DDD": "%j",
}

func dateFormat(s *source, i int, args [][2]int) error {
	return s.formats(i, args, mysqlFormat)
}

func formatDatetime(s *source, i int, args [][2]int) error {
	return s.formats(i, args, jodaFormat)
}

// formats writes a call that formats the clock of its first argument.
func (s *source) formats(i int, args [][2]int, write func(string) (string, string)) error {
	if err := s.format(i, args, write); err != nil || len(args) != 2 {
		return err
	}
	s.rename(i, "strftime")
	s.before(args[0][0], "CAST(")
	s.after(args[0][1]-1, " AS TIMESTAMP)")
	return nil
}

func dateParse(s *source, i int, args [][2]int) error {
	if err := s.format(i, args, s.mysqlParse(args)); err != nil {
		return err
	}
	s.rename(i, "strptime")
	return nil
}

// mysqlParse begins at 1970, as Athena does, where a format has no year.
func (s *source) mysqlParse(args [][2]int) func(string) (string, string) {
	return func(text string) (format, bad string) {
		if format, bad = mysqlFormat(text); bad == "" && !strings.Contains(format, "%Y") && !strings.Contains(format, "%y") {
			s.before(args[0][0], "'1970 ' || ")
			format = "%Y " + format
		}
		return format, bad
	}
}

func parseDatetime(s *source, i int, args [][2]int) error {
	if err := s.format(i, args, jodaFormat); err != nil {
		return err
	}
	s.rename(i, "utc(strptime")
	s.after(s.pair[i+1], ")")
	return nil
}

// format writes the second argument, a format, for DuckDB.
func (s *source) format(i int, args [][2]int, write func(string) (format, bad string)) error {
	if len(args) != 2 {
		return nil // the engine says what is wrong
	}
	at := args[1][0]
	if !s.isText(at) || args[1][1] != at+1 || len(s.tokens[at].Text) < 2 || s.tokens[at].Text[0] != '\'' {
		return s.refuse(i, "%s wants its format as a text in the statement", s.tokens[i].Text)
	}
	text := s.tokens[at].Text
	format, bad := write(strings.ReplaceAll(text[1:len(text)-1], "''", "'"))
	if bad != "" {
		return s.refuse(at, "%s knows no %s here", s.tokens[i].Text, bad)
	}
	s.rename(at, query.Literal(format))
	return nil
}

// mysqlFormat gives a format for strftime, or the part that has none. A letter
// that means nothing stands for itself.
func mysqlFormat(text string) (format, bad string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i++; i == len(text) {
			break
		}
		part, ok := mysql[text[i]]
		if !ok && strings.IndexByte("DUuVwX", text[i]) >= 0 {
			return "", "%" + text[i:i+1]
		}
		if !ok {
			part = text[i : i+1]
		}
		b.WriteString(part)
	}
	return b.String(), ""
}

// plain is text that strftime leaves alone.
func plain(text string) string { return strings.ReplaceAll(text, "%", "%%") }

// jodaFormat likewise; text stands in single quotes.
func jodaFormat(text string) (format, bad string) {
	var b strings.Builder
	for i := 0; i < len(text); {
		c, n := text[i], 1
		switch {
		case strings.HasPrefix(text[i:], "''"):
			n = 2
			b.WriteByte('\'')
		case c == '\'':
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return "", text[i:]
			}
			n = end + 2
			b.WriteString(plain(text[i+1 : i+1+end]))
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			for i+n < len(text) && text[i+n] == c {
				n++
			}
			part, ok := joda[text[i:i+n]]
			if !ok {
				return "", text[i : i+n]
			}
			b.WriteString(part)
		default:
			b.WriteString(plain(text[i : i+1]))
		}
		i += n
	}
	return b.String(), ""
}
