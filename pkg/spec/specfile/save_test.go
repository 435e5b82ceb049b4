package specfile

import (
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

// A query is written into the file as it is, whatever the file looks like.
func TestSaveQuery(t *testing.T) {
	t.Parallel()
	const one, two = "SELECT 1", "SELECT 'a: b' -- x #y\nFROM hits\n\n  WHERE x = \"\\\\\""
	for _, c := range []struct{ name, before, sql, want string }{
		{"no file", "", one, "queries:\n  q: SELECT 1\n"},
		{"only comments", "# mine\n", one, "# mine\nqueries:\n  q: SELECT 1\n"},
		{"no end of line", "stack: a", one, "stack: a\n\nqueries:\n  q: SELECT 1\n"},
		{"several lines", "stack: a\n", two, "stack: a\n\nqueries:\n  q: |-\n    SELECT 'a: b' -- x #y\n    FROM hits\n\n      WHERE x = \"\\\\\"\n"},
		{"needs quotes", "", "VALUES 'a: b' # c", "queries:\n  q: 'VALUES ''a: b'' # c'\n"},
		{"nothing below", "queries:  # own\nstack: a\n", one, "queries: # own\n  q: SELECT 1\nstack: a\n"},
		{"empty braces", "queries: {}\nstack: a\n", one, "queries:\n  q: SELECT 1\nstack: a\n"},
		{"null", "queries: ~\n", one, "queries:\n  q: SELECT 1\n"},
		{"in the middle", "queries:\n    a: SELECT 2   # two\n\n# stack\nstack: a\n", one, "queries:\n    a: SELECT 2   # two\n    q: SELECT 1\n\n# stack\nstack: a\n"},
		{"behind a block", "queries:\n  a: |\n    SELECT 2\n\n    FROM x\nstack: a\n", one, "queries:\n  a: |\n    SELECT 2\n\n    FROM x\n  q: SELECT 1\nstack: a\n"},
		{"replaced", "queries:\n  q: |\n    SELECT 2\n\n    FROM x\n\n  # next\n  b: SELECT 3\n", one, "queries:\n  q: SELECT 1\n\n  # next\n  b: SELECT 3\n"},
		{"replaced, last", "queries:\n  b: SELECT 3\n  q: 'SELECT\n    2'\nfields:\n- name: a\n  type: string\n  source: query:a\n", one, "queries:\n  b: SELECT 3\n  q: SELECT 1\nfields:\n- name: a\n  type: string\n  source: query:a\n"},
		{"after a list at its key", "fields:\n- name: a\n  type: string\n  source: query:a\n", one, "fields:\n- name: a\n  type: string\n  source: query:a\n\nqueries:\n  q: SELECT 1\n"},
		{"carriage returns", "stack: a\r\n", two, "stack: a\r\n\r\nqueries:\r\n  q: |-\r\n    SELECT 'a: b' -- x #y\r\n    FROM hits\r\n\r\n      WHERE x = \"\\\\\"\r\n"},
		{"indented", "  stack: a\n", one, "  stack: a\n\n  queries:\n    q: SELECT 1\n"},
		{"spread braces", "tag: [a=b,\n  c=d]\n", one, "tag: [a=b,\n  c=d]\n\nqueries:\n  q: SELECT 1\n"},
		{"the same again", "queries:\n  q: SELECT 1\n", one, "queries:\n  q: SELECT 1\n"},
	} {
		got, err := SaveQuery("f", []byte(c.before), Query{"q", c.sql})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n%q, want\n%q", c.name, err, got, c.want)
			continue
		}
		list, err := Queries("f", got)
		if err != nil || list[len(list)-1].SQL != c.sql && list[0].SQL != c.sql {
			t.Errorf("%s: read again: %q %v", c.name, list, err)
		}
	}
}

func TestSaveQueryRefuses(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]string{
		"{stack: a}":               "f has its keys in braces",
		"queries: {a: SELECT 2}":   "f has its keys in braces",
		"queries: [a]":             "f:1:10: queries is no mapping",
		"queries:\n  Select: x":    `f:2:3: queries: "Select" is no name of a query`,
		"queries:\n  a: x\n  a: y": `f:3:3: queries: "a" is there twice`,
		"queries:\n  a: [x]":       "f:2:6: queries.a takes a single value",
		"stack: [":                 "not YAML",
	} {
		got, err := SaveQuery("f", []byte(before), Query{"q", "SELECT 1"})
		if err == nil || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" && !strings.Contains(want, "YAML") && !strings.Contains(want, "single") {
			t.Errorf("%q: %q %v (%s)", before, got, err, fault.HintOf(err))
		}
	}
	if _, err := SaveQuery("f", nil, Query{"q", "SELECT '\x01'\n"}); err == nil {
		t.Error("a text that YAML cannot hold is saved")
	}
}

// Saved queries are no part of what travels.
func TestQueriesAreNoSpec(t *testing.T) {
	t.Parallel()
	text := []byte("queries:\n  a: SELECT 1\n")
	if Present(text) {
		t.Error("a file with queries alone says something about records")
	}
	with, err := Read("f", append([]byte("drop: [city]\n"), text...))
	if err != nil {
		t.Fatal(err)
	}
	without, err := Read("f", []byte("drop: [city]\n"))
	if err != nil || string(with.JSON()) != string(without.JSON()) {
		t.Errorf("%s, want %s (%v)", with.JSON(), without.JSON(), err)
	}
}

func FuzzSaveQuery(f *testing.F) {
	f.Add("queries:\n  a: SELECT 1\n", "SELECT 2")
	f.Add("a: |\n  x\n\n# c\n", " x\n\ty ")
	f.Fuzz(func(t *testing.T, before, sql string) {
		got, err := SaveQuery("f", []byte(before), Query{"q", sql})
		if err != nil {
			return
		}
		list, err := Queries("f", got)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range list {
			if q.Name == "q" && q.SQL == sql {
				return
			}
		}
		t.Fatalf("%q with %q became %q", before, sql, got)
	})
}
