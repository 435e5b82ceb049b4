package athena

import (
	"strings"

	"pixelctl/pkg/awsfake/athena/lexer"
)

// Types of statements, as Athena tells them.
const (
	dml     = "DML"
	ddl     = "DDL"
	utility = "UTILITY"
)

// statement is one statement, told apart by its first words.
type statement struct {
	sql        string
	tokens     []lexer.Token
	class, sub string // StatementType and SubstatementType
	extension  string // of its result file
	run        runner
}

// runner is how a kind of statement runs.
type runner int

const (
	reads    runner = iota // by the back end, rows with a header
	explains               // by the back end, rows as text
	unloads
	repairs
	altersPartitions
	shows
	describes
)

// form is a kind of statement by its first words.
type form struct {
	words      string
	class, sub string
	extension  string
	run        runner
}

// forms has longer beginnings before shorter ones.
var forms = []form{
	{"select", dml, "SELECT", ".csv", reads},
	{"with", dml, "SELECT", ".csv", reads},
	{"values", dml, "SELECT", ".csv", reads},
	{"table", dml, "SELECT", ".csv", reads},
	{"( select", dml, "SELECT", ".csv", reads},
	{"( with", dml, "SELECT", ".csv", reads},
	{"explain", dml, "EXPLAIN", ".txt", explains},
	{"unload", dml, "UNLOAD", "", unloads},
	{"msck repair table", ddl, "MSCK_REPAIR_TABLE", ".txt", repairs},
	{"alter table", ddl, "", ".txt", altersPartitions},
	{"show create table", utility, "SHOW_CREATE_TABLE", ".txt", shows},
	{"show partitions", utility, "SHOW_PARTITIONS", ".txt", shows},
	{"show tables", utility, "SHOW_TABLES", ".txt", shows},
	{"show columns", utility, "SHOW_COLUMNS", ".txt", shows},
	{"describe", utility, "DESCRIBE_TABLE", ".txt", describes},
	{"desc", utility, "DESCRIBE_TABLE", ".txt", describes},
}

// classify tells what a statement is. More than one, or one of a kind that the
// fake lacks, is MALFORMED_QUERY.
func classify(sql string) (statement, error) {
	tokens := lexer.Lex(sql)
	for len(tokens) > 0 && tokens[len(tokens)-1].Is(";") {
		tokens = tokens[:len(tokens)-1]
	}
	for _, t := range tokens {
		if t.Is(";") {
			return statement{}, invalid(MalformedQuery, "Only one sql statement is allowed. Got: %s", sql)
		}
	}
	for _, f := range forms {
		if !lexer.Begin(tokens, f.words) {
			continue
		}
		s := statement{
			sql: strings.TrimRight(sql[:tokens[len(tokens)-1].End], " \t\r\n"), tokens: tokens,
			class: f.class, sub: f.sub, extension: f.extension, run: f.run,
		}
		if s.run == altersPartitions {
			return s, s.alterKind()
		}
		return s, nil
	}
	return statement{}, invalid(MalformedQuery, "Queries of this type are not supported")
}

// with puts literals in the place of the question marks, each within a
// parenthesis so that lines and meaning stay. Athena takes them in the WHERE of
// what is DML, and as many as there are marks.
func (s statement) with(values []string) (statement, error) {
	var marks []lexer.Token
	for _, t := range s.tokens {
		if t.Is("?") {
			marks = append(marks, t)
		}
	}
	switch {
	case len(marks) != len(values):
		return s, invalid("INVALID_INPUT", "Incorrect number of parameters: expected %d but found %d", len(marks), len(values))
	case len(values) == 0:
		return s, nil
	case s.class != dml || s.run == explains:
		return s, invalid("INVALID_INPUT", "Parameters are supported in SELECT, INSERT INTO, CTAS and UNLOAD only")
	}
	var b strings.Builder
	from := 0
	for i, t := range marks {
		b.WriteString(s.sql[from:t.Start] + "(" + values[i] + ")")
		from = t.End
	}
	s.sql = b.String() + s.sql[from:]
	s.tokens = lexer.Lex(s.sql)
	return s, nil
}

// alterKind tells ADD from DROP PARTITION; there is no other ALTER here.
func (s *statement) alterKind() error {
	for i, t := range s.tokens {
		rest := s.tokens[i:]
		switch {
		case t.Is("add") && (lexer.Begin(rest, "add partition") || lexer.Begin(rest, "add if not exists partition")):
			s.sub = "ALTER_TABLE_ADD_PARTITION"
			return nil
		case t.Is("drop") && (lexer.Begin(rest, "drop partition") || lexer.Begin(rest, "drop if exists partition")):
			s.sub = "ALTER_TABLE_DROP_PARTITION"
			return nil
		}
	}
	return invalid(MalformedQuery, "Queries of this type are not supported")
}
