//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"fmt"
	"strings"
	"testing"
)

const sunday = "timestamp '2026-07-05 09:08:07.123'"

// trinoFunctions has the values of Trino's documentation and of its rules:
// whole units in date_diff, NULL in gives NULL, NULLs last, integer division.
var trinoFunctions = []struct{ sql, want string }{
	{"date_format(" + sunday + ", '%Y-%m-%d %H:%i:%s')", "2026-07-05 09:08:07"},
	{"date_format(" + sunday + ", '%y %c/%e %M %b')", "26 7/5 July Jul"},
	{"date_format(" + sunday + ", '%W %a %j')", "Sunday Sun 186"},
	{"date_format(" + sunday + ", '%k %l %h %I %p %r')", "9 9 09 09 AM 09:08:07 AM"},
	{"date_format(" + sunday + ", '%T.%f')", "09:08:07.123000"},
	{"date_format(" + sunday + ", '%x-%v')", "2026-27"},
	{"date_format(" + sunday + ", '%%Y %z text')", "%Y z text"},
	{"date_format(date '2026-07-05', '%Y-%m-%d')", "2026-07-05"},
	{"date_format(NULL, '%Y-%m')", "<nil>"},
	{"date_parse('2026-07-05 09:08:07', '%Y-%m-%d %H:%i:%s')", "2026-07-05 09:08:07 +0000 UTC"},
	{"date_parse('2026-07-05 09:08', '%Y-%m-%d %H:%i')", "2026-07-05 09:08:00 +0000 UTC"},
	{"date_parse('20260705', '%Y%m%d')", "2026-07-05 00:00:00 +0000 UTC"},
	{"date_parse('2026/07/05/09', '%Y/%m/%d/%H')", "2026-07-05 09:00:00 +0000 UTC"},
	{"format_datetime(" + sunday + ", 'yyyy-MM-dd''T''HH:mm:ss.SSS')", "2026-07-05T09:08:07.123"},
	{"format_datetime(" + sunday + ", 'EEE, d MMM yy h:m a')", "Sun, 5 Jul 26 9:8 AM"},
	{"from_iso8601_timestamp('2026-07-05T11:08:07+02:00')", "2026-07-05 09:08:07 +0000 UTC"},
	{"from_iso8601_date('2026-07-05')", "2026-07-05 00:00:00 +0000 UTC"},
	{"to_iso8601(date '2026-07-05')", "2026-07-05"},
	{"to_iso8601(" + sunday + ")", "2026-07-05T09:08:07.123"},
	{"from_unixtime(1783242487)", "2026-07-05 09:08:07 +0000 UTC"},
	{"to_unixtime(timestamp '1970-01-01 00:00:01.500')", "1.5"},
	{"date_trunc('hour', " + sunday + ")", "2026-07-05 09:00:00 +0000 UTC"},
	{"date_add('day', -5, " + sunday + ")", "2026-06-30 09:08:07.123 +0000 UTC"},
	{"date_add('month', 1, timestamp '2026-01-31 00:00:00')", "2026-02-28 00:00:00 +0000 UTC"},
	{"date_add('week', 2, " + sunday + ")", "2026-07-19 09:08:07.123 +0000 UTC"},
	{"date_add('second', 90, " + sunday + ")", "2026-07-05 09:09:37.123 +0000 UTC"},
	{"date_diff('day', timestamp '2026-07-01 10:00:00', timestamp '2026-07-03 09:00:00')", "1"},
	{"date_diff('second', timestamp '2020-03-01 00:00:00', timestamp '2020-03-02 00:00:00')", "86400"},
	{"date_diff('hour', timestamp '2026-07-01 10:00:00', timestamp '2026-07-01 09:30:00')", "0"},
	{"day_of_week(" + sunday + ")", "7"},
	{"day_of_year(" + sunday + ")", "186"},
	{"week(" + sunday + ")", "27"},
	{"year_of_week(date '2027-01-01')", "2026"},
	{"millisecond(" + sunday + ")", "123"},
	{"last_day_of_month(date '2026-02-03')", "2026-02-28 00:00:00 +0000 UTC"},
	{"to_unixtime(with_timezone(timestamp '2026-07-05 09:00:00', 'Europe/Berlin'))", "1.7832348e+09"},
	{"CAST(with_timezone(timestamp '2026-07-05 09:00:00', 'UTC') AT TIME ZONE 'Europe/Berlin' AS timestamp)", "2026-07-05 11:00:00 +0000 UTC"},
	{"regexp_like('1a 2b 14m', '\\d+b')", "true"},
	{"regexp_extract('1a 2b 14m', '\\d+')", "1"},
	{"regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2)", "a"},
	{"regexp_extract('abc', '\\d')", "<nil>"},
	{"regexp_extract_all('1a 2b 14m', '\\d+')", "[1 2 14]"},
	{"regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", "3ca 3cb 14m"},
	{"regexp_replace('1a 2b 14m', '\\d+[ab] ')", "14m"},
	{"regexp_count('1a 2b 14m', '\\s*[a-z]+\\s*')", "3"},
	{"regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')", "[1 2 14 ]"},
	{"url_extract_protocol('http://example.com/a')", "http"},
	{"url_extract_host('https://user@www.example.com:8080/a?b=c#d')", "www.example.com"},
	{"url_extract_port('https://www.example.com:8080/a')", "8080"},
	{"url_extract_path('https://www.example.com/a%20b?c=d')", "/a b"},
	{"url_extract_query('https://www.example.com/a?b=c&d=e#f')", "b=c&d=e"},
	{"url_extract_fragment('https://www.example.com/a#f')", "f"},
	{"url_extract_parameter('https://www.example.com/?a=1&b=x+y%21', 'b')", "x y!"},
	{"url_extract_parameter('https://www.example.com/?a=1', 'c')", "<nil>"},
	{"url_encode('a b/é')", "a+b%2F%C3%A9"},
	{"url_decode('a+b%2F')", "a b/"},
	{"element_at(MAP {'a': 1}, 'a')", "1"},
	{"element_at(MAP {'a': 1}, 'b')", "<nil>"},
	{"element_at([1, 2], 5)", "<nil>"},
	{"element_at([1, 2], -1)", "2"},
	{"cardinality([1, 2])", "2"},
	{"cardinality(MAP {'a': 1})", "1"},
	{"array_join([1, NULL, 3], '-')", "1-3"},
	{"array_join([1, NULL, 3], '-', 'x')", "1-x-3"},
	{"array_max([1, 3, 2])", "3"},
	{"array_sort([3, NULL, 1])", "[1 3 <nil>]"},
	{"array_position([1, 2], 2)", "2"},
	{"array_position([1, 2], 3)", "0"},
	{"array_except([1, 2, 2, 3], [3])", "[1 2]"},
	{"array_distinct([2, 1, 2])", "[2 1]"},
	{"array_union([1, 2], [2, 3])", "[1 2 3]"},
	{"array_remove([1, 2, 1], 1)", "[2]"},
	{"slice([1, 2, 3, 4], 2, 2)", "[2 3]"},
	{"sequence(1, 5)", "[1 2 3 4 5]"},
	{"sequence(1, 9, 4)", "[1 5 9]"},
	{"contains([1, 2], 2)", "true"},
	{"split('a,b', ',')", "[a b]"},
	{"split_part('a-b-c', '-', 2)", "b"},
	{"split_part('a-b-c', '-', 9)", "<nil>"},
	{"split_to_map('a=1;b=2', ';', '=')", "[{a 1} {b 2}]"},
	{"json_extract_scalar('{\"a\":{\"b\":5}}', '$.a.b')", "5"},
	{"json_extract_scalar('{\"a\":{\"b\":5}}', '$.a')", "<nil>"},
	{"json_format(json_parse('{\"a\": 1}'))", `{"a":1}`},
	{"json_array_length('[1, 2, 3]')", "3"},
	{"to_hex(to_utf8('é'))", "C3A9"},
	{"from_utf8(from_hex('C3A9'))", "é"},
	{"(SELECT checksum(row(a, b)) FROM (VALUES ('a', 1), ('b', 2)) t(a, b)) = (SELECT checksum(row(a, b)) FROM (VALUES ('b', 2), ('a', 1)) t(a, b))", "true"},
	{"(SELECT checksum(row(a, b)) FROM (VALUES ('a', 1), ('b', 2)) t(a, b)) = (SELECT checksum(row(a, b)) FROM (VALUES ('a', 2), ('b', 1)) t(a, b))", "false"},
	{"(SELECT checksum(a) FROM (VALUES ('a'), ('a')) t(a)) = (SELECT checksum(a) FROM (VALUES ('b'), ('b')) t(a))", "false"},
	{"to_hex(md5(to_utf8('a')))", "0CC175B9C0F1B6A831C399E269772661"},
	{"to_hex(sha256(to_utf8('')))", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"},
	{"concat('a', 'b', 'c')", "abc"},
	{"concat('a', NULL)", "<nil>"},
	{"concat_ws(',', 'a', NULL, 'b')", "a,b"},
	{"strpos('abc', 'c')", "3"},
	{"substr('abc', -2)", "bc"},
	{"lpad('7', 2, '0')", "07"},
	{"levenshtein_distance('apple', 'epplea')", "2"},
	{"7 / 2", "3"},
	{"-7 / 2", "-3"},
	{"mod(7, 3)", "1"},
	{"truncate(-1.5E0)", "-1"},
	{"greatest(1, NULL)", "<nil>"},
	{"least(3, 1, 2)", "1"},
	{"bitwise_and(19, 25)", "17"},
	{"try(CAST('x' AS INTEGER))", "<nil>"},
	{"try_cast('x' AS INTEGER)", "<nil>"},
	{"if(1 = 1, 'a', 'b')", "a"},
	{"is_nan(nan())", "true"},
	{"current_timezone()", "UTC"},
	{"approx_percentile(x, 0.5) FROM (VALUES (1), (2), (3), (4)) t(x)", "3"},
	{"approx_percentile(x, 1) FROM (VALUES (1), (2), (3), (4)) t(x)", "4"},
	{"approx_distinct(x) FROM (VALUES (1), (1), (2), (NULL)) t(x)", "2"},
	{"max_by(x, y) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)", "a"},
	{"min_by(x, y) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)", "b"},
	{"map_agg(x, y) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)", "[{a 2} {b 1}]"},
	{"count_if(x > 1) FROM (VALUES (1), (2), (3)) t(x)", "2"},
	{"every(x > 1) FROM (VALUES (1), (2)) t(x)", "false"},
	{"array_agg(x ORDER BY x) FROM (VALUES (2), (NULL), (1)) t(x)", "[1 2 <nil>]"},
	{"array_agg(x ORDER BY x DESC) FROM (VALUES (2), (NULL), (1)) t(x)", "[2 1 <nil>]"},
}

func TestTrinoFunctions(t *testing.T) {
	e := open(t, Source{})
	for _, c := range trinoFunctions {
		if got := fmt.Sprint(one(t, e, "SELECT "+c.sql)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.sql, got, c.want)
		}
	}
}

func TestFunctionsThatRefuse(t *testing.T) {
	e := open(t, Source{})
	for sql, want := range map[string]string{
		"date_format(timestamp '2026-07-05 00:00:00', '%D')":  "%D is not supported",
		"date_parse('x', '%q')":                               "format '%q' is not supported",
		"date_add('eon', 1, timestamp '2026-07-05 00:00:00')": "'eon' is not a unit",
	} {
		if _, err := ask(e, "SELECT "+sql); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", sql, err, want)
		}
	}
}

// Settings hold for every statement, and functions work over the table.
func TestFunctionsOverTheTable(t *testing.T) {
	e := open(t, Source{Spool: []string{segment(t, 100, 2)}})
	res := mustAsk(t, e, `SELECT date_format(received_at, '%Y-%m-%d %H') AS h, count(*) AS n, approx_distinct(user_id),
		approx_percentile(value, 0.95), url_extract_host(min(page_url)), count_if(element_at(params, 'k') = '1')
		FROM hits GROUP BY 1 ORDER BY h`)
	if got, want := fmt.Sprint(res.rows), "[[2026-07-05 09 50 50 12.5 www.example.com 10] [2026-07-05 10 50 50 12.5 www.example.com 10]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
