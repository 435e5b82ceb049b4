-- Trino's functions, as Athena users write them, in terms of DuckDB's own.
-- A macro hides the built-in function of its name; system.main reaches it.

-- Dates: strftime and strptime want a constant, so formats are taken token by
-- token, and parsing knows the usual formats only.
CREATE MACRO date_format(t, f) AS CASE WHEN t IS NULL OR f IS NULL THEN NULL ELSE array_to_string(list_transform(
  regexp_extract_all(f, '%.|[^%]+|%'), lambda x: CASE x
    WHEN '%Y' THEN strftime(CAST(t AS TIMESTAMP), '%Y')
    WHEN '%y' THEN strftime(CAST(t AS TIMESTAMP), '%y')
    WHEN '%m' THEN strftime(CAST(t AS TIMESTAMP), '%m')
    WHEN '%c' THEN strftime(CAST(t AS TIMESTAMP), '%-m')
    WHEN '%M' THEN strftime(CAST(t AS TIMESTAMP), '%B')
    WHEN '%b' THEN strftime(CAST(t AS TIMESTAMP), '%b')
    WHEN '%d' THEN strftime(CAST(t AS TIMESTAMP), '%d')
    WHEN '%e' THEN strftime(CAST(t AS TIMESTAMP), '%-d')
    WHEN '%j' THEN strftime(CAST(t AS TIMESTAMP), '%j')
    WHEN '%W' THEN strftime(CAST(t AS TIMESTAMP), '%A')
    WHEN '%a' THEN strftime(CAST(t AS TIMESTAMP), '%a')
    WHEN '%v' THEN strftime(CAST(t AS TIMESTAMP), '%V')
    WHEN '%x' THEN strftime(CAST(t AS TIMESTAMP), '%G')
    WHEN '%H' THEN strftime(CAST(t AS TIMESTAMP), '%H')
    WHEN '%k' THEN strftime(CAST(t AS TIMESTAMP), '%-H')
    WHEN '%h' THEN strftime(CAST(t AS TIMESTAMP), '%I')
    WHEN '%I' THEN strftime(CAST(t AS TIMESTAMP), '%I')
    WHEN '%l' THEN strftime(CAST(t AS TIMESTAMP), '%-I')
    WHEN '%p' THEN strftime(CAST(t AS TIMESTAMP), '%p')
    WHEN '%i' THEN strftime(CAST(t AS TIMESTAMP), '%M')
    WHEN '%s' THEN strftime(CAST(t AS TIMESTAMP), '%S')
    WHEN '%S' THEN strftime(CAST(t AS TIMESTAMP), '%S')
    WHEN '%f' THEN strftime(CAST(t AS TIMESTAMP), '%f')
    WHEN '%T' THEN strftime(CAST(t AS TIMESTAMP), '%H:%M:%S')
    WHEN '%r' THEN strftime(CAST(t AS TIMESTAMP), '%I:%M:%S %p')
    ELSE CASE WHEN regexp_matches(x, '^%[DUuVwX]') THEN error('date_format: ' || x || ' is not supported')
      ELSE system.main.regexp_replace(x, '^%', '') END END), '') END;
