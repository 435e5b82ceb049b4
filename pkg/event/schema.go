package event

import "slices"

// Schema is the record of one stack: the built-in columns and, behind them,
// those that its spec adds. The zero Schema has the built-in ones only.
type Schema struct{ fields []Field }

// NewSchema returns the schema with these fields, in their order.
func NewSchema(fields ...Field) Schema { return Schema{slices.Clone(fields)} }

// SchemaOf returns the schema of a table: what is no built-in column is a
// field, in the order of the table. The fields' limits are not known to a
// table and stay 0.
func SchemaOf(table []GlueColumn) Schema {
	var s Schema
	for _, c := range table {
		if !isBuiltIn(c.Name) {
			s.fields = append(s.fields, Field{Name: c.Name, Type: Type(c.Type), Doc: c.Comment})
		}
	}
	return s
}

func isBuiltIn(name string) bool {
	return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
}

// Fields returns the columns that the spec adds.
func (s Schema) Fields() []Field { return slices.Clone(s.fields) }

// Columns returns the ordered table of columns, partition keys excluded.
// Columns are only ever appended: Trino reads ORC by position.
func (s Schema) Columns() []Column {
	out := slices.Grow(slices.Clone(columns), len(s.fields))
	for _, f := range s.fields {
		out = append(out, Column{Name: f.Name, Field: "Fields", Type: f.Type, Rule: Present, Limit: f.Limit, Doc: f.Doc})
	}
	return out
}

// Names returns the names of all columns in order.
func (s Schema) Names() []string {
	columns := s.Columns()
	names := make([]string, len(columns))
	for i := range columns {
		names[i] = columns[i].Name
	}
	return names
}
