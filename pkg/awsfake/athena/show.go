package athena

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/glue"
)

// show answers SHOW.
func (s *Server) show(ctx context.Context, st statement, database string) (Result, error) {
	if st.sub == "SHOW_TABLES" {
		return s.showTables(ctx, st.after(2), database)
	}
	words := 2
	if st.sub == "SHOW_CREATE_TABLE" {
		words = 3
	}
	c := st.after(words)
	if st.sub == "SHOW_COLUMNS" && !c.take("in") {
		c.take("from")
	}
	at, err := c.table(database)
	if err != nil {
		return Result{}, err
	}
	t, err := s.table(ctx, at)
	if err != nil {
		return Result{}, err
	}
	switch st.sub {
	case "SHOW_PARTITIONS":
		return s.showPartitions(ctx, t, c)
	case "SHOW_COLUMNS":
		var names []string
		for _, column := range slices.Concat(columnsOf(t), t.PartitionKeys) {
			names = append(names, column.Name)
		}
		return lines("field", names...), c.end()
	}
	return lines("createtab_stmt", createTable(t)...), c.end()
}

func columnsOf(t glue.Table) []glue.Column {
	if t.StorageDescriptor == nil {
		return nil
	}
	return t.StorageDescriptor.Columns
}

func (s *Server) showTables(ctx context.Context, c *cursor, database string) (Result, error) {
	if c.take("in") || c.take("from") {
		name, err := c.name()
		if err != nil {
			return Result{}, err
		}
		database = name
	}
	if err := c.end(); err != nil {
		return Result{}, err
	}
	tables, err := s.o.Catalog.Tables(ctx, database)
	if err != nil {
		return Result{}, err
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.Name)
	}
	return lines("tab_name", names...), nil
}

// showPartitions lists the registered partitions; those of a projection are
// not registered.
func (s *Server) showPartitions(ctx context.Context, t glue.Table, c *cursor) (Result, error) {
	all, err := s.o.Catalog.Partitions(ctx, t.DatabaseName, t.Name)
	if err != nil {
		return Result{}, err
	}
	list, err := c.specs()
	if err != nil {
		return Result{}, err
	}
	var names []string
	for _, p := range all {
		if len(list) == 0 || list[0].fits(t, p.Values) {
			names = append(names, partitionName(t, p.Values))
		}
	}
	return lines("partition", names...), nil
}

// describe lists columns, then the partition keys under their headings.
func (s *Server) describe(ctx context.Context, st statement, database string) (Result, error) {
	t, err := s.only(ctx, st.after(1), database)
	if err != nil {
		return Result{}, err
	}
	rows := described(nil, slices.Concat(columnsOf(t), t.PartitionKeys))
	if len(t.PartitionKeys) > 0 {
		rows = append(rows, "\t \t ", "# Partition Information\t \t ", cells("# col_name", "data_type", "comment"), "\t \t ")
		rows = described(rows, t.PartitionKeys)
	}
	return lines("col_name", rows...), nil
}

func described(to []string, columns []glue.Column) []string {
	for _, c := range columns {
		to = append(to, cells(c.Name, c.Type, c.Comment))
	}
	return to
}

// cells pads each cell to 20 characters, as Hive does.
func cells(name, typ, comment string) string {
	return fmt.Sprintf("%-20s\t%-20s\t%-20s", name, typ, comment)
}

// createTable writes a table as Hive's DDL.
func createTable(t glue.Table) []string {
	out := []string{fmt.Sprintf("CREATE EXTERNAL TABLE `%s`(", t.Name)}
	out = append(out, declared(columnsOf(t))...)
	if len(t.PartitionKeys) > 0 {
		out = append(append(out, "PARTITIONED BY ( "), declared(t.PartitionKeys)...)
	}
	if d := t.StorageDescriptor; d != nil {
		if d.SerdeInfo != nil {
			out = append(out, "ROW FORMAT SERDE ", "  '"+d.SerdeInfo.SerializationLibrary+"' ")
			out = properties(out, "WITH SERDEPROPERTIES ( ", d.SerdeInfo.Parameters)
		}
		out = append(out, "STORED AS INPUTFORMAT ", "  '"+d.InputFormat+"' ", "OUTPUTFORMAT ", "  '"+d.OutputFormat+"'", "LOCATION", "  '"+d.Location+"'")
	}
	return properties(out, "TBLPROPERTIES (", t.Parameters)
}

func declared(columns []glue.Column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = "  `" + c.Name + "` " + c.Type
		if c.Comment != "" {
			out[i] += " COMMENT '" + strings.ReplaceAll(c.Comment, "'", `\'`) + "'"
		}
		if i < len(columns)-1 {
			out[i] += ", "
		} else {
			out[i] += ")"
		}
	}
	return out
}

func properties(to []string, head string, p map[string]string) []string {
	if len(p) == 0 {
		return to
	}
	to = append(to, head)
	names := slices.Sorted(maps.Keys(p))
	for i, name := range names {
		end := ", "
		if i == len(names)-1 {
			end = ")"
		}
		to = append(to, fmt.Sprintf("  '%s'='%s'%s", name, p[name], end))
	}
	return to
}
