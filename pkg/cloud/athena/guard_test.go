package athena

import (
	"errors"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

func TestCheckLetsQuestionsPass(t *testing.T) {
	e := New(nil, nil, Options{})
	for _, sql := range []string{
		"SELECT 1", " select 1 ; ; ", "-- why\nSELECT 1 -- end", "/* a ; b */ SELECT ';' , \"a;b\" FROM t",
		"WITH x AS (SELECT 1) SELECT * FROM x", "VALUES 1, 2", "TABLE tp_hits", "(SELECT 1) UNION (SELECT 2)",
		"SHOW PARTITIONS tp_hits", "SHOW CREATE TABLE tp_hits", "DESCRIBE `tp_hits`", "desc tp_hits",
		"EXPLAIN SELECT 1", "EXPLAIN ANALYZE SELECT 1", "EXPLAIN ANALYZE VERBOSE SELECT 1", "EXPLAIN (TYPE IO, FORMAT JSON) SELECT 1",
		"SELECT 'it''s; DROP TABLE x'", "SELECT 'DROP' AS \"delete\"", "SELECT '?'", "SELECT 1 /* /* */", "EXPLAIN (SELECT 1)",
	} {
		if err := e.Check(sql); err != nil {
			t.Errorf("%q: %v", sql, err)
		}
	}
}

func TestCheckRefusesBeforeAnyCall(t *testing.T) {
	tests := []struct{ sql, want string }{
		{"", "no statement"},
		{" \n;; -- nothing\n/* here */", "no statement"},
		{"((", "no statement"},
		{"SELECT 1; SELECT 2", "more than one statement"},
		{"SELECT 1 /* /* */ ; DROP TABLE x -- */", "more than one statement"},
		{"DROP TABLE tp_hits", "DROP does not read"},
		{"insert into tp_hits values (1)", "INSERT does not read"},
		{"DELETE FROM tp_hits", "DELETE does not read"},
		{"CREATE TABLE x AS SELECT 1", "CREATE does not read"},
		{"UNLOAD (SELECT 1) TO 's3://x/' WITH (format='JSON')", "UNLOAD does not read"},
		{"MSCK REPAIR TABLE tp_hits", "MSCK does not read"},
		{"USING EXTERNAL FUNCTION f(x INT) RETURNS INT LAMBDA 'l' SELECT f(1)", "USING does not read"},
		{"EXPLAIN ANALYZE INSERT INTO t SELECT 1", "INSERT does not read"},
		{"EXPLAIN (TYPE LOGICAL) DROP TABLE x", "DROP does not read"},
		{"EXPLAIN EXPLAIN DELETE FROM t", "DELETE does not read"},
		{"--\rINSERT INTO t\nSELECT 1", "INSERT does not read"},
		{"EXPLAIN", "cannot tell"},
		{"EXPLAIN (TYPE IO)", "cannot tell"},
		{"EXPLAIN (TYPE IO", "cannot tell"},
		{"SELECT * FROM t WHERE a = ?", "parameters"},
	}
	s := newScript(t)
	for _, tt := range tests {
		_, err := s.engine(Options{}).Query(t.Context(), tt.sql)
		if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), tt.want) || fault.HintOf(err) == "" {
			t.Errorf("%q: %v (kind %d, hint %q), want %q", tt.sql, err, fault.KindOf(err), fault.HintOf(err), tt.want)
		}
	}
	if len(s.calls) > 0 {
		t.Errorf("calls: %v", s.calls)
	}
}

func TestCheckKnowsTheLongestStatement(t *testing.T) {
	e := New(nil, nil, Options{})
	fits := "SELECT '" + strings.Repeat("é", (maxSQL-10)/2) + "' "
	if len(fits) > maxSQL || e.Check(fits) != nil {
		t.Errorf("%d bytes: %v", len(fits), e.Check(fits))
	}
	err := e.Check(fits + "  ")
	if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), "262144") {
		t.Error(err)
	}
}

func TestCheckPlacesAnUnknownWord(t *testing.T) {
	err := New(nil, nil, Options{}).Check("-- é\n  SELCET 1")
	var wrong *query.SyntaxError
	if !errors.As(err, &wrong) || wrong.Line != 2 || wrong.Column != 3 || !strings.Contains(wrong.Message, `did you mean "SELECT"`) {
		t.Errorf("%v (%+v)", err, wrong)
	}
	err = New(nil, nil, Options{}).Check("/* ü */ 'text'")
	if !errors.As(err, &wrong) || wrong.Line != 1 || wrong.Column != 9 || strings.Contains(wrong.Message, "mean") {
		t.Errorf("%v (%+v)", err, wrong)
	}
}

func FuzzCheck(f *testing.F) {
	for _, sql := range []string{"SELECT 1", "EXPLAIN (TYPE", "'", "\"", "/*", "--", "((", ";", "é"} {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		at := 0
		for _, tok := range query.Tokens(sql) {
			if tok.Start < at || tok.Start >= len(sql) {
				t.Fatalf("token at %d of %d, after %d", tok.Start, len(sql), at)
			}
			at = tok.Start
		}
		if err := New(nil, nil, Options{}).Check(sql); err == nil && len(query.Tokens(sql)) == 0 {
			t.Fatalf("%q passes", sql)
		}
	})
}
