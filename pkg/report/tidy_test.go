package report

import (
	"context"
	"testing"
)

// A spreadsheet runs none of the names that visitors choose, and each can be
// had back.
func TestSheet(t *testing.T) {
	names := map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-2": "'-2", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "＝1": "'＝1",
		"'=1": "''=1", "spring": "spring", "'tis": "'tis", "a=b": "a=b", "": "",
	}
	for name, want := range names {
		rows := Sheet(Report{Name: "campaigns", Parts: []Part{{
			Labels: []string{"Campaign", "Way"}, Measures: []Measure{{Name: "people"}},
			Rows: []Row{{Label: []string{name, name}, Values: []Value{{N: of(-3)}}}},
		}}})
		row, err := rows.Next(context.Background())
		if err != nil || row[3] != want || row[4] != want || row[6] != -3.0 {
			t.Errorf("%q: %q and %v, want %q", name, row[3:5], row[6], want)
		}
	}
}
