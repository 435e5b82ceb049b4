package template

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

func base(t *testing.T) []byte {
	t.Helper()
	body, err := os.ReadFile("../../../embed/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// rendered is the top of the real template, written for these fields.
func rendered(t *testing.T, fields ...event.Field) *yaml.Node {
	t.Helper()
	body, err := Render(base(t), event.NewSchema(fields...))
	if err != nil {
		t.Fatal(err)
	}
	root, err := parse(body)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func path(n *yaml.Node, keys ...string) *yaml.Node {
	for _, k := range keys {
		n = field(n, k)
	}
	return n
}

func tableColumns(root *yaml.Node, id string) []*yaml.Node {
	return sequence(path(root, resources, id, "Properties", "TableInput", "StorageDescriptor", "Columns"))
}

func TestRenderAppendsFields(t *testing.T) {
	fields := []event.Field{
		{Name: "room", Type: event.String, Doc: "room; as the page names it"},
		{Name: "nights", Type: event.Int},
		{Name: "no", Type: event.Boolean},
		{Name: "arrival", Type: event.Date},
		{Name: "booked_at", Type: event.Timestamp},
		{Name: "price", Type: event.Double},
		{Name: "points", Type: event.BigInt},
	}
	root := rendered(t, fields...)
	builtIn := len(event.Schema{}.Columns())
	for _, id := range []string{"Table", "HitsView", "PeopleView", "OpensView"} {
		columns := tableColumns(root, id)[builtIn:]
		if id != "Table" && text(field(columns[len(fields)], "Name")) != "year" {
			t.Errorf("%s: no partition key behind the fields", id)
		}
		for i, f := range fields {
			name := field(columns[i], "Name")
			if text(name) != f.Name || name.Tag != "!!str" || text(field(columns[i], "Type")) != string(f.Type) {
				t.Errorf("%s: column %d is %s %s %s, want %+v", id, i, name.Tag, text(name), text(field(columns[i], "Type")), f)
			}
		}
	}
	columns := tableColumns(root, "Table")[builtIn:]
	if got := text(field(columns[0], "Comment")); got != fields[0].Doc || field(columns[1], "Comment") != nil {
		t.Errorf("comments %q, %v", got, field(columns[1], "Comment"))
	}
	want := `{"name":"room","type":"varchar"}, {"name":"nights","type":"integer"}, {"name":"no","type":"boolean"}, {"name":"arrival","type":"date"}, ` +
		`{"name":"booked_at","type":"timestamp(3)"}, {"name":"price","type":"double"}, {"name":"points","type":"bigint"}, {"name":"year"`
	if got := text(path(root, mappings, "Views", "Hits", "Columns")); !strings.Contains(got, want) {
		t.Errorf("columns of the views: %s", got)
	}
	if got := text(path(root, mappings, "Views", "Hits", "Names")); !strings.Contains(got, "collector, room, nights, no, arrival, booked_at, price, points, year,") {
		t.Errorf("names of the views: %s", got)
	}
}

// What users write about a field stays in its comment, and changes nothing else
// of the template.
func TestRenderKeepsDescriptionsInTheirPlace(t *testing.T) {
	texts := []string{
		`he said "no", she: {yes} [1] # not a comment`, "two\nlines\r\n\tand a tab", `it's ${Database} and !Sub ${AWS::AccountId} and !Ref Api`,
		`}, {Name: evil, Type: string`, "\"}\n            - {Name: evil}", `back\slash \" \n \u0041`, "# end of columns", "# columns: generated", "{{{resolve:secretsmanager:x}}", "{\n{resolve:ssm:x}}", "# views: generated", "a\x00b\x1b[31m\u0085\u2028\ufeffz",
		"%TAG ! tag:x", "- a", "? b", "&a *b", "'", `"`, strings.Repeat("é", 400), "\xff\xfe", "🏨 Zimmer", "   ", "yes", "null", "|", ">-", "@x", "`x`",
	}
	fields := make([]event.Field, len(texts))
	plain := make([]event.Field, len(texts))
	for i, doc := range texts {
		fields[i] = event.Field{Name: fmt.Sprintf("f%d", i), Type: event.String, Doc: doc}
		plain[i] = event.Field{Name: fields[i].Name, Type: event.String}
	}
	got, want := rendered(t, fields...), rendered(t, plain...)
	first := len(event.Schema{}.Columns())
	for i, column := range tableColumns(got, "Table")[first:] {
		comment := field(column, "Comment")
		if strings.TrimSpace(texts[i]) == "" || texts[i] == "\xff\xfe" {
			if comment != nil {
				t.Errorf("%q has the comment %q", texts[i], comment.Value)
			}
			continue
		}
		if comment.Tag != "!!str" || comment.Value == "" || comment.Value != bounded(inert(texts[i]), maxComment) || strings.Contains(comment.Value, "{{") || len(comment.Value) > maxComment || !utf8.ValidString(comment.Value) {
			t.Errorf("%q became %s %q", texts[i], comment.Tag, comment.Value)
		}
		filter(column, func(key string, _ *yaml.Node) bool { return key != "Comment" })
	}
	if !same(got, want) {
		t.Error("a description changed more than its comment")
	}
}

func TestBounded(t *testing.T) {
	for in, want := range map[string]string{"room": "room", " a\n b ": "a b", "ééé": "éé", "abcd ef": "abcd"} {
		if got := bounded(in, 5); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	for name, f := range map[string]event.Field{
		"name": {Name: "a b", Type: event.String}, "sub": {Name: "${Api}", Type: event.String}, "case": {Name: "Room", Type: event.String},
		"empty": {Type: event.String}, "map": {Name: "m", Type: event.Map}, "type": {Name: "m", Type: "array<string>"},
	} {
		if _, err := Render(base(t), event.NewSchema(f)); fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, marker := range []string{"# columns: generated", "# views: generated", "# end of views"} {
		broken := strings.Replace(string(base(t)), marker, "# gone", 1)
		if _, err := Render([]byte(broken), event.Schema{}); fault.KindOf(err) != fault.Failed {
			t.Errorf("without %s: %v", marker, err)
		}
	}
}

// CloudFormation sees the same template without comments, and it fits a
// request.
func TestCompact(t *testing.T) {
	fifty := make([]event.Field, event.MaxFields)
	for i := range fifty {
		fifty[i] = event.Field{Name: fmt.Sprintf("field_of_a_hotel_%02d", i), Type: event.String, Doc: "what the guest chose: # not a comment"}
	}
	for name, s := range map[string]event.Schema{"base": {}, "fields": event.NewSchema(fifty...)} {
		body, err := Render(base(t), s)
		if err != nil {
			t.Fatal(err)
		}
		small, err := Compact(body)
		if err != nil {
			t.Fatal(err)
		}
		before, err := parse(body)
		if err != nil {
			t.Fatal(err)
		}
		after, err := parse(small)
		if err != nil || !same(before, after) {
			t.Errorf("%s: the template became another: %v", name, err)
		}
		if len(small) >= len(body) || strings.Contains(string(small), "\n\n") || strings.Contains(string(small), "# Zips by digest") {
			t.Errorf("%s: %d bytes of %d", name, len(small), len(body))
		}
		again, err := Compact(small)
		if err != nil || string(again) != string(small) {
			t.Errorf("%s: a second time gives another text: %v", name, err)
		}
		if fits := len(small) <= MaxBody; fits != (name == "base") {
			t.Errorf("%s: %d bytes travel, of which a request takes %d", name, len(small), MaxBody)
		}
	}
	if _, err := Compact([]byte("- a")); err == nil {
		t.Error("a list is no template")
	}
}

// same compares what a reader of YAML sees.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.ShortTag() == b.ShortTag() && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, same)
}
