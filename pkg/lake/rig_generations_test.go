package lake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
)

// generation is one age of the table: its columns, and the one row of an hour.
type generation struct {
	schema event.Schema
	line   []byte
	hour   lake.Hour
}

// generations are a row of before there were own columns, one of the first of
// them, and one of all.
func generations(t *testing.T) []generation {
	t.Helper()
	fields := []event.Field{
		{Name: "hotel", Type: event.String},
		{Name: "booking", Type: event.BigInt},
		{Name: "arrival", Type: event.Date},
		{Name: "seen", Type: event.Timestamp},
		{Name: "member", Type: event.Boolean},
		{Name: "price", Type: event.Double},
		{Name: "rooms", Type: event.Int},
	}
	texts := []string{"Ritz", "9007199254740993", "2026-02-28", "2026-07-05T09:10:11.123Z", "true", "99.5", "2"}
	var all []generation
	for i, n := range []int{0, 1, len(fields)} {
		at := time.Date(2026, 7, 5, 9+i, 0, 0, 0, time.UTC)
		r := event.Record{
			SchemaVersion: event.SchemaVersion, EventID: fmt.Sprintf("e-%d", i), ReceivedAt: event.MillisOf(at), Event: event.DefaultEvent,
			Site: "shop", ClientClass: event.ClassHuman, Status: event.StatusRecorded, Params: []event.Param{{Key: "k", Value: "v"}},
		}
		for j := range fields[:n] {
			v, ok := fields[j].Parse(texts[j])
			if !ok {
				t.Fatalf("%s does not take %s", fields[j].Name, texts[j])
			}
			r.Fields = append(r.Fields, v)
		}
		all = append(all, generation{event.NewSchema(fields[:n]...), r.AppendLine(nil), lake.HourOf(r.ReceivedAt)})
	}
	return all
}

// TestRigGenerations has Trino read files that were written before a column
// was added, in each format: NULL in old rows, the right values in new ones.
func TestRigGenerations(t *testing.T) {
	rigs.Need(t, "files of different ages are read together by DuckDB only, not by Trino")
	engine := rigs.StartTrino(t, "")
	all := generations(t)
	newest := all[len(all)-1].schema
	if _, err := engine.Ask(t.Context(), "", "CREATE SCHEMA ages"); err != nil {
		t.Fatal(err)
	}
	want := [][]any{
		{"e-0", nil, nil, nil, nil, nil, nil, nil, "v"},
		{"e-1", "Ritz", nil, nil, nil, nil, nil, nil, "v"},
		{"e-2", "Ritz", "9007199254740993", "2026-02-28", "2026-07-05 09:10:11.123", "true", "99.5", "2", "v"},
	}
	asks := func(sql string) [][]any {
		t.Helper()
		a, err := engine.Ask(t.Context(), "ages", sql)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return a.Rows
	}
	columns := []string{"event_id", "hotel"}
	for _, c := range []string{"booking", "arrival", "seen", "member", "price", "rooms"} {
		columns = append(columns, "CAST("+c+" AS varchar)")
	}
	columns[len(columns)-2] = "CAST(CAST(price AS decimal(5, 1)) AS varchar)"
	for _, format := range []string{"parquet", "json"} {
		t.Run(format, func(t *testing.T) {
			writeAges(t, filepath.Join(engine.Lake, format), format, all)
			asks(agesTable(format, format, newest, "external_location = 'local:///"+format+"/"+lake.DataPrefix+"', "))
			asks("CALL system.sync_partition_metadata('ages', '" + format + "', 'ADD')")
			sameRows(t, asks("SELECT "+strings.Join(columns, ", ")+", element_at(params, 'k') FROM "+format+" ORDER BY event_id"), want)
		})
	}
	// Only Trino writes ORC here: each age copies its row of the JSON table.
	t.Run("orc", func(t *testing.T) {
		asks(agesTable("orc", "orc", all[0].schema, ""))
		for i, g := range all {
			for _, f := range g.schema.Fields()[len(all[max(0, i-1)].schema.Fields()):] {
				asks("ALTER TABLE orc ADD COLUMN " + f.Name + " " + trinoType(f.Type.Glue()))
			}
			names := strings.Join(append(g.schema.Names(), "year", "month", "day", "hour"), ", ")
			asks(fmt.Sprintf("INSERT INTO orc (%s) SELECT %s FROM json WHERE event_id = 'e-%d'", names, names, i))
		}
		sameRows(t, asks("SELECT "+strings.Join(columns, ", ")+", element_at(params, 'k') FROM orc ORDER BY event_id"), want)
	})
}

func sameRows(t *testing.T, got, want [][]any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("rows\n%v\nwant\n%v", got, want)
	}
}

// writeAges writes each generation as it was written in its time.
func writeAges(t *testing.T, dir, format string, all []generation) {
	t.Helper()
	for _, g := range all {
		segment := filepath.Join(t.TempDir(), "segment.ndjson")
		if format == "json" {
			segment = filepath.Join(dir, lake.DataPrefix, filepath.FromSlash(g.hour.Path()), "s.json")
		}
		for _, d := range []string{dir, filepath.Dir(segment)} {
			if err := os.MkdirAll(d, 0o750); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(segment, g.line, 0o600); err != nil {
			t.Fatal(err)
		}
		if format == "json" {
			continue
		}
		done, err := duck.Convert(t.Context(), duck.ConvertOptions{Source: segment, Staging: dir, Name: "s", Schema: g.schema})
		if err != nil || done != (duck.Converted{Rows: 1}) {
			t.Fatalf("%+v, %v", done, err)
		}
	}
}

func trinoType(glue string) string {
	return strings.NewReplacer("string", "varchar", "timestamp", "timestamp(3)", "<", "(", ">", ")").Replace(glue)
}

func agesTable(name, format string, s event.Schema, where string) string {
	var columns []string
	for _, c := range append(lake.Columns(s), lake.PartitionKeys()...) {
		columns = append(columns, `"`+c.Name+`" `+trinoType(c.Type))
	}
	return fmt.Sprintf("CREATE TABLE %s (%s) WITH (format = '%s', %spartitioned_by = ARRAY['year', 'month', 'day', 'hour'])",
		name, strings.Join(columns, ", "), strings.ToUpper(format), where)
}
