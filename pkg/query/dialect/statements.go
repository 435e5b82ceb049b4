package dialect

// catalogs names what SELECT asks of the catalog on both targets.
const catalogs = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema AND table_name = 'tp_hits' ORDER BY ordinal_position"

// Ask refuses statements that each target answers in words of its own, with the
// question that is the same on both.
func Ask(sql string) error {
	s := read(sql)
	switch {
	case s.any(0, "describe", "desc", "pragma"), s.is(0, "show", "columns"):
		return s.refuse(0, "each target describes a table in its own words: write %s", catalogs)
	case s.is(0, "show", "tables"), s.is(0, "show", "views"), s.is(0, "show", "all"):
		return s.refuse(0, "each target lists tables in its own words: write SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema")
	case s.is(0, "show"):
		return s.refuse(0, "SHOW is not the same on both targets: SELECT … FROM information_schema.columns is, and pixelctl fields tells what the columns hold")
	case s.is(0, "explain"):
		return s.refuse(0, "each engine explains its own plan: pixelctl query --explain tells partitions, files, bytes and price")
	}
	return nil
}

// catalog has information_schema be what Athena has there.
func catalog(s *source) error {
	for i := range s.tokens {
		switch {
		case s.tokens[i].IsName() && s.tokens[i].Text == "information_schema" && !s.is(i-1, ".") && s.is(i+1, "."):
			if i+2 >= len(s.tokens) || s.tokens[i+2].Text != "columns" && s.tokens[i+2].Text != "tables" {
				return s.refuse(i, "information_schema has columns and tables here")
			}
			s.rename(i, "athena")
		case s.is(i, "current_schema") && !s.asName(i):
			s.rename(i, "athena.current_schema()")
		case s.is(i, "current_timestamp", "(") && s.pair[i+1] == i+3:
			s.replace(i, i+3, "current_timestamp")
		}
	}
	return nil
}
