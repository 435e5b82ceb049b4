package query

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
)

func params(t *testing.T, list ...string) []Param {
	t.Helper()
	out, err := ParseParams(list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParams(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"site=x": "'x'", "site=": "''", "site=a=b": "'a=b'", "q=it's; DROP": "'it''s; DROP'", "s:string=5": "'5'",
		"n:int=-5": "-5", "n:INT=9223372036854775807": "9223372036854775807", "d:double=1.5": "1.5E+00", "b:boolean=true": "true",
		"d:date=2026-07-05": "DATE '2026-07-05'", "t:timestamp=2026-07-05": "TIMESTAMP '2026-07-05 00:00:00.000'",
		"t:timestamp=2026-07-05T09:00:00.5+02:00": "TIMESTAMP '2026-07-05 07:00:00.500'", "t:timestamp=2026-07-05 09:10:11": "TIMESTAMP '2026-07-05 09:10:11.000'",
	} {
		p, err := parseParam(given)
		if err != nil || p.Literal() != want {
			t.Errorf("%s: %s (%v), want %s", given, p.Literal(), err, want)
		}
	}
	for given, want := range map[string]string{
		"site": "is not name=value", "=x": "is not name=value", "a b=x": "is not name=value", "n:itn=5": `unknown type "itn"`, "n:=5": `unknown type ""`,
		"n:int=5.5": `"5.5" is no int`, "n:double=NaN": "is no double", "b:boolean=yes": "is no boolean", "d:date=2026-02-30": "is no date",
		"t:timestamp=now": "is no timestamp", "s=\xff": "no text in UTF-8", "s=" + strings.Repeat("'", 600): "has 1202 characters, and Athena takes 1024",
	} {
		if _, err := parseParam(given); fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", given, err)
		}
	}
	if _, err := ParseParams([]string{"a=1", "a:int=2"}); err == nil || !strings.Contains(err.Error(), "given twice") {
		t.Errorf("%v", err)
	}
}

func TestPrepare(t *testing.T) {
	t.Parallel()
	w := Window{Since: time.Date(2026, 7, 5, 9, 30, 0, 0, time.UTC)}
	p := w.Predicate(0)
	for sql, want := range map[string]string{
		"SELECT 1 WHERE $window AND site = :site":                           "SELECT 1 WHERE " + p + " AND site = ?",
		"SELECT 1 WHERE site = :site AND n > :n OR site=:site AND $window":  "SELECT 1 WHERE site = ? AND n > ? OR site=? AND " + p,
		"SELECT ':site', \":n\" /* :x */ WHERE (:site) = '' AND $window":    "SELECT ':site', \":n\" /* :x */ WHERE (?) = '' AND " + p,
		"SELECT x::int WHERE y[1:n] = a AND z::site = :site AND $window":    "SELECT x::int WHERE y[1:n] = a AND z::site = ? AND " + p,
		"SELECT 1 WHERE a IN (SELECT b FROM c WHERE d = :site) AND $window": "SELECT 1 WHERE a IN (SELECT b FROM c WHERE d = ?) AND " + p,
	} {
		s, err := Prepare(sql, w, 0, Pick(sql, params(t, "site=x", "n:int=5")))
		if err != nil || s.SQL != want || len(s.Params) != strings.Count(want, "?") {
			t.Errorf("%s: got %s %v (%v)", sql, s.SQL, s.Params, err)
		}
	}
	s, err := Prepare("SELECT 1 WHERE a = :b AND c = :a AND d = :b", Window{}, 0, params(t, "a=1", "b=2"))
	var names []string
	for _, p := range s.Params {
		names = append(names, p.Name)
	}
	if err != nil || !slices.Equal(names, []string{"b", "a", "b"}) {
		t.Errorf("%v %v", names, err)
	}
}

func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sql, want, hint string }{
		{"SELECT 1\nWHERE a = :sit", ":sit has no value (line 2, column 11)", "did you mean :site?"},
		{"SELECT 1 WHERE a = :other", ":other has no value", "--param other=VALUE"},
		{"SELECT 1 WHERE a = 1", "parameter site is not in the SQL", "WHERE site = :site"},
		{"SELECT 1 WHERE a = ? AND b = :site", "parameters such as ? have no value here", "--param"},
	} {
		_, err := Prepare(c.sql, Window{}, 0, params(t, "site=x"))
		if c.sql != "SELECT 1 WHERE a = 1" && strings.Contains(c.sql, ":") && !strings.Contains(c.sql, ":site") {
			_, err = Prepare(c.sql+" AND z = :site", Window{}, 0, params(t, "site=x"))
		}
		if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.HintOf(err), c.hint) {
			t.Errorf("%s: %v (%s)", c.sql, err, fault.HintOf(err))
		}
	}
	for sql, column := range map[string]int{
		"SELECT :site FROM hits": 8, "SELECT 1 FROM hits LIMIT :site": 26, "SELECT 1 WHERE a GROUP BY :site": 27,
		"SELECT 1 WHERE a IN (SELECT :site)": 29, "SELECT count(*) FILTER (WHERE a = :site)": 35,
	} {
		_, err := Prepare(sql, Window{}, 0, params(t, "site=x"))
		if wrong := new(SyntaxError); !errors.As(err, &wrong) || wrong.Column != column || !strings.Contains(err.Error(), "outside of WHERE") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// A place in the statement is told as the place in what was written.
func TestLocate(t *testing.T) {
	t.Parallel()
	w := Window{Since: time.Date(2026, 7, 5, 9, 30, 0, 0, time.UTC)}
	const sql = "SELECT é\nFROM hits WHERE $window AND a = :site AND bad\n"
	s, err := Prepare(sql, w, 0, params(t, "site=x"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"SELECT", "é", "hits", "AND bad", "bad"} {
		line, column := Place(s.SQL, strings.LastIndex(s.SQL, word))
		wantLine, wantColumn := Place(sql, strings.LastIndex(sql, word))
		var got *SyntaxError
		if !errors.As(s.Locate(&SyntaxError{SQL: s.SQL, Line: line, Column: column}), &got) || got.Line != wantLine || got.Column != wantColumn || got.SQL != sql {
			t.Errorf("%s: %+v, want line %d, column %d", word, got, wantLine, wantColumn)
		}
	}
	line, column := Place(s.SQL, strings.Index(s.SQL, "received_at"))
	var got *SyntaxError
	if !errors.As(s.Locate(&SyntaxError{SQL: s.SQL, Line: line, Column: column}), &got) || got.Line != 2 || got.Column != 17 {
		t.Errorf("within the window: %+v", got)
	}
	if plain := errors.New("x"); s.Locate(plain) != plain || s.Locate(nil) != nil { //nolint:errorlint // the very one
		t.Error("another error is changed")
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	got := Split("-- first; no\nSELECT ';' ; ;\n  SELECT 2 -- x;\n;/* y */\n")
	if want := []string{"\nSELECT ';'", "\n\n  SELECT 2"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
