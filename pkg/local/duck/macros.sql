-- Trino's functions, as Athena users write them, in terms of DuckDB's own.
-- A macro hides the built-in function of its name; system.main reaches it.
-- What macros cannot give, pkg/query/dialect writes anew; some macros here are
-- for what it writes. A text that begins with '! ' and does not convert is a
-- refusal: error() would keep try() from working.

-- ISO 8601 and epoch seconds. Values carry no zone here, so the clock of one
-- with another offset than UTC's is refused.
CREATE MACRO iso8601_instant(s) AS CAST(s AS TIMESTAMPTZ);
CREATE MACRO from_iso8601_timestamp(s) AS CAST(CASE
  WHEN regexp_matches(s, 'T.*[+-]\d') AND NOT regexp_matches(s, '[+-]00(:?00)?$')
  THEN '! from_iso8601_timestamp keeps an offset on Athena only: write CAST(from_iso8601_timestamp(s) AT TIME ZONE zone AS timestamp)'
  ELSE s END AS TIMESTAMPTZ);
CREATE MACRO from_iso8601_date(s) AS CAST(s AS DATE);
CREATE MACRO to_iso8601(t) AS CASE system.main.typeof(t)
  WHEN 'DATE' THEN strftime(CAST(t AS TIMESTAMP), '%Y-%m-%d')
  WHEN 'TIMESTAMP WITH TIME ZONE' THEN strftime(CAST(t AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ')
  ELSE strftime(CAST(t AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g') END;
CREATE MACRO to_unixtime(t) AS epoch(t);
CREATE MACRO from_unixtime(x) AS to_timestamp(x);
CREATE MACRO at_timezone(t, z) AS timezone(z, CAST(t AS TIMESTAMPTZ));
CREATE MACRO with_timezone(t, z) AS timezone(z, CAST(t AS TIMESTAMP));
CREATE MACRO own_clock(t, z) AS CAST(t AS TIMESTAMP);
CREATE MACRO utc(t) AS timezone('UTC', t);
CREATE MACRO current_timezone() AS current_setting('TimeZone');

-- Arithmetic keeps the type; date_diff counts whole units, as DuckDB's
-- date_sub does.
CREATE MACRO date_add(u, n, t) AS cast_to_type(t + CASE lower(u)
  WHEN 'millisecond' THEN to_milliseconds(n)
  WHEN 'second' THEN to_seconds(n)
  WHEN 'minute' THEN to_minutes(n)
  WHEN 'hour' THEN to_hours(n)
  WHEN 'day' THEN to_days(CAST(n AS INTEGER))
  WHEN 'week' THEN to_days(CAST(7 * n AS INTEGER))
  WHEN 'month' THEN to_months(CAST(n AS INTEGER))
  WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER))
  WHEN 'year' THEN to_years(CAST(n AS INTEGER))
  ELSE to_years(CAST('! date_add knows no unit ''' || u || '''' AS INTEGER)) END, t);
CREATE MACRO plus_interval(t, i) AS cast_to_type(t + i, t);
CREATE MACRO interval_plus(i, t) AS plus_interval(t, i);
CREATE MACRO minus_interval(t, i) AS cast_to_type(t - i, t);
CREATE MACRO interval_milliseconds(i) AS CAST(round(epoch(i) * 1000) AS BIGINT);
CREATE MACRO date_trunc(u, t) AS cast_to_type(system.main.date_trunc(u, t), t);
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
CREATE MACRO regexp_position(s, p) AS CASE WHEN regexp_matches(s, p)
  THEN CAST(length(system.main.regexp_extract(s, '(?s)^(.*?)(?:' || p || ')', 1)) + 1 AS INTEGER) ELSE -1 END;
CREATE MACRO regexp_split(s, p) AS regexp_split_to_array(s, p);

-- URLs: the form encoding, where a space is a plus sign; of what is no URI by
-- Java's rules every part is NULL.
CREATE MACRO url_decode(s) AS system.main.url_decode(replace(s, '+', ' '));
CREATE MACRO url_encode(s) AS replace(replace(replace(system.main.url_encode(s), '%20', '+'), '~', '%7E'), '%2A', '*');
CREATE MACRO is_uri(u) AS regexp_full_match(u,
  '(?:[\w.~:/?@!$&''()*+,;=\[\]-]|%[0-9A-Fa-f]{2}|[^\x00-\x7F])*(?:#(?:[\w.~:/?@!$&''()*+,;=\[\]-]|%[0-9A-Fa-f]{2}|[^\x00-\x7F])*)?')
  AND NOT regexp_matches(u, '^[A-Za-z][\w+.-]*:$|^:|^[^/?#]*[^A-Za-z0-9+.:-][^/?#]*:|^[0-9+.-][^/?#]*:');
CREATE MACRO uri_part(u, p) AS CASE WHEN is_uri(u) THEN coalesce(list_extract(regexp_extract_all(u, p, 1), 1), '') END;
CREATE MACRO uri_authority(u) AS uri_part(u, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*)');
CREATE MACRO uri_query(u) AS uri_part(u, '^[^?#]*\?([^#]*)');
CREATE MACRO url_extract_protocol(u) AS uri_part(u, '^([A-Za-z][A-Za-z0-9+.-]*):');
CREATE MACRO url_extract_host(u) AS system.main.regexp_extract(
  uri_authority(u), '^(?:[^@]*@)?([A-Za-z0-9.-]*[A-Za-z0-9.]|\[[0-9A-Fa-f:.]+\])(?::\d*)?$', 1);
CREATE MACRO url_extract_port(u) AS TRY_CAST(system.main.regexp_extract(
  uri_authority(u), '^(?:[^@]*@)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d+)$', 1) AS BIGINT);
CREATE MACRO url_extract_path(u) AS CASE WHEN regexp_matches(u, '^[A-Za-z][A-Za-z0-9+.-]*:[^/]') AND is_uri(u) THEN ''
  ELSE system.main.url_decode(uri_part(u, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)')) END;
CREATE MACRO url_extract_query(u) AS system.main.url_decode(uri_query(u));
CREATE MACRO url_extract_fragment(u) AS system.main.url_decode(uri_part(u, '#(.*)$'));
CREATE MACRO url_extract_parameter(u, n) AS url_decode(list_extract(list_transform(list_filter(
  string_split(uri_query(u), '&'),
  lambda x: system.main.split_part(x, '=', 1) = n), lambda x: system.main.substr(x, length(n) + 2)), 1));

-- Arrays and maps: an absent key or index is NULL.
CREATE MACRO element_at(c, k) AS CASE WHEN system.main.typeof(c) = 'VARCHAR'
  THEN CASE WHEN CAST('! element_at takes an array or a map' AS BOOLEAN) THEN c[k] END ELSE c[k] END;
CREATE MACRO cardinality(c) AS CAST(CASE json_type(to_json(c))
  WHEN 'ARRAY' THEN system.main.json_array_length(to_json(c)) ELSE len(json_keys(to_json(c))) END AS BIGINT);
-- x[k] fails for what is not there. A condition without a column would be
-- evaluated ahead of all, so the refusal has one.
CREATE MACRO holds(c, k) AS CASE json_type(to_json(c)) WHEN 'ARRAY'
  THEN TRY_CAST(CAST(k AS VARCHAR) AS BIGINT) BETWEEN 1 AND system.main.json_array_length(to_json(c))
  ELSE list_contains(json_keys(to_json(c)), CAST(k AS VARCHAR)) END;
CREATE MACRO subscript(c, k) AS CASE
  WHEN system.main.typeof(c) = 'VARCHAR'
  THEN CASE WHEN CAST('! Athena takes no letter of a text so: write substr(x, 1, 1)' AS BOOLEAN) THEN c[k] END
  WHEN c IS NULL OR k IS NULL THEN NULL
  WHEN c[k] IS NOT NULL AND (system.main.typeof(c) NOT LIKE '%]' OR TRY_CAST(CAST(k AS VARCHAR) AS BIGINT) > 0) THEN c[k]
  WHEN holds(c, k) THEN NULL
  ELSE CASE WHEN CAST('! there is no [' || CAST(k AS VARCHAR) || ']: element_at(x, k) is NULL then' || system.main.substr(CAST(c AS VARCHAR), 1, 0) AS BOOLEAN)
    THEN c[k] END END;
CREATE MACRO contains(a, x) AS CASE WHEN x IS NULL OR a IS NULL THEN NULL WHEN list_contains(a, x) THEN true
  WHEN len(a) > list_count(a) THEN NULL ELSE false END;
CREATE MACRO array_join(a, d) AS array_to_string(a, d), (a, d, n) AS
  array_to_string(list_transform(a, lambda x: coalesce(CAST(x AS VARCHAR), n)), d);
CREATE MACRO array_max(a) AS CASE WHEN len(a) = list_count(a) THEN list_max(a) END;
CREATE MACRO array_min(a) AS CASE WHEN len(a) = list_count(a) THEN list_min(a) END;
CREATE MACRO array_sort(a) AS list_sort(a, 'ASC', 'NULLS LAST');
CREATE MACRO array_position(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL ELSE coalesce(CAST(list_position(a, x) AS BIGINT), 0) END;
CREATE MACRO array_distinct(a) AS list_filter(a, lambda e, i: e IS NULL OR list_position(a, e) = i);
CREATE MACRO array_except(a, b) AS array_distinct(list_filter(a, lambda e: NOT list_contains(b, e)));
CREATE MACRO array_union(a, b) AS array_distinct(list_concat(a, b));
CREATE MACRO array_intersect(a, b) AS array_distinct(list_filter(a, lambda e: list_contains(b, e)));
CREATE MACRO arrays_overlap(a, b) AS list_has_any(a, b);
CREATE MACRO array_remove(a, x) AS list_filter(a, lambda e: e IS DISTINCT FROM x);
CREATE MACRO slice(a, i, n) AS a[i:i + n - 1];
CREATE MACRO trim_array(a, n) AS a[1:len(a) - n];
CREATE MACRO sequence(a, b) AS generate_series(a, b), (a, b, c) AS generate_series(a, b, c);
CREATE MACRO date_sequence(a, b, i) AS list_transform(generate_series(a, b, i), lambda d: CAST(d AS DATE));
CREATE MACRO prepended(a, x) AS list_prepend(x, a);
CREATE MACRO split_part(s, d, n) AS string_split(s, d)[n];
CREATE MACRO split_to_map(s, d, e) AS map_from_entries(list_transform(string_split(s, d),
  lambda x: {'k': system.main.split_part(x, e, 1), 'v': system.main.substr(x, system.main.strpos(x, e) + length(e))}));
CREATE MACRO pairs_to_map(l) AS map_from_entries(l);
CREATE MACRO any_match(l) AS CASE WHEN l IS NULL THEN NULL WHEN len(l) = 0 THEN false ELSE list_bool_or(l) END;
CREATE MACRO all_match(l) AS CASE WHEN l IS NULL THEN NULL WHEN len(l) = 0 THEN true ELSE list_bool_and(l) END;
CREATE MACRO none_match(l) AS CASE WHEN l IS NULL THEN NULL WHEN len(l) = 0 THEN true ELSE NOT list_bool_or(l) END;

-- JSON.
CREATE MACRO json_path(p) AS system.main.regexp_replace(p, '\["([^"]*)"\]', '."\1"', 'g');
CREATE MACRO json_extract(j, p) AS system.main.json_extract(j, json_path(p));
CREATE MACRO json_extract_scalar(j, p) AS TRY(CASE WHEN json_type(j, json_path(p)) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL
  ELSE json_extract_string(j, json_path(p)) END);
CREATE MACRO json_array_length(j) AS CAST(system.main.json_array_length(j) AS BIGINT);
CREATE MACRO json_array_contains(j, v) AS json_contains(j, to_json(v));
CREATE MACRO json_parse(s) AS CAST(s AS JSON);
CREATE MACRO json_format(j) AS CAST(json(j) AS VARCHAR);

CREATE MACRO json_size(j, p) AS CASE json_type(j, p) WHEN 'OBJECT' THEN len(json_keys(j, p))
  WHEN 'ARRAY' THEN CAST(system.main.json_array_length(j, p) AS BIGINT) WHEN NULL THEN NULL ELSE 0 END;
CREATE MACRO sorted_json(j) AS CAST('{' || array_to_string(list_transform(list_sort(json_keys(j)), lambda k:
  CAST(to_json(k) AS VARCHAR) || ':' || CAST(system.main.json_extract(j, '/' || replace(replace(k, '~', '~0'), '/', '~1')) AS VARCHAR)), ',') || '}' AS JSON);
CREATE MACRO as_json(x) AS CASE WHEN x IS NULL THEN NULL WHEN system.main.typeof(x) LIKE 'MAP%' THEN sorted_json(to_json(x)) ELSE to_json(x) END;
CREATE MACRO is_json_scalar(j) AS json_type(j) NOT IN ('OBJECT', 'ARRAY');

-- Text and bytes: digests are bytes, and NULL in any argument is NULL.
CREATE MACRO substr(s, i) AS CASE WHEN s IS NOT NULL AND (i = 0 OR -i > length(s)) THEN '' ELSE system.main.substr(s, i) END,
  (s, i, n) AS CASE WHEN s IS NOT NULL AND (i = 0 OR -i > length(s)) THEN '' ELSE system.main.substr(s, i, n) END;
CREATE MACRO substring(s, i) AS substr(s, i), (s, i, n) AS substr(s, i, n);
CREATE MACRO strpos(s, part) AS system.main.strpos(s, part), (s, part, n) AS CASE WHEN len(string_split(s, part)) > n
  THEN length(array_to_string(string_split(s, part)[1:n], part)) + 1 ELSE 0 END;
CREATE MACRO replace(s, part) AS system.main.replace(s, part, ''), (s, part, r) AS system.main.replace(s, part, r);
CREATE MACRO repeat(x, n) AS list_transform(generate_series(1, n), lambda i: x);
CREATE MACRO to_base64url(b) AS replace(replace(to_base64(b), '+', '-'), '/', '_');
CREATE MACRO from_base64url(s) AS from_base64(replace(replace(s, '-', '+'), '_', '/'));
CREATE MACRO codepoint(s) AS unicode(s);
CREATE MACRO to_utf8(s) AS encode(s);
CREATE MACRO from_utf8(b) AS decode(b);
CREATE MACRO to_hex(b) AS hex(b);
CREATE MACRO from_hex(s) AS unhex(s);
CREATE MACRO md5(b) AS unhex(system.main.md5(b));
CREATE MACRO sha1(b) AS unhex(system.main.sha1(b));
CREATE MACRO sha256(b) AS unhex(system.main.sha256(b));
CREATE MACRO levenshtein_distance(a, b) AS levenshtein(a, b);
CREATE MACRO hamming_distance(a, b) AS hamming(a, b);
CREATE MACRO normalize(s) AS nfc_normalize(s);
CREATE MACRO concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d,
  (a, b, c, d, e) AS a || b || c || d || e, (a, b, c, d, e, f) AS a || b || c || d || e || f;

-- Numbers and conditions.
CREATE MACRO try(x) AS TRY(x);
CREATE MACRO floor(x) AS cast_to_type(system.main.floor(x), CASE WHEN false THEN round(x) END);
CREATE MACRO ceil(x) AS cast_to_type(system.main.ceil(x), CASE WHEN false THEN round(x) END);
CREATE MACRO ceiling(x) AS ceil(x);
CREATE MACRO truncate(x) AS trunc(x);
CREATE MACRO sign(x) AS cast_to_type(system.main.sign(x), x);
CREATE MACRO to_base(x, r) AS lower(system.main.to_base(x, r));
CREATE MACRO from_base(s, r) AS CAST(CASE r WHEN 10 THEN s WHEN 16 THEN '0x' || s WHEN 2 THEN '0b' || s
  ELSE '! from_base knows the bases 2, 10 and 16 here' END AS BIGINT);
CREATE MACRO width_bucket(x, a, b, n) AS CASE WHEN x < a THEN 0 WHEN x >= b THEN n + 1
  ELSE CAST(system.main.floor((CAST(x AS DOUBLE) - a) * n / CAST(b - a AS DOUBLE)) AS BIGINT) + 1 END;
CREATE MACRO bit_count(x, n) AS CAST(system.main.bit_count(CAST(x AS BIGINT)) AS BIGINT);
CREATE MACRO mod(a, b) AS a % b;
CREATE MACRO rand() AS random();
CREATE MACRO e() AS exp(1);
CREATE MACRO nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO is_nan(x) AS isnan(x);
CREATE MACRO is_finite(x) AS isfinite(x);
CREATE MACRO is_infinite(x) AS isinf(x);
CREATE MACRO bitwise_and(a, b) AS CAST(a AS BIGINT) & b;
CREATE MACRO bitwise_or(a, b) AS CAST(a AS BIGINT) | b;
CREATE MACRO bitwise_xor(a, b) AS xor(CAST(a AS BIGINT), b);
CREATE MACRO bitwise_not(a) AS ~CAST(a AS BIGINT);
CREATE MACRO bitwise_left_shift(a, n) AS a << n;
CREATE MACRO bitwise_right_shift(a, n) AS a >> n;
CREATE MACRO greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.greatest(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.greatest(a, b, c) END,
  (a, b, c, d) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL THEN NULL ELSE system.main.greatest(a, b, c, d) END;
CREATE MACRO least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.least(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.least(a, b, c) END,
  (a, b, c, d) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL THEN NULL ELSE system.main.least(a, b, c, d) END;
CREATE MACRO wide(x) AS cast_to_type(x, CASE WHEN false THEN x + CAST(0 AS BIGINT) END);
CREATE MACRO share_above(p) AS system.main.least(p * 1.000000000001, 1);
CREATE MACRO shares_above(l) AS list_transform(l, lambda p: share_above(p));

-- Bytes, but not those of Trino.
CREATE MACRO checksum(x) AS encode(CAST(sum(hash(x)) AS VARCHAR));

-- Division: by zero it fails, and of decimals it keeps the longer one's digits.
CREATE MACRO sum_type(a, b) AS CASE WHEN false THEN a + b END;
CREATE MACRO "//"(a, b) AS cast_to_type(divide(a, CASE
  WHEN b <> 0 THEN b
  WHEN system.main.typeof(a) IN ('DOUBLE', 'FLOAT') OR system.main.typeof(b) IN ('DOUBLE', 'FLOAT')
  THEN cast_to_type(CASE WHEN a = 0 THEN CAST('NaN' AS DOUBLE) ELSE CAST('5e-324' AS DOUBLE) END, sum_type(a, b))
  WHEN b = 0 THEN CAST('! division by zero' AS TINYINT) END), sum_type(a, b));

-- CAST AS integer rounds half up. A text has Athena's form of what it becomes.
CREATE MACRO formed(x, form, kind) AS CASE
  WHEN system.main.typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), form, 'i')
  THEN cast_to_type('! Cannot cast ''' || CAST(x AS VARCHAR) || ''' to ' || kind, x) ELSE x END;
CREATE MACRO half_up(x, kind) AS CASE WHEN system.main.typeof(x) IN ('DOUBLE', 'FLOAT') THEN cast_to_type(round(TRY_CAST(x AS DOUBLE)), x)
  ELSE formed(x, '\s*[+-]?\d+\s*', kind) END;
CREATE MACRO as_truth(x, kind) AS formed(x, 'true|false|t|f|1|0', kind);
CREATE MACRO as_date(x, kind) AS formed(x, '\s*[+-]?\d+-\d{1,2}-\d{1,2}\s*', kind);
CREATE MACRO as_time(x, kind) AS formed(x, '\s*[+-]?\d+-\d{1,2}-\d{1,2}( .*)?', kind);

-- CAST AS varchar: times have milliseconds, doubles an exponent.
CREATE MACRO scientific(digits, e) AS digits[1] || '.' || coalesce(nullif(rtrim(system.main.substr(digits, 2), '0'), ''), '0') || 'E' || e;
CREATE MACRO significant(m, e) AS scientific(ltrim(replace(m, '.', ''), '0'),
  strpos(m || '.', '.') - 2 + e - (length(replace(m, '.', '')) - length(ltrim(replace(m, '.', ''), '0'))));
CREATE MACRO double_text(t) AS CASE
  WHEN t = 'nan' THEN 'NaN' WHEN t = 'inf' THEN 'Infinity' WHEN t = '-inf' THEN '-Infinity'
  WHEN t IN ('0.0', '-0.0') THEN replace(t, '.0', 'E0')
  ELSE CASE WHEN t LIKE '-%' THEN '-' ELSE '' END || significant(system.main.split_part(ltrim(t, '-'), 'e', 1),
    coalesce(TRY_CAST(system.main.split_part(t, 'e', 2) AS INTEGER), 0)) END;
CREATE MACRO as_varchar(x) AS CASE
  WHEN system.main.typeof(x) LIKE 'TIMESTAMP%' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
    || CASE WHEN system.main.typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN ' UTC' ELSE '' END
  WHEN system.main.typeof(x) IN ('DOUBLE', 'FLOAT') THEN double_text(CAST(x AS VARCHAR))
  WHEN system.main.typeof(x) = 'JSON' AND json_type(to_json(x)) IN ('OBJECT', 'ARRAY')
  THEN CASE WHEN CAST('! Athena makes no text of this: write json_format(' || CAST(x AS VARCHAR) || ')' AS BOOLEAN) THEN '' END
  WHEN system.main.typeof(x) = 'JSON' THEN TRY_CAST(CAST(x AS VARCHAR) AS JSON) ->> '$'
  WHEN system.main.typeof(x) LIKE '%]' OR system.main.typeof(x) LIKE 'MAP(%' OR system.main.typeof(x) LIKE 'STRUCT(%'
  THEN CASE WHEN CAST('! Athena makes no text of this: write json_format(CAST(x AS json))' AS BOOLEAN) THEN '' END
  ELSE CAST(x AS VARCHAR) END;
CREATE MACRO varchar_of(x, n) AS CASE WHEN system.main.typeof(x) <> 'VARCHAR' AND length(as_varchar(x)) > n
  THEN CASE WHEN CAST('! ' || as_varchar(x) || ' does not fit varchar(' || CAST(n AS VARCHAR) || ')' AS BOOLEAN) THEN '' END
  ELSE system.main.substr(as_varchar(x), 1, n) END;
