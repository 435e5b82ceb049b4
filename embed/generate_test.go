package embed

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

var update = flag.Bool("update", false, "write the template's generated blocks anew")

// TestTemplateIsGenerated holds the blocks between the template's markers to
// the packages they are made from.
func TestTemplateIsGenerated(t *testing.T) {
	got := string(Template())
	want := got
	for name, body := range map[string]string{"columns": columns(), "keys": keys(), "lists": lists(t), "views": views(t)} {
		want = replaceBlock(t, want, name, body)
	}
	if *update {
		if err := os.WriteFile("template.yaml", []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("template.yaml differs from pkg/event or pkg/lake; go generate ./embed writes it anew. want:\n%s", want)
	}
}

// replaceBlock puts body between "# name: generated …" and "# end of name".
func replaceBlock(t *testing.T, template, name, body string) string {
	t.Helper()
	head, rest, ok := strings.Cut(template, "# "+name+": generated")
	line, _, eol := strings.Cut(rest, "\n")
	_, tail, end := strings.Cut(rest, "# end of "+name+"\n")
	if !ok || !eol || !end {
		t.Fatalf("template has no markers for %s", name)
	}
	indent := head[strings.LastIndex(head, "\n")+1:]
	return head + "# " + name + ": generated" + line + "\n" + body + indent + "# end of " + name + "\n" + tail
}

// columns returns the columns of the table with the first clause of their
// comments: the template has no room for more.
func columns() string {
	var b strings.Builder
	for _, c := range (event.Schema{}).GlueColumns() {
		fmt.Fprintf(&b, "            - {Name: %s, Type: %s, Comment: %s}\n", c.Name, flow(c.Type), flow(clause(c.Comment)))
	}
	return b.String()
}

// clause returns s up to its first punctuation mark.
func clause(s string) string {
	if i := strings.IndexAny(s, ",;:("); i > 0 {
		return strings.TrimSpace(s[:i])
	}
	return s
}

func keys() string {
	var b strings.Builder
	for _, k := range lake.PartitionKeys() {
		fmt.Fprintf(&b, "          - {Name: %s, Type: %s, Comment: %s}\n", k.Name, k.Type, flow(k.Comment))
	}
	return b.String()
}

// flow returns s as a YAML scalar that may stand in a flow mapping.
func flow(s string) string {
	if strings.ContainsAny(s, `,:{}[]#"'&*!|>%@`+"`") {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return s
}

// viewIDs are the logical ids of the views in the order of lake.Views.
var viewIDs = []string{"HitsView", "PeopleView", "OpensView", "SeedView"}

// views returns one resource for each view, in the form in which Athena keeps
// views in the catalog.
func views(t *testing.T) string {
	t.Helper()
	list := lake.Views(event.Schema{})
	if len(list) != len(viewIDs) {
		t.Fatalf("%d views, %d logical ids", len(list), len(viewIDs))
	}
	var b strings.Builder
	for i, v := range list {
		writeView(t, &b, viewIDs[i], v)
	}
	return b.String()
}

// writeView writes one view. Trino knows a view by its comment, and takes the
// description of the Glue table for it: no other words may stand there.
func writeView(t *testing.T, b *strings.Builder, id string, v lake.View) {
	t.Helper()
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
`, id, v.Doc, v.Name)
	cols := viewColumns(t, v)
	items := make([]string, len(cols))
	for i, c := range cols {
		items[i] = fmt.Sprintf("{Name:\x00%s,\x00Type:\x00%s}", c.Name, flow(c.Type))
	}
	list := wrap("["+strings.Join(items, ", ")+"]", 160, "            ")
	fmt.Fprintln(b, strings.ReplaceAll(list, "\x00", " ")) // no line break inside of an item
	fmt.Fprintf(b, `        ViewExpandedText: /* Presto View */
        ViewOriginalText: !Sub
          - '/* Presto View: ${View} */'
          - View:
              Fn::Base64: !Sub%s

`, substitution(prestoView(t, v, cols)))
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

// prestoView is the JSON that Athena reads from the base64 of a view's text.
// Its white space is single blanks, at which wrap may break it.
func prestoView(t *testing.T, v lake.View, cols []lake.CatalogColumn) string {
	t.Helper()
	sql, err := json.Marshal(oneLine(v.SQL))
	if err != nil {
		t.Fatal(err)
	}
	body := `{"catalog":"awsdatacatalog","schema":"${Database}","columns":[` + jsonColumns(cols) +
		`], "originalSql":` + string(sql) + `}`
	names, shared := sharedLists(t)
	return strings.NewReplacer(names, "${Names}", shared, "${Columns}").Replace(body)
}

// sharedLists returns the columns of the hits view as its select list and as
// the JSON of its columns: most views have them all, and the template has room
// for them once.
func sharedLists(t *testing.T) (names, typed string) {
	t.Helper()
	cols := viewColumns(t, lake.Views(event.Schema{})[0])
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = c.Name
	}
	return strings.Join(list, ", "), jsonColumns(cols)
}

func lists(t *testing.T) string {
	t.Helper()
	names, typed := sharedLists(t)
	return "      Names: >-\n" + wrap(names, 150, "        ") + "\n      Columns: >-\n" + wrap(typed, 150, "        ") + "\n"
}

func jsonColumns(cols []lake.CatalogColumn) string {
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = fmt.Sprintf(`{"name":%q,"type":%q}`, c.Name, trinoType(c.Type))
	}
	return strings.Join(list, ", ")
}

func oneLine(sql string) string { return strings.Join(strings.Fields(sql), " ") }

// viewColumns returns the columns of a view by the names of its select list.
func viewColumns(t *testing.T, v lake.View) []lake.CatalogColumn {
	t.Helper()
	types := map[string]string{"via_proxy": "boolean"}
	for _, c := range append(lake.Columns(event.Schema{}), lake.PartitionKeys()...) {
		types[c.Name] = c.Type
	}
	list, _, _ := strings.Cut(strings.TrimPrefix(v.SQL, "SELECT\n"), "\nFROM")
	var out []lake.CatalogColumn
	for item := range strings.SplitSeq(list, ",\n") {
		source, alias, renamed := strings.Cut(strings.TrimSpace(item), " AS ")
		name := source
		if renamed {
			name = strings.ToLower(strings.Trim(alias, `"`))
		}
		typ := types[source]
		if typ == "" {
			typ = types[name]
		}
		if typ == "" {
			t.Fatalf("%s: no type for %q", v.Name, item)
		}
		out = append(out, lake.CatalogColumn{Name: name, Type: typ})
	}
	return out
}

// trinoType names a Glue type as Trino does.
func trinoType(glue string) string {
	switch glue {
	case "string":
		return "varchar"
	case "int":
		return "integer"
	case "timestamp":
		return "timestamp(3)"
	case "map<string,string>":
		return "map(varchar,varchar)"
	}
	return glue
}

// wrap breaks s at blanks into indented lines that a folded scalar joins again.
func wrap(s string, width int, indent string) string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(s, " ") {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, indent+line)
			line = word
			continue
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, indent+line), "\n")
}
