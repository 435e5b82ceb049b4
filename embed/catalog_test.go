package embed

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// TestTableIsTheRecords reads the table as Glue would get it, not as the
// generator wrote it.
func TestTableIsTheRecords(t *testing.T) {
	table := mapping(t, properties(t, "Table"), "TableInput")
	if table["Name"] != lake.Table || table["TableType"] != "EXTERNAL_TABLE" {
		t.Errorf("table %v of type %v; MSCK needs EXTERNAL_TABLE", table["Name"], table["TableType"])
	}
	var want []string
	for _, c := range (event.Schema{}).GlueColumns() {
		want = append(want, c.Name+" "+c.Type)
	}
	columns := items(at(table, "StorageDescriptor", "Columns"))
	if got := typed(t, columns); !slices.Equal(got, want) {
		t.Errorf("columns %q, want %q", got, want)
	}
	for i, c := range (event.Schema{}).GlueColumns() {
		if comment := text(t, columns[i], "Comment"); comment == "" || !strings.HasPrefix(c.Comment, comment) {
			t.Errorf("%s: comment %q, want the beginning of %q", c.Name, comment, c.Comment)
		}
	}
	want = nil
	for _, k := range lake.PartitionKeys() {
		want = append(want, k.Name+" "+k.Type)
	}
	if got := typed(t, items(table["PartitionKeys"])); !slices.Equal(got, want) {
		t.Errorf("partition keys %q, want %q", got, want)
	}
}

// typed returns "name type" of each column.
func typed(t *testing.T, columns []any) []string {
	t.Helper()
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = text(t, c, "Name") + " " + text(t, c, "Type")
	}
	return list
}

