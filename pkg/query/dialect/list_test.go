package dialect_test

import (
	"os"
	"strings"
	"testing"
)

// entry is one thing of the list: what people write, and the statements that
// try it.
type entry struct {
	section string
	write   string // as people write it
	sql     string
	refused bool
	instead string // what to write for both; its statement is sql when refused
	asked   string // the refused statement
	note    string
}

// statement makes a statement of what the list has: it is one, or an
// expression, or one over the hits, which begins with an @.
func statement(text string) string {
	if over, ok := strings.CutPrefix(text, "@ "); ok {
		return "SELECT event_id, " + over + " FROM tp_hits ORDER BY event_id"
	}
	first, _, _ := strings.Cut(text, " ")
	switch strings.ToUpper(first) {
	case "SELECT", "WITH", "VALUES", "FROM", "PIVOT", "SUMMARIZE", "DESCRIBE", "DESC", "SHOW", "EXPLAIN", "TABLE", "(SELECT":
		return text
	}
	return "SELECT " + text
}

// list reads expressions.txt: "# " begins a section, "! " what is refused here,
// "= " what to write instead, "- " a note on the entry before it.
func list(t testing.TB) []entry {
	t.Helper()
	raw, err := os.ReadFile("expressions.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	section := ""
	for line := range strings.SplitSeq(string(raw), "\n") {
		text := strings.TrimSpace(line)
		if len(text) < 2 {
			continue
		}
		rest := strings.TrimSpace(text[2:])
		switch text[:2] {
		case "# ":
			section = rest
		case "; ":
		case "! ":
			all = append(all, entry{section: section, write: rest, refused: true, asked: statement(rest)})
		case "= ":
			last := &all[len(all)-1]
			last.instead, last.sql = rest, statement(rest)
		case "- ":
			all[len(all)-1].note = rest
		default:
			all = append(all, entry{section: section, write: text, sql: statement(text)})
		}
	}
	return all
}
