package dialect

import "pixelctl/pkg/query"

// refuseParams refuses to compare the value of a ? with what Athena does not
// compare it with: DuckDB would read it as whatever it is compared with.
func refuseParams(s *source) error {
	n := 0
	for i := range s.tokens {
		if !s.is(i, "?") {
			continue
		}
		if n++; n > len(s.params) || !s.compared(i) {
			continue
		}
		p, typ := s.params[n-1], s.typeBeside(i)
		if want := paramOf(typ); want != "" && kindOf(want) != kindOf(p.Type) {
			return s.refuse(i, "Athena does not compare %s with %s: give --param %s=…", typ, p.Type, written(p.Name, want))
		}
	}
	return nil
}

// written is how a parameter is named when it is given.
func written(name string, typ query.ParamType) string {
	if typ == query.ParamString {
		return name
	}
	return name + ":" + string(typ)
}

// paramOf is the type of a value that a column or a literal is compared with;
// "" when that is not plain.
func paramOf(typ string) query.ParamType {
	switch typ {
	case "varchar":
		return query.ParamString
	case "integer", "int", "bigint", "smallint", "a number":
		return query.ParamInt
	case "double", "real", "decimal":
		return query.ParamDouble
	case "boolean":
		return query.ParamBoolean
	case "date":
		return query.ParamDate
	case "timestamp":
		return query.ParamTimestamp
	}
	return ""
}

// kindOf puts types together that Athena compares.
func kindOf(typ query.ParamType) query.ParamType {
	switch typ {
	case query.ParamDouble:
		return query.ParamInt
	case query.ParamDate:
		return query.ParamTimestamp
	case query.ParamString, query.ParamInt, query.ParamBoolean, query.ParamTimestamp:
	}
	return typ
}
