package duckdb

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/lexer"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
	"pixelctl/pkg/query/dialect"
)

// plan is a statement and the partitions of the table that it may read.
type plan struct {
	statement  string // in DuckDB's words
	translated dialect.Translation
	references []reference
	paths      bool         // it names "$path"
	schema     event.Schema // of the table
	partitions []partition
}

// plan resolves the names of a statement in the catalog.
func (b *Backend) plan(ctx context.Context, s athena.Statement) (plan, error) {
	t, err := dialect.Translate(s.SQL, nil)
	if err != nil {
		return plan{}, failure(err)
	}
	tokens := lexer.Lex(t.SQL)
	p := plan{statement: t.SQL, translated: t, references: references(tokens)}
	p.paths = slices.ContainsFunc(tokens, func(t lexer.Token) bool { return t.Kind == lexer.Quoted && t.Text == "$path" })
	var table *glue.Table
	for i, r := range p.references {
		r.database = cmp.Or(r.database, s.Database)
		p.references[i] = r
		line, column := t.Place(lexer.Place(t.SQL, r.start))
		found, err := b.resolve(ctx, r, fmt.Sprintf("line %d:%d", line, column))
		if err != nil {
			return p, err
		}
		table = cmp.Or(found, table)
	}
	if table == nil {
		return p, nil
	}
	p.schema = schemaOf(*table)
	p.partitions, err = b.partitions(ctx, *table)
	return p, err
}

// placed tells the place of an error in the statement as it was given.
func (p plan) placed(err error) error {
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		syntax.Line, syntax.Column = p.translated.Place(syntax.Line, syntax.Column)
	}
	return err
}

// schemaOf is the record whose columns a table has.
func schemaOf(t glue.Table) event.Schema {
	if t.StorageDescriptor == nil {
		return event.Schema{}
	}
	return event.SchemaOf(columnsOf(t.StorageDescriptor))
}

func columnsOf(d *glue.StorageDescriptor) []event.GlueColumn {
	list := make([]event.GlueColumn, len(d.Columns))
	for i, c := range d.Columns {
		list[i] = event.GlueColumn{Name: c.Name, Type: c.Type, Comment: c.Comment}
	}
	return list
}

// resolve finds the table below a name: its own, or that of a view.
func (b *Backend) resolve(ctx context.Context, r reference, at string) (*glue.Table, error) {
	if r.database == "information_schema" {
		return nil, nil //nolint:nilnil // it has no table in the catalog
	}
	t, err := b.catalog.Table(ctx, r.database, r.name)
	if err != nil && wire.AsError(err).Code == "EntityNotFoundException" {
		return nil, athena.Fail("TABLE_NOT_FOUND", "%s: Table 'awsdatacatalog.%s.%s' does not exist", at, r.database, r.name)
	}
	if err != nil {
		return nil, err
	}
	if t.TableType != "VIRTUAL_VIEW" {
		if t.Name != lake.Table {
			return nil, athena.Fail("NOT_SUPPORTED", "%s: the fake reads %s only, not %s", at, lake.Table, t.Name)
		}
		return &t, nil
	}
	return b.below(ctx, t, reference{database: r.database}, at)
}

// below resolves what a view reads, and checks that the view is the lake's over
// the table that lies there.
func (b *Backend) below(ctx context.Context, t glue.Table, r reference, at string) (*glue.Table, error) {
	sql, err := storedSQL(t, at)
	if err != nil {
		return nil, err
	}
	reads := references(lexer.Lex(sql))
	if len(reads) == 0 {
		return nil, athena.Fail("NOT_SUPPORTED", "%s: the fake knows the views of the lake only, not %s", at, t.Name)
	}
	table, err := b.resolve(ctx, reference{database: r.database, name: reads[0].name}, at)
	if err != nil {
		return nil, err
	}
	for _, v := range lake.Views(schemaOf(*table)) {
		if v.Name == t.Name && sameSQL(v.SQL, sql) {
			return table, nil
		}
	}
	return nil, athena.Fail("NOT_SUPPORTED", "%s: the fake knows view %s as the lake has it, not as %s", at, t.Name, sql)
}

