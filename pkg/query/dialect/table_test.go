package dialect_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
)

var update = flag.Bool("update", false, "write the table anew, and with PIXELCTL_RIGS=1 Trino's answers")

// answer is what an engine says to a statement.
type answer struct {
	SQL     string   `json:"sql"`
	Columns []string `json:"columns,omitempty"`
	Rows    []string `json:"rows,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func (a answer) table() rigs.Table { return rigs.Table{Columns: a.Columns, Rows: a.Rows} }

// inner matches parentheses that hold none.
var inner = regexp.MustCompile(`\([^()]*\)`)

// outer is a statement without what stands in parentheses.
func outer(sql string) string {
	for {
		less := inner.ReplaceAllString(sql, "")
		if less == sql {
			return strings.ToUpper(sql)
		}
		sql = less
	}
}

// ordered gives rows that have no order one; of rows that are any of many only
// the number counts.
func ordered(sql string, t rigs.Table) rigs.Table {
	order, limit := strings.Contains(outer(sql), "ORDER BY"), strings.Contains(outer(sql), "LIMIT")
	switch {
	case order:
	case limit:
		t.Rows = []string{fmt.Sprintf("any %d rows", len(t.Rows))}
	default:
		t = t.Sorted()
	}
	return t
}

const answersFile = "testdata/trino.json"

// answers are those of Trino, as the rig last wrote them, by statement.
func answers(t testing.TB) map[string]answer {
	t.Helper()
	raw, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	var all []answer
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]answer{}
	for _, a := range all {
		out[a.SQL] = a
	}
	return out
}

// ask has DuckDB answer through the translator, as the local target does.
func ask(t testing.TB, e *duck.Engine, sql string) answer {
	t.Helper()
	a := answer{SQL: sql}
	rows, err := e.Query(t.Context(), sql)
	if err == nil {
		var got rigs.Table
		got, err = rigs.Read(t.Context(), rows)
		got = ordered(sql, got)
		a.Columns, a.Rows = got.Columns, got.Rows
	}
	if err != nil {
		a = answer{SQL: sql, Error: err.Error()}
	}
	return a
}

// differs says how an answer differs from Trino's; both may fail.
func differs(got, want answer) string {
	if (got.Error != "") != (want.Error != "") {
		return fmt.Sprintf("DuckDB: %v %s\nTrino: %v %s", got.Rows, got.Error, want.Rows, want.Error)
	}
	return widths(got.table()).Differs(widths(want.table()))
}

// decimalWidth is the precision of a decimal, which may be larger here.
var decimalWidth = regexp.MustCompile(`decimal\(\d+,`)

func widths(t rigs.Table) rigs.Table {
	t.Columns = slices.Clone(t.Columns)
	for i, c := range t.Columns {
		t.Columns[i] = decimalWidth.ReplaceAllString(c, "decimal(*,")
	}
	return t
}

// TestExpressions asks DuckDB each entry of the list, over Parquet and over
// the spool's JSON, and wants Trino's answers.
func TestExpressions(t *testing.T) {
	want := answers(t)
	engines := map[string]*duck.Engine{
		"parquet": openDuck(t, parquet(t, t.TempDir())),
		"json":    openDuck(t, duck.Source{Spool: []string{segment(t)}}),
	}
	for _, e := range append(list(t), statements(t)...) {
		for name, engine := range engines {
			if e.refused {
				refuses(t, engine, e)
			}
			if e.sql == "" {
				continue
			}
			trino, ok := want[e.sql]
			if !ok {
				t.Errorf("%s: Trino was not asked: PIXELCTL_RIGS=1 go test -run TestRigTrino -update ./pkg/query/dialect", e.sql)
				continue
			}
			if d := differs(ask(t, engine, e.sql), trino); d != "" {
				t.Errorf("%s over %s: DuckDB (<) and Trino (>) differ:\n%s", e.sql, name, d)
			}
		}
	}
}

// refuses wants a refusal with a place.
func refuses(t *testing.T, engine *duck.Engine, e entry) {
	t.Helper()
	_, err := engine.Query(t.Context(), e.asked)
	var syntax *query.SyntaxError
	if err == nil || errors.As(err, &syntax) && syntax.Line == 0 {
		t.Errorf("%s: got %v, want a refusal with its place", e.asked, err)
	}
}

// TestTable holds the table in step with the list.
func TestTable(t *testing.T) {
	engine := openDuck(t, parquet(t, t.TempDir()))
	got := markdown(t, engine, list(t), answers(t))
	if *update {
		if err := os.WriteFile("DIALECT.md", got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old, err := os.ReadFile("DIALECT.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(old, got) {
		t.Error("DIALECT.md is old: go test -run TestTable -update ./pkg/query/dialect")
	}
}

func markdown(t *testing.T, engine *duck.Engine, all []entry, want map[string]answer) []byte {
	t.Helper()
	var b bytes.Buffer
	agree, refused := 0, 0
	for _, e := range all {
		if e.refused {
			refused++
		} else {
			agree++
		}
	}
	fmt.Fprintf(&b, head, agree, refused)
	section := ""
	for _, e := range all {
		if e.section != section {
			section = e.section
			fmt.Fprintf(&b, "\n## %s\n\n| you write | both answer, or write instead |\n|---|---|\n", section)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", code(e.write), result(t, engine, e, want))
	}
	return b.Bytes()
}

const head = `# One SQL for both targets

Made by ` + "`go test -update ./pkg/query/dialect`" + ` from expressions.txt; do not edit. Each of the %d expressions was asked of DuckDB (over Parquet
and JSON, as the local target has them) and of Trino 476 (over Parquet, JSON and ORC of the same hits), which Athena is built on: names, types,
values, order of NULL and time zones agree. Each of %d more is refused on the local target before it runs; what to write instead agrees.
An @ stands for the expression over each hit. "fails" means that both fail.
`

func result(t *testing.T, engine *duck.Engine, e entry, want map[string]answer) string {
	t.Helper()
	note := ""
	if e.note != "" {
		note = "; " + e.note
	}
	if e.refused {
		return refusal(t, engine, e) + note
	}
	a := want[e.sql]
	switch {
	case a.Error != "":
		return "fails" + note
	case strings.Contains(e.sql, "FROM tp_hits") || len(a.Rows) != 1:
		return fmt.Sprintf("%d rows", len(a.Rows)) + note
	}
	return code(a.Rows[0]) + note
}

func refusal(t *testing.T, engine *duck.Engine, e entry) string {
	t.Helper()
	if e.instead != "" {
		return "refused; " + code(e.instead)
	}
	_, err := engine.Query(t.Context(), e.asked)
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		return "refused: " + strings.ReplaceAll(syntax.Message, "|", "\\|")
	}
	return "refused: " + strings.ReplaceAll(fmt.Sprint(err), "|", "\\|")
}

func code(s string) string {
	if r := []rune(s); len(r) > 160 {
		s = string(r[:160]) + "…"
	}
	return "`" + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(s), "|", "\\|"), "`", "'") + "`"
}

// statements are those of the product: what README, help and demo show, the
// reports, and the views.
func statements(t testing.TB) []entry {
	t.Helper()
	var out []entry
	for _, sql := range published(t) {
		out = append(out, entry{section: "product", write: sql, sql: sql})
	}
	for _, r := range []string{"tp_hits", "hits", "people", "opens", "seed_view"} {
		sql := "SELECT * FROM " + r
		out = append(out, entry{section: "product", write: sql, sql: sql})
	}
	return out
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
