package duckdb

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/athena/lexer"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
)

// standIn is the only row of the files that partitions are tried with.
const standIn = `{"event_id":"","received_at":"2000-01-01 00:00:00.000"}` + "\n"

// prune gives the partitions that a statement reads, and the bytes: those of a
// partition count for each place of the statement that reads it. A place reads
// the partitions for which the plan has a scan left when their values stand
// for the keys. That is how Trino prunes, too, whatever the predicate.
func (p plan) prune(ctx context.Context, dir string) (read []partition, scanned int64, err error) {
	places := p.places()
	if len(p.partitions) == 0 || !p.namesKeys() {
		return p.partitions, int64(len(places)) * size(p.partitions), nil
	}
	source, err := p.standIns(ctx, filepath.Join(dir, "stand-ins"))
	if err != nil {
		return nil, 0, err
	}
	engine, err := duck.Open(ctx, source, options())
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	for _, part := range p.partitions {
		times := int64(0)
		for _, place := range places {
			scans, err := planned(ctx, engine, p.of(place, part.hour, source.Files))
			if err != nil {
				return nil, 0, failure(err)
			}
			if scans {
				times++
			}
		}
		if times > 0 {
			read, scanned = append(read, part), scanned+times*size([]partition{part})
		}
	}
	return read, scanned, nil
}

// places are the references that read the table.
func (p plan) places() (list []int) {
	for i, r := range p.references {
		if r.database != "information_schema" {
			list = append(list, i)
		}
	}
	return list
}

// namesKeys tells whether a statement has a word that is a partition key.
func (p plan) namesKeys() bool {
	return slices.ContainsFunc(lexer.Lex(p.statement), func(t lexer.Token) bool {
		return t.IsName() && slices.ContainsFunc(lake.PartitionKeys(), func(k lake.CatalogColumn) bool { return k.Name == t.Text })
	})
}

// standIns are two files in one directory; the engine looks into a lone file
// when it plans.
func (p plan) standIns(ctx context.Context, data string) (duck.Source, error) {
	bodies, err := toParquet(ctx, p.schema, data, []byte(standIn))
	if err != nil {
		return duck.Source{}, err
	}
	c := copier{dir: data, names: map[string]string{}}
	for _, name := range []string{"a.parquet", "b.parquet"} {
		if err := c.file(partition{hour: lake.Hour{Year: 2000, Month: 1, Day: 1}}, name, "", bodies[0]); err != nil {
			return duck.Source{}, err
		}
	}
	c.source.Data, c.source.Schema = data, p.schema
	return c.source, nil
}

// planned tells whether a scan is left in the plan of a statement.
func planned(ctx context.Context, engine *duck.Engine, sql string) (scans bool, err error) {
	rows, err := engine.Query(ctx, "EXPLAIN\n"+sql)
	var syntax *query.SyntaxError
	if errors.As(err, &syntax) && syntax.Line > 1 {
		syntax.Line--
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	err = query.Each(ctx, rows, func(row []any) error {
		plan, ok := row[len(row)-1].(string)
		scans = scans || ok && strings.Contains(plan, "READ_PARQUET")
		return nil
	})
	return scans, err
}

// of is the statement with a partition's values for the keys at one place. At
// the others stand rows of which nothing is known, and no file.
func (p plan) of(place int, h lake.Hour, files []duck.File) string {
	return p.expand(func(i int) string {
		if i != place {
			return p.unknown()
		}
		return fmt.Sprintf(`SELECT %s, %d AS year, %d AS month, %d AS day, %d AS hour, event_id || filename AS "$path" FROM read_parquet([%s], filename = true)`,
			p.schema.DuckDBCasts(), h.Year, h.Month, h.Day, h.Hour, list(files))
	})
}

// unknown is a table whose values the planner cannot tell.
func (p plan) unknown() string {
	var b strings.Builder
	b.WriteString("SELECT ")
	for _, c := range p.schema.Columns() {
		value := "CAST(CAST(random() AS VARCHAR) AS " + c.Type.DuckDB() + ")"
		switch c.Type {
		case event.Int, event.BigInt, event.Double, event.Boolean:
			value = "CAST(random() AS " + c.Type.DuckDB() + ")"
		case event.Map:
			value = "MAP {CAST(random() AS VARCHAR): CAST(random() AS VARCHAR)}"
		}
		b.WriteString(value + " AS " + c.Name + ", ")
	}
	for _, k := range lake.PartitionKeys() {
		b.WriteString("CAST(random() AS INTEGER) AS " + k.Name + ", ")
	}
	return b.String() + `CAST(random() AS VARCHAR) AS "$path" FROM range(5)`
}