CREATE MACRO date_parse(s, f) AS CASE f
  WHEN '%Y-%m-%d %H:%i:%s' THEN strptime(s, '%Y-%m-%d %H:%M:%S')
  WHEN '%Y-%m-%d %T' THEN strptime(s, '%Y-%m-%d %H:%M:%S')
  WHEN '%Y-%m-%d %H:%i:%s.%f' THEN strptime(s, '%Y-%m-%d %H:%M:%S.%f')
  WHEN '%Y-%m-%dT%H:%i:%s' THEN strptime(s, '%Y-%m-%dT%H:%M:%S')
  WHEN '%Y-%m-%dT%H:%i:%sZ' THEN strptime(s, '%Y-%m-%dT%H:%M:%SZ')
  WHEN '%Y-%m-%dT%H:%i:%s.%fZ' THEN strptime(s, '%Y-%m-%dT%H:%M:%S.%fZ')
  WHEN '%Y-%m-%d %H:%i' THEN strptime(s, '%Y-%m-%d %H:%M')
  WHEN '%Y-%m-%d %H' THEN strptime(s, '%Y-%m-%d %H')
  WHEN '%Y-%m-%d' THEN strptime(s, '%Y-%m-%d')
  WHEN '%Y-%m' THEN strptime(s, '%Y-%m')
  WHEN '%Y%m%d' THEN strptime(s, '%Y%m%d')
  WHEN '%Y%m%d%H' THEN strptime(s, '%Y%m%d%H')
  WHEN '%Y/%m/%d' THEN strptime(s, '%Y/%m/%d')
  WHEN '%Y/%m/%d/%H' THEN strptime(s, '%Y/%m/%d/%H')
  WHEN '%d/%m/%Y' THEN strptime(s, '%d/%m/%Y')
  WHEN '%m/%d/%Y' THEN strptime(s, '%m/%d/%Y')
  WHEN '%d.%m.%Y' THEN strptime(s, '%d.%m.%Y')
  WHEN '%d/%b/%Y:%H:%i:%s' THEN strptime(s, '%d/%b/%Y:%H:%M:%S')
  ELSE error('date_parse: format ''' || f || ''' is not supported on this target') END;

-- Joda patterns, likewise; text stands in single quotes.
CREATE MACRO format_datetime(t, f) AS CASE WHEN t IS NULL OR f IS NULL THEN NULL ELSE array_to_string(list_transform(
  regexp_extract_all(f, '''[^'']*''|y+|M+|d+|H+|h+|m+|s+|S+|E+|a|.'), lambda x: CASE
    WHEN x IN ('yyyy', 'y') THEN strftime(CAST(t AS TIMESTAMP), '%Y')
    WHEN x = 'yy' THEN strftime(CAST(t AS TIMESTAMP), '%y')
    WHEN x = 'MMMM' THEN strftime(CAST(t AS TIMESTAMP), '%B')
    WHEN x = 'MMM' THEN strftime(CAST(t AS TIMESTAMP), '%b')
    WHEN x = 'MM' THEN strftime(CAST(t AS TIMESTAMP), '%m')
    WHEN x = 'M' THEN strftime(CAST(t AS TIMESTAMP), '%-m')
    WHEN x = 'dd' THEN strftime(CAST(t AS TIMESTAMP), '%d')
    WHEN x = 'd' THEN strftime(CAST(t AS TIMESTAMP), '%-d')
    WHEN x = 'HH' THEN strftime(CAST(t AS TIMESTAMP), '%H')
    WHEN x = 'H' THEN strftime(CAST(t AS TIMESTAMP), '%-H')
    WHEN x = 'hh' THEN strftime(CAST(t AS TIMESTAMP), '%I')
    WHEN x = 'h' THEN strftime(CAST(t AS TIMESTAMP), '%-I')
    WHEN x = 'mm' THEN strftime(CAST(t AS TIMESTAMP), '%M')
    WHEN x = 'm' THEN strftime(CAST(t AS TIMESTAMP), '%-M')
    WHEN x = 'ss' THEN strftime(CAST(t AS TIMESTAMP), '%S')
    WHEN x = 's' THEN strftime(CAST(t AS TIMESTAMP), '%-S')
    WHEN x = 'SSS' THEN strftime(CAST(t AS TIMESTAMP), '%g')
    WHEN x = 'EEEE' THEN strftime(CAST(t AS TIMESTAMP), '%A')
    WHEN x IN ('E', 'EE', 'EEE') THEN strftime(CAST(t AS TIMESTAMP), '%a')
    WHEN x = 'a' THEN strftime(CAST(t AS TIMESTAMP), '%p')
    WHEN x = '''''' THEN ''''
    WHEN regexp_matches(x, '^[A-Za-z]') THEN error('format_datetime: ' || x || ' is not supported')
    ELSE trim(x, '''') END), '') END;

-- ISO 8601 and epoch seconds.
CREATE MACRO from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ);
CREATE MACRO from_iso8601_date(s) AS CAST(s AS DATE);
CREATE MACRO to_iso8601(t) AS CASE typeof(t)
  WHEN 'DATE' THEN strftime(CAST(t AS TIMESTAMP), '%Y-%m-%d')
  WHEN 'TIMESTAMP WITH TIME ZONE' THEN strftime(CAST(t AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ')
  ELSE strftime(CAST(t AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g') END;
CREATE MACRO to_unixtime(t) AS epoch(t);
CREATE MACRO from_unixtime(x) AS to_timestamp(x);
CREATE MACRO at_timezone(t, z) AS CAST(t AS TIMESTAMPTZ);
CREATE MACRO with_timezone(t, z) AS timezone(z, CAST(t AS TIMESTAMP));
CREATE MACRO current_timezone() AS current_setting('TimeZone');

-- Arithmetic: date_diff counts whole units, as DuckDB's date_sub does.
CREATE MACRO date_add(u, n, t) AS t + CASE lower(u)
  WHEN 'millisecond' THEN to_milliseconds(n)
  WHEN 'second' THEN to_seconds(n)
  WHEN 'minute' THEN to_minutes(n)
  WHEN 'hour' THEN to_hours(n)
  WHEN 'day' THEN to_days(CAST(n AS INTEGER))
  WHEN 'week' THEN to_days(CAST(7 * n AS INTEGER))
  WHEN 'month' THEN to_months(CAST(n AS INTEGER))
  WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER))
  WHEN 'year' THEN to_years(CAST(n AS INTEGER))
  ELSE CAST(error('date_add: ''' || u || ''' is not a unit') AS INTERVAL) END;
CREATE MACRO date_diff(u, a, b) AS date_sub(u, a, b);

-- Parts: Trino's weeks start on Monday and count from 1.
CREATE MACRO day_of_week(t) AS isodow(t);
CREATE MACRO dow(t) AS isodow(t);
CREATE MACRO day_of_month(t) AS day(t);
CREATE MACRO day_of_year(t) AS dayofyear(t);
CREATE MACRO doy(t) AS dayofyear(t);
CREATE MACRO week_of_year(t) AS weekofyear(t);
CREATE MACRO year_of_week(t) AS isoyear(t);
CREATE MACRO yow(t) AS isoyear(t);
CREATE MACRO millisecond(t) AS system.main.millisecond(t) % 1000;
CREATE MACRO last_day_of_month(t) AS last_day(t);

-- Regular expressions: no match is NULL, groups are $1, every match is replaced.
CREATE MACRO regexp_like(s, p) AS regexp_matches(s, p);
CREATE MACRO regexp_extract(s, p, g := 0) AS list_extract(regexp_extract_all(s, p, g), 1);
CREATE MACRO regexp_replace(s, p, r := '') AS
  system.main.regexp_replace(s, p, system.main.regexp_replace(r, '\$(\d)', '\\\1', 'g'), 'g');
CREATE MACRO regexp_count(s, p) AS len(regexp_extract_all(s, p));
CREATE MACRO regexp_split(s, p) AS regexp_split_to_array(s, p);

-- URLs: the form encoding, where a space is a plus sign.
CREATE MACRO url_decode(s) AS system.main.url_decode(replace(s, '+', ' '));
CREATE MACRO url_encode(s) AS replace(system.main.url_encode(s), '%20', '+');
CREATE MACRO url_extract_protocol(u) AS
  list_extract(regexp_extract_all(u, '^([A-Za-z][A-Za-z0-9+.-]*):', 1), 1);
CREATE MACRO url_extract_host(u) AS
  list_extract(regexp_extract_all(u, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]+)', 1), 1);
CREATE MACRO url_extract_port(u) AS TRY_CAST(
  list_extract(regexp_extract_all(u, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?[^/?#:]+:(\d+)', 1), 1) AS BIGINT);
CREATE MACRO url_extract_path(u) AS system.main.url_decode(
  list_extract(regexp_extract_all(u, '^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?([^?#]*)', 1), 1));
CREATE MACRO url_extract_query(u) AS list_extract(regexp_extract_all(u, '^[^?#]*\?([^#]*)', 1), 1);
CREATE MACRO url_extract_fragment(u) AS list_extract(regexp_extract_all(u, '#(.*)$', 1), 1);
CREATE MACRO url_extract_parameter(u, n) AS url_decode(list_extract(list_transform(list_filter(
  string_split(list_extract(regexp_extract_all(u, '^[^?#]*\?([^#]*)', 1), 1), '&'),
  lambda x: system.main.split_part(x, '=', 1) = n), lambda x: substr(x, length(n) + 2)), 1));

-- Arrays and maps: an absent key or index is NULL.
CREATE MACRO element_at(c, k) AS c[k];
CREATE MACRO cardinality(c) AS CAST(CASE json_type(to_json(c))
  WHEN 'ARRAY' THEN json_array_length(to_json(c)) ELSE len(json_keys(to_json(c))) END AS BIGINT);
CREATE MACRO array_join(a, d) AS array_to_string(a, d), (a, d, n) AS
  array_to_string(list_transform(a, lambda x: coalesce(CAST(x AS VARCHAR), n)), d);
CREATE MACRO array_max(a) AS list_max(a);
CREATE MACRO array_min(a) AS list_min(a);
CREATE MACRO array_sort(a) AS list_sort(a, 'ASC', 'NULLS LAST');
CREATE MACRO array_position(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL ELSE coalesce(list_position(a, x), 0) END;
CREATE MACRO array_distinct(a) AS list_filter(a, lambda e, i: e IS NULL OR list_position(a, e) = i);
CREATE MACRO array_except(a, b) AS array_distinct(list_filter(a, lambda e: NOT list_contains(b, e)));
CREATE MACRO array_union(a, b) AS array_distinct(list_concat(a, b));
CREATE MACRO arrays_overlap(a, b) AS list_has_any(a, b);
CREATE MACRO array_remove(a, x) AS list_filter(a, lambda e: e IS DISTINCT FROM x);
CREATE MACRO slice(a, i, n) AS a[i:i + n - 1];
CREATE MACRO sequence(a, b) AS generate_series(a, b), (a, b, c) AS generate_series(a, b, c);
CREATE MACRO split_part(s, d, n) AS string_split(s, d)[n];
CREATE MACRO split_to_map(s, d, e) AS map_from_entries(list_transform(string_split(s, d),
  lambda x: {'k': system.main.split_part(x, e, 1), 'v': substr(x, strpos(x, e) + length(e))}));

-- JSON.
CREATE MACRO json_extract_scalar(j, p) AS
  TRY(CASE WHEN json_type(j, p) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(j, p) END);
CREATE MACRO json_parse(s) AS CAST(s AS JSON);
CREATE MACRO json_format(j) AS CAST(json(j) AS VARCHAR);
CREATE MACRO is_json_scalar(j) AS json_type(j) NOT IN ('OBJECT', 'ARRAY');

-- Text and bytes: digests are bytes, and NULL in any argument is NULL.
CREATE MACRO codepoint(s) AS unicode(s);
CREATE MACRO to_utf8(s) AS encode(s);
CREATE MACRO from_utf8(b) AS decode(b);
CREATE MACRO to_hex(b) AS hex(b);
CREATE MACRO from_hex(s) AS unhex(s);
CREATE MACRO md5(b) AS unhex(system.main.md5(b));
CREATE MACRO sha1(b) AS unhex(system.main.sha1(b));
CREATE MACRO sha256(b) AS unhex(system.main.sha256(b));
CREATE MACRO levenshtein_distance(a, b) AS levenshtein(a, b);
CREATE MACRO concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d,
  (a, b, c, d, e) AS a || b || c || d || e, (a, b, c, d, e, f) AS a || b || c || d || e || f;

-- Numbers and conditions.
CREATE MACRO try(x) AS TRY(x);
CREATE MACRO truncate(x) AS trunc(x);
CREATE MACRO mod(a, b) AS a % b;
CREATE MACRO rand() AS random();
CREATE MACRO nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO is_nan(x) AS isnan(x);
CREATE MACRO is_finite(x) AS isfinite(x);
CREATE MACRO is_infinite(x) AS isinf(x);
CREATE MACRO bitwise_and(a, b) AS a & b;
CREATE MACRO bitwise_or(a, b) AS a | b;
CREATE MACRO bitwise_xor(a, b) AS xor(a, b);
CREATE MACRO greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.greatest(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.greatest(a, b, c) END;
CREATE MACRO least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.least(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.least(a, b, c) END;

-- Aggregates: exact where Trino approximates.
CREATE MACRO approx_distinct(x) AS count(DISTINCT x), (x, e) AS count(DISTINCT x);
CREATE MACRO approx_percentile(x, p) AS list_extract(list_sort(list(x) FILTER (WHERE x IS NOT NULL)),
  system.main.least(CAST(floor(p * count(x)) AS BIGINT) + 1, count(x)));
CREATE MACRO map_agg(k, v) AS map(list(k), list(v));
CREATE MACRO checksum(x) AS encode(CAST(sum(hash(x)) AS VARCHAR)); -- bytes, but not those of Trino
CREATE MACRO every(b) AS bool_and(b);
CREATE MACRO max_by(x, y) AS arg_max_null(x, y), (x, y, n) AS system.main.max_by(x, y, n);
CREATE MACRO min_by(x, y) AS arg_min_null(x, y), (x, y, n) AS system.main.min_by(x, y, n);
