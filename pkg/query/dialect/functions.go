package dialect

import (
	_ "embed"
	"strings"
)

// functionNames are Trino's, as SHOW FUNCTIONS lists them, without those of
// geometry.
//
//go:embed functions.txt
var functionNames string

// forms look like calls and are none that SHOW FUNCTIONS lists.
const forms = `cast try_cast try if coalesce nullif extract count row array map position trim substring normalize exists in values over filter unnest grouping
	current_timestamp localtimestamp localtime current_time decimal varchar char timestamp time interval any all some and or not when then else case on using
	rollup cube sets group within by select from where having join union except intersect distinct lateral table bernoulli system tablesample with like
	between is as limit offset partition order explain format analyze type`

// absent are functions of DuckDB's that people know, and some that mean another
// thing here, with what to write.
var absent = map[string]string{
	"typeof": "nothing in its place: the names of types differ", "json_array_get": "json_extract(json, '$[1]')", "json_value": "json_extract_scalar(json, path)",
	"json_query": "json_extract(json, path)", "json_exists": "json_extract(json, path) IS NOT NULL", "verbose": "EXPLAIN ANALYZE",
	"age": "date_diff(unit, a, b)", "arg_max": "max_by(x, y)", "arg_min": "min_by(x, y)", "array_length": "cardinality(a)", "array_has": "contains(a, x)",
	"array_to_string": "array_join(a, delimiter)", "array_contains": "contains(a, x)", "char_length": "length(s)", "character_length": "length(s)",
	"date_part": "extract(unit FROM t)", "datepart": "extract(unit FROM t)", "date_sub": "date_diff(unit, a, b)", "datediff": "date_diff(unit, a, b)",
	"dayname": "date_format(t, '%W')", "dayofmonth": "day(t)", "dayofweek": "day_of_week(t)", "dayofyear": "day_of_year(t)", "ends_with": "s LIKE '%end'",
	"epoch": "to_unixtime(t)", "epoch_ms": "to_unixtime(t) * 1000", "first": "min_by(x, y)", "generate_series": "UNNEST(sequence(a, b))", "group_concat": "listagg(x, ',') WITHIN GROUP (ORDER BY x)",
	"ifnull": "coalesce(a, b)", "instr": "strpos(s, part)", "isoyear": "year_of_week(t)", "json_extract_string": "json_extract_scalar(json, path)",
	"last": "max_by(x, y)", "last_day": "last_day_of_month(t)", "left": "substr(s, 1, n)", "len": "length(s) or cardinality(a)", "levenshtein": "levenshtein_distance(a, b)",
	"list": "array_agg(x)", "list_contains": "contains(a, x)", "list_sort": "array_sort(a)", "list_transform": "transform(a, x -> …)", "list_filter": "filter(a, x -> …)",
	"list_distinct": "array_distinct(a)", "list_value": "ARRAY[…]", "make_date": "CAST('2026-07-05' AS date)", "median": "approx_percentile(x, 0.5)", "monthname": "date_format(t, '%M')",
	"nvl": "coalesce(a, b)", "prefix": "starts_with(s, start)", "printf": "concat or format_number", "quantile": "approx_percentile(x, p)", "quantile_cont": "approx_percentile(x, p)",
	"quantile_disc": "approx_percentile(x, p)", "range": "UNNEST(sequence(a, b - 1))", "regexp_matches": "regexp_like(s, pattern)", "right": "substr(s, -n)",
	"string_agg": "listagg(x, ',') WITHIN GROUP (ORDER BY x)", "string_split": "split(s, delimiter)", "str_split": "split(s, delimiter)", "strftime": "date_format(t, '%Y-%m-%d')",
	"strptime": "date_parse(s, '%Y-%m-%d')", "suffix": "s LIKE '%end'", "time_bucket": "date_trunc(unit, t)", "to_timestamp": "from_unixtime(x)", "trunc": "truncate(x)",
	"weekofyear": "week(t)", "struct_pack": "CAST(ROW(…) AS ROW(name type))", "unicode": "codepoint(s)", "to_json": "json_format(CAST(x AS json))", "hex": "to_hex(b)",
	"array_slice": "slice(a, i, n)", "array_filter": "filter(a, x -> …)", "array_transform": "transform(a, x -> …)", "today": "current_date", "get_current_timestamp": "current_timestamp",
	"bool": "CAST(x AS boolean)", "uuid_generate_v4": "uuid()", "gen_random_uuid": "uuid()", "isodow": "day_of_week(t)", "timezone_offset": "AT TIME ZONE", "sha2": "sha256(to_utf8(s))",
}

// Known tells whether Athena has a function of this name.
func Known(name string) bool { return known(name) }

func known(name string) bool {
	return within(functionNames, name, "\n") || within(forms, name, " \n\t")
}

// within tells whether a word stands in a text, with separators around it.
func within(text, word, separators string) bool {
	for at := 0; ; {
		n := strings.Index(text[at:], word)
		if n < 0 {
			return false
		}
		start, end := at+n, at+n+len(word)
		if (start == 0 || strings.IndexByte(separators, text[start-1]) >= 0) && (end == len(text) || strings.IndexByte(separators, text[end]) >= 0) {
			return true
		}
		at = end
	}
}

// refuseFunctions refuses calls of what Athena does not have.
func refuseFunctions(s *source) error {
	for i, t := range s.tokens {
		if !t.IsName() || !s.is(i+1, "(") || !s.mayCall(i) {
			continue
		}
		if write, ok := absent[t.Text]; ok {
			return s.refuse(i, "%s is not on both targets: write %s", t.Text, write)
		}
		if known(t.Text) {
			continue
		}
		return s.refuse(i, "Athena has no function %s: see https://trino.io/docs/current/functions.html", t.Text)
	}
	return nil
}

// mayCall tells a call from the columns of an alias or of WITH.
func (s *source) mayCall(i int) bool {
	if i == 0 {
		return true
	}
	if s.is(i-1, "as") || s.any(i-1, ")", "]") || s.isText(i-1) || s.is(i-1, "ordinality") {
		return false
	}
	before := s.tokens[i-1]
	if before.Kind == Quoted || before.Kind == Word && !isKeyword(before.Text) && !known(before.Text) && !s.any(i-1, "recursive", "in", "return") {
		return false
	}
	end := s.pair[i+1]
	return end < 0 || !s.is(end+1, "as", "(")
}
