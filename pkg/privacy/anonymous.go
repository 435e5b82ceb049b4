package privacy

import (
	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// Anonymous is what becomes of one column of a row that shall stay without its
// person.
type Anonymous struct {
	Column string
	Action Action // Blank, Cut or Told
	SQL    string // the new value, for Athena and DuckDB, typed as the column
}

// PersonalColumns returns the columns of a row that tell about a person, in
// the order of the table, and what is to stand there instead: what strip does
// to a hit, done to a row.
func PersonalColumns(s spec.Spec) []Anonymous {
	var out []Anonymous
	for _, c := range (event.Schema{}).Columns() {
		switch action := Effect(Stripped, c.Name); action {
		case Blank:
			out = append(out, Anonymous{c.Name, action, null(c.Type)})
		case Cut:
			out = append(out, Anonymous{c.Name, action, cutSQL(c.Name)})
		case Told:
			out = append(out, Anonymous{c.Name, action, "'" + ipModeNone + "'"})
		case Kept, Hashed:
		}
	}
	for _, f := range s.Fields {
		if EffectOn(Stripped, f) == Blank {
			out = append(out, Anonymous{f.Name, Blank, null(f.Type)})
		}
	}
	return out
}

// null is a NULL of a type: a bare one would give a rewritten file another
// type. DuckDB's names of types are Athena's too.
func null(t event.Type) string { return "CAST(NULL AS " + t.DuckDB() + ")" }

// cutSQL is withoutQuery for a column of a row.
func cutSQL(column string) string {
	path := "split_part(split_part(" + column + ", '?', 1), '#', 1)"
	return "CASE WHEN " + path + " LIKE '/%' OR " + path + " LIKE '%://%' THEN regexp_replace(" +
		path + ", '//[^/]*@', '//') END"
}
