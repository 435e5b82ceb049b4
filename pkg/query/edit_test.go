package query

import "testing"

func TestRewrite(t *testing.T) {
	t.Parallel()
	const sql = "SELECT ü,\r\n  long_name FROM t"
	e := Rewrite(sql, []Edit{{7, 9, "x"}, {14, 23, "n\n"}, {29, 30, "table_t"}})
	if want := "SELECT x,\r\n  n\n FROM table_t"; e.SQL != want {
		t.Fatalf("%q, want %q", e.SQL, want)
	}
	for place, want := range map[[2]int][2]int{
		{1, 1}:  {1, 1},
		{1, 8}:  {1, 8},  // in place of ü
		{1, 9}:  {1, 9},  // the comma behind it
		{1, 99}: {1, 10}, // beyond the line
		{2, 3}:  {2, 3},  // in place of long_name
		{3, 2}:  {2, 13}, // FROM
		{3, 10}: {2, 18}, // within what stands for t
		{9, 1}:  {2, 19}, // beyond the text
		{0, 0}:  {0, 0},  // no place
	} {
		if line, column := e.Place(place[0], place[1]); [2]int{line, column} != want {
			t.Errorf("%v comes from %d:%d, want %v", place, line, column, want)
		}
	}
}