// TestProjectionFindsTheHours wants a range for each key and no digits, since
// Firehose pads none: with digits every query finds nothing, without an error.
func TestProjectionFindsTheHours(t *testing.T) {
	got := mapping(t, properties(t, "Table"), "TableInput", "Parameters")
	want := map[string]string{
		"projection.enabled":    "map[Fn::If:[HoursAreProjected true false]]",
		"projection.year.range": "map[Ref:ProjectionYears]", "projection.month.range": "1,12",
		"projection.day.range": "1,31", "projection.hour.range": "0,23",
	}
	for _, k := range lake.PartitionKeys() {
		want["projection."+k.Name+".type"] = "integer"
	}
	for key, value := range got {
		if strings.HasPrefix(key, "projection.") && fmt.Sprint(value) != want[key] {
			t.Errorf("%s is %v, want %q", key, value, want[key])
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("not set: %v", want)
	}
}

// TestFormatsOfTheTable holds each format's classes (Athena manual, SerDe reference).
func TestFormatsOfTheTable(t *testing.T) {
	want := map[string]string{
		"parquet": "ParquetHiveSerDe MapredParquetInputFormat MapredParquetOutputFormat",
		"orc":     "OrcSerde OrcInputFormat OrcOutputFormat",
		"json":    "JsonSerDe TextInputFormat HiveIgnoreKeyTextOutputFormat",
	}
	formats := mapping(t, parse(t), "Mappings", "Formats")
	last := func(name, key string) string {
		class := text(t, formats, name, key)
		return class[strings.LastIndex(class, ".")+1:]
	}
	for name, classes := range want {
		if got := last(name, "SerDe") + " " + last(name, "InputFormat") + " " + last(name, "OutputFormat"); got != classes {
			t.Errorf("%s: %s, want %s", name, got, classes)
		}
	}
	if got := text(t, formats, "json", "SerDe"); got != "org.apache.hive.hcatalog.data.JsonSerDe" {
		t.Errorf("JSON is read by %s; Athena's manual advises against OpenX's", got)
	}
}

// athenaView is what Athena keeps of a view, in base64, in the catalog.
type athenaView struct {
	Catalog     string
	Schema      string
	OriginalSQL string
	Columns     []struct{ Name, Type string }
}

// viewIDs are the logical ids of the views in the order of lake.Views.
var viewIDs = []string{"HitsView", "PeopleView", "OpensView", "SeedView"}

func oneLine(sql string) string { return strings.Join(strings.Fields(sql), " ") }

// TestViewsAreTheLakes decodes each view as Athena does.
func TestViewsAreTheLakes(t *testing.T) {
	for i, v := range lake.Views(event.Schema{}) {
		table := mapping(t, properties(t, viewIDs[i]), "TableInput")
		if table["Name"] != v.Name || table["TableType"] != "VIRTUAL_VIEW" || at(table, "Parameters", "presto_view") != "true" ||
			at(table, "Parameters", "comment") != "Presto View" || table["ViewExpandedText"] != "/* Presto View */" {
			t.Errorf("%s is no view of Athena's: %v", v.Name, table)
		}
		if table["Description"] != "Presto View" {
			t.Errorf("%s: Trino takes the description for the comment by which it knows a view", v.Name)
		}
		got := decodeView(t, table)
		if got.Catalog != "awsdatacatalog" || got.Schema != "the_database" || got.OriginalSQL != oneLine(v.SQL) {
			t.Errorf("%s in %s.%s is\n%s\nwant\n%s", v.Name, got.Catalog, got.Schema, got.OriginalSQL, oneLine(v.SQL))
		}
		glue := typed(t, items(at(table, "StorageDescriptor", "Columns")))
		for j, c := range got.Columns {
			if j >= len(glue) || c.Name+" "+glueType[c.Type] != glue[j] {
				t.Fatalf("%s: column %d is %v to Athena, %q to Glue", v.Name, j, c, glue[j:])
			}
		}
		if len(glue) != len(got.Columns) || len(glue) == 0 {
			t.Errorf("%s: %d columns to Athena, %d to Glue", v.Name, len(got.Columns), len(glue))
		}
	}
}

var glueType = map[string]string{
	"varchar": "string", "integer": "int", "double": "double", "boolean": "boolean",
	"timestamp(3)": "timestamp", "map(varchar,varchar)": "map<string,string>",
}

func decodeView(t *testing.T, table object) athenaView {
	t.Helper()
	original := resolve(t, table["ViewOriginalText"])
	encoded, opened := strings.CutPrefix(original, "/* Presto View: ")
	encoded, closed := strings.CutSuffix(encoded, " */")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !opened || !closed || err != nil {
		t.Fatalf("%.60s…: %v", original, err)
	}
	var v athenaView
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	return v
}

// resolve evaluates the functions that views are made with.
func resolve(t *testing.T, v any) string {
	t.Helper()
	if s, ok := v.(string); ok {
		return s
	}
	if plain, ok := at(v, "Fn::Base64").(object); ok {
		return base64.StdEncoding.EncodeToString([]byte(resolve(t, plain)))
	}
	if keys := items(at(v, "Fn::FindInMap")); len(keys) == 3 {
		return text(t, parse(t), "Mappings", resolve(t, keys[0]), resolve(t, keys[1]), resolve(t, keys[2]))
	}
	list := items(at(v, "Fn::Sub"))
	if len(list) == 0 {
		t.Fatalf("cannot resolve %v", v)
	}
	s := strings.ReplaceAll(resolve(t, list[0]), "${Database}", "the_database")
	if len(list) == 2 {
		for k, value := range mapping(t, list[1]) {
			s = strings.ReplaceAll(s, "${"+k+"}", resolve(t, value))
		}
	}
	if strings.Contains(s, "${") {
		t.Errorf("left over: %s", s)
	}
	return s
}

// TestCrawlerChangesNoColumn: with the stream's schema taken from the table, a
// crawler that changed the table would change what the stream writes.
func TestCrawlerChangesNoColumn(t *testing.T) {
	crawler := properties(t, "Crawler")
	policy := mapping(t, crawler, "SchemaChangePolicy")
	if policy["UpdateBehavior"] != "LOG" || policy["DeleteBehavior"] != "LOG" {
		t.Errorf("schema changes: %v", policy)
	}
	if !strings.Contains(text(t, crawler, "Configuration"), `"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}`) ||
		!json.Valid([]byte(text(t, crawler, "Configuration"))) {
		t.Errorf("configuration %s", crawler["Configuration"])
	}
	if got := fmt.Sprint(crawler["Targets"]); got != "map[CatalogTargets:[map[DatabaseName:map[Ref:Database] Tables:[map[Ref:Table]]]]]" {
		t.Errorf("targets %s", got)
	}
}

// TestRepairAsksAthena holds the hourly call to the shape of StartQueryExecution.
func TestRepairAsksAthena(t *testing.T) {
	var input struct {
		QueryString, WorkGroup string
		QueryExecutionContext  struct{ Database string }
	}
	if err := json.Unmarshal([]byte(text(t, properties(t, "RepairSchedule"), "Target", "Input", "Fn::Sub")), &input); err != nil {
		t.Fatal(err)
	}
	if input.QueryString != "MSCK REPAIR TABLE `${Table}`" || input.QueryExecutionContext.Database != "${Database}" || input.WorkGroup != "${WorkGroup}" {
		t.Errorf("asks %+v", input)
	}
	for _, id := range []string{"RepairRole", "RepairSchedule"} {
		if got := at(parse(t), "Resources", id, "Condition"); got != "HoursAreRegistered" {
			t.Errorf("%s is there under %v; projection ignores registered hours", id, got)
		}
	}
}
