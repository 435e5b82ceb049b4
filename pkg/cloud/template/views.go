package template

import (
	"encoding/json"
	"fmt"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

// viewIDs are the logical ids of the views in the order of lake.Views.
var viewIDs = []string{"HitsView", "PeopleView", "OpensView", "SeedView"}

// trinoTypes name Glue types as Trino does, in the JSON of a view.
var trinoTypes = map[event.Type]string{
	event.String: "varchar", event.Int: "integer", event.BigInt: "bigint", event.Double: "double", event.Boolean: "boolean",
	event.Date: "date", event.Timestamp: "timestamp(3)", event.Map: "map(varchar,varchar)",
}

// view is one view and the columns of its select list.
type view struct {
	lake.View
	columns []lake.CatalogColumn
}

// views writes the views of one schema.
type views struct{ list []view }

func newViews(s event.Schema) (views, error) {
	types := map[string]string{"via_proxy": event.Boolean.Glue()}
	for _, c := range append(lake.Columns(s), lake.PartitionKeys()...) {
		types[c.Name] = c.Type
	}
	var v views
	for _, l := range lake.Views(s) {
		columns, err := selected(l, types)
		if err != nil {
			return v, err
		}
		v.list = append(v.list, view{l, columns})
	}
	if len(v.list) != len(viewIDs) {
		return v, fault.New(fault.Failed, "write the template: %d views, %d logical ids", len(v.list), len(viewIDs))
	}
	return v, nil
}

// selected returns the columns of a view by the names of its select list.
func selected(v lake.View, types map[string]string) ([]lake.CatalogColumn, error) {
	list, _, _ := strings.Cut(strings.TrimPrefix(v.SQL, "SELECT\n"), "\nFROM")
	var out []lake.CatalogColumn
	for item := range strings.SplitSeq(list, ",\n") {
		source, alias, renamed := strings.Cut(strings.TrimSpace(item), " AS ")
		name := source
		if renamed {
			name = strings.ToLower(strings.Trim(alias, `"`))
		}
		kind := types[source]
		if kind == "" {
			kind = types[name]
		}
		if kind == "" {
			return nil, fault.New(fault.Failed, "write the template: view %s: no type for %q", v.Name, item)
		}
		out = append(out, lake.CatalogColumn{Name: name, Type: kind})
	}
	return out, nil
}

// block returns one resource for each view, in the form in which Athena keeps
// views in the catalog.
func (v views) block() string {
	var b strings.Builder
	for i, one := range v.list {
		v.write(&b, viewIDs[i], one)
	}
	return b.String()
}

// write writes one view. Trino knows a view by its comment, and takes the
// description of the Glue table for it: no other words may stand there.
func (v views) write(b *strings.Builder, id string, one view) {
	fmt.Fprintf(b, `  %s: # %s
    Type: AWS::Glue::Table
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: !Ref Database
      TableInput:
        Name: %s
        Description: Presto View
        TableType: VIRTUAL_VIEW
        Parameters: {presto_view: "true", comment: Presto View}
        PartitionKeys: []
        StorageDescriptor:
          SerdeInfo: {}
          Columns:
`, id, one.Doc, one.Name)
	items := make([]string, len(one.columns))
	for i, c := range one.columns {
		items[i] = fmt.Sprintf("{Name:\x00%s,\x00Type:\x00%s}", flow(c.Name), flow(c.Type))
	}
	list := wrap("["+strings.Join(items, ", ")+"]", 160, "            ")
	fmt.Fprintln(b, strings.ReplaceAll(list, "\x00", " ")) // no line break inside of an item
	fmt.Fprintf(b, `        ViewExpandedText: /* Presto View */
        ViewOriginalText: !Sub
          - '/* Presto View: ${View} */'
          - View:
              Fn::Base64: !Sub%s

`, substitution(v.presto(one)))
}

// substitution is the argument of !Sub for text, with the shared lists where
// text wants them: a variable that is not used is a finding of cfn-lint.
func substitution(text string) string {
	if !strings.Contains(text, "${Names}") {
		return " >-\n" + wrap(text, 150, "                ")
	}
	return "\n                - >-\n" + wrap(text, 150, "                  ") +
		"\n                - {Columns: !FindInMap [Views, Hits, Columns], Names: !FindInMap [Views, Hits, Names]}"
}

// presto is the JSON that Athena reads from the base64 of a view's text. Its
// white space is single blanks, at which wrap may break it.
func (v views) presto(one view) string {
	sql, _ := json.Marshal(oneLine(one.SQL)) // a string has always a JSON form
	body := `{"catalog":"awsdatacatalog","schema":"${Database}","columns":[` + jsonColumns(one.columns) +
		`], "originalSql":` + string(sql) + `}`
	names, shared := v.shared()
	return strings.NewReplacer(names, "${Names}", shared, "${Columns}").Replace(body)
}

// shared returns the columns of the hits view as its select list and as the
// JSON of its columns: most views have them all, and the template has room for
// them once.
func (v views) shared() (names, typed string) {
	columns := v.list[0].columns
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Name
	}
	return strings.Join(list, ", "), jsonColumns(columns)
}

func (v views) lists() string {
	names, typed := v.shared()
	return "      Names: >-\n" + wrap(names, 150, "        ") + "\n      Columns: >-\n" + wrap(typed, 150, "        ") + "\n"
}

func jsonColumns(columns []lake.CatalogColumn) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = fmt.Sprintf(`{"name":%q,"type":%q}`, c.Name, trinoTypes[event.Type(c.Type)])
	}
	return strings.Join(list, ", ")
}