// storedSQL is the query that a view keeps.
func storedSQL(t glue.Table, at string) (string, error) {
	invalid := athena.Fail("INVALID_VIEW", "%s: Failed analyzing stored view 'awsdatacatalog.%s.%s'", at, t.DatabaseName, t.Name)
	encoded, ok := strings.CutPrefix(t.ViewOriginalText, "/* Presto View: ")
	text, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(encoded, " */"))
	if err != nil || !ok {
		return "", invalid
	}
	var view struct {
		OriginalSQL string `json:"originalSql"`
	}
	if err := json.Unmarshal(text, &view); err != nil {
		return "", invalid
	}
	return view.OriginalSQL, nil
}

// sameSQL compares token by token.
func sameSQL(a, b string) bool {
	return slices.EqualFunc(lexer.Lex(a), lexer.Lex(b), func(x, y lexer.Token) bool { return x.Text == y.Text && x.Kind == y.Kind })
}

// sql gives the statement with the names that the engine knows. Where "$path"
// is asked for, the table stands as a query that has it.
func (p plan) sql(files []duck.File, names map[string]string) string {
	if p.paths {
		return p.expand(func(int) string { return p.withPath(files, names) })
	}
	return replace(p.statement, p.references, func(_ int, r reference) string {
		if r.database == "information_schema" {
			return r.database + "." + r.name
		}
		// What follows stays in its place.
		return strings.Repeat(" ", r.end-r.start-len(r.name)) + r.name
	})
}

// replace puts other words in the place of references.
func replace(sql string, list []reference, by func(i int, r reference) string) string {
	var b strings.Builder
	from := 0
	for i, r := range list {
		b.WriteString(sql[from:r.start] + by(i, r))
		from = r.end
	}
	return b.String() + sql[from:]
}

// expand puts queries in the place of the table and of the views over it.
func (p plan) expand(table func(place int) string) string {
	return expand(p.statement, p.references, lake.Views(p.schema), table)
}

func expand(sql string, list []reference, views []lake.View, table func(place int) string) string {
	return replace(sql, list, func(i int, r reference) string {
		body := ""
		if r.name == lake.Table {
			body = table(i)
		}
		for _, v := range views {
			if v.Name == r.name {
				body = expand(v.SQL, references(lexer.Lex(v.SQL)), views, func(int) string { return table(i) })
			}
		}
		if body == "" {
			return r.database + "." + r.name
		}
		if aliased(sql[r.end:]) {
			return "(" + body + ")"
		}
		return "(" + body + ") AS " + r.name
	})
}

// afterTable are words that follow a table and are no alias.
var afterTable = []string{"join", "inner", "left", "right", "full", "cross", "natural", "tablesample"}

// aliased tells whether a name follows the table's.
func aliased(rest string) bool {
	tokens := lexer.Lex(rest)
	if len(tokens) == 0 || !tokens[0].IsName() {
		return false
	}
	return tokens[0].Kind == lexer.Quoted || !slices.Contains(ends, tokens[0].Text) && !slices.Contains(afterTable, tokens[0].Text)
}

// withPath is the table with the URL of each row's object.
func (p plan) withPath(files []duck.File, names map[string]string) string {
	if len(files) == 0 {
		return `SELECT *, CAST(NULL AS VARCHAR) AS "$path" FROM main.` + lake.Table
	}
	var entries []string
	for _, path := range slices.Sorted(maps.Keys(names)) {
		entries = append(entries, quote(path)+": "+quote(names[path]))
	}
	return fmt.Sprintf(`SELECT %s, year, month, day, hour, CAST(MAP {%s}[filename] AS VARCHAR) AS "$path" FROM (`+
		`SELECT * FROM read_parquet([%s], union_by_name = true, filename = true, hive_partitioning = true, `+
		`hive_types = {'year': 'INTEGER', 'month': 'INTEGER', 'day': 'INTEGER', 'hour': 'INTEGER'})%s)`,
		p.schema.DuckDBCasts(), strings.Join(entries, ", "), list(files), p.younger())
}

// younger adds the columns that files of an earlier schema lack.
func (p plan) younger() string {
	fields := p.schema.Fields()
	if len(fields) == 0 {
		return ""
	}
	columns := make([]string, len(fields))
	for i, f := range fields {
		columns[i] = "CAST(NULL AS " + f.Type.DuckDB() + ") AS " + f.Name
	}
	return " UNION ALL BY NAME SELECT " + strings.Join(columns, ", ") + " WHERE false"
}

func list(files []duck.File) string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = quote(f.Path)
	}
	return strings.Join(out, ", ")
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
