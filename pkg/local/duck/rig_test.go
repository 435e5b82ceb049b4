//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/rigs"
)

// TestRigTrinoFunctions asks Trino, whose names the macros carry, for the same
// values.
func TestRigTrinoFunctions(t *testing.T) {
	rigs.Need(t, "the macros' values are compared with documentation only, not with Trino's")
	trino := rigs.StartTrino(t, "")
	e := open(t, Source{})
	for _, c := range trinoFunctions {
		rows, err := e.Query(t.Context(), "SELECT "+c.sql)
		if err != nil {
			t.Fatalf("%s: %v", c.sql, err)
		}
		want, err := rigs.Read(t.Context(), rows)
		if err != nil {
			t.Fatalf("%s: %v", c.sql, err)
		}
		answer, err := trino.Ask(t.Context(), "", "SELECT "+inTrino(c.sql))
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		got, err := rigs.TableOf(answer)
		if err != nil {
			t.Fatalf("%s: %v", c.sql, err)
		}
		got.Columns, want.Columns = nil, nil // whole numbers may be wider or narrower
		if d := got.Differs(want); d != "" {
			t.Errorf("%s: Trino (<) and DuckDB (>) differ:\n%s", c.sql, d)
		}
	}
}

// inTrino writes the literals that only DuckDB has, outside of texts.
func inTrino(sql string) string {
	sql = strings.ReplaceAll(sql, "MAP {'a': 1}", "MAP(ARRAY['a'], ARRAY[1])")
	parts := strings.Split(sql, "'")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(parts[i], "ARRAY[", "["), "[", "ARRAY[")
	}
	return strings.Join(parts, "'")
}
