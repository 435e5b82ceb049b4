package report_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// TestRigTrino asks Trino, which Athena is built on, for some of the reports
// that TestReportsEqualAPlainComputation asks DuckDB for.
func TestRigTrino(t *testing.T) {
	rigs.Need(t, "reports are compared with a plain computation on DuckDB only, not on Trino")
	rig := rigs.StartTrino(t, "")
	random := rand.New(rand.NewPCG(7, 3))
	middle := moments()[0]
	records := anyRecords(random, middle, 150)
	openLake(t, rig.Lake, records)
	engine := trinoEngine{rig}
	for _, sql := range []string{
		"CREATE SCHEMA " + lake.Database, trinoTable(),
		"CALL system.sync_partition_metadata('" + lake.Database + "', '" + lake.Table + "', 'ADD')",
	} {
		if _, err := rig.Ask(t.Context(), lake.Database, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	for range 2 {
		for _, name := range report.Names() {
			anyCase(t, random, name, middle).compare(t, engine, records)
		}
	}
}

// trinoTable is the table in Trino's words.
func trinoTable() string {
	types := strings.NewReplacer("string", "varchar", "timestamp", "timestamp(3)", "<", "(", ">", ")")
	var columns, keys []string
	for _, c := range append(lake.Columns(event.Schema{}), lake.PartitionKeys()...) {
		columns = append(columns, `"`+c.Name+`" `+types.Replace(c.Type))
	}
	for _, k := range lake.PartitionKeys() {
		keys = append(keys, "'"+k.Name+"'")
	}
	return fmt.Sprintf("CREATE TABLE %s (%s) WITH (format = 'PARQUET', external_location = 'local:///%s', partitioned_by = ARRAY[%s])",
		lake.Table, strings.Join(columns, ", "), lake.DataPrefix, strings.Join(keys, ", "))
}

type trinoEngine struct{ rig *rigs.Trino }

// Query satisfies query.Engine.
func (e trinoEngine) Query(ctx context.Context, sql string, _ ...query.Param) (query.Rows, error) {
	a, err := e.rig.Ask(ctx, lake.Database, sql)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sql, err)
	}
	out := &trinoRows{rows: a.Rows}
	for _, c := range a.Columns {
		out.columns = append(out.columns, query.Column(c))
	}
	return out, nil
}

type trinoRows struct {
	columns []query.Column
	rows    [][]any
}

func (r *trinoRows) Columns() []query.Column { return r.columns }
func (*trinoRows) Stats() query.Stats        { return query.Stats{} }
func (*trinoRows) Close() error              { return nil }

func (r *trinoRows) Next(context.Context) ([]any, error) {
	if len(r.rows) == 0 {
		return nil, io.EOF
	}
	row := r.rows[0]
	r.rows = r.rows[1:]
	for i, v := range row {
		if v == nil {
			continue
		}
		var err error
		switch typ := r.columns[i].Type; {
		case typ == "bigint", typ == "integer":
			row[i], err = strconv.ParseInt(fmt.Sprint(v), 10, 64)
		case strings.HasPrefix(typ, "timestamp"):
			row[i], err = time.Parse("2006-01-02 15:04:05.999999", fmt.Sprint(v))
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}
