package event

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestFieldsInJSON(t *testing.T) {
	t.Parallel()
	field := func(name string, typ Type) *Field { return &Field{Name: name, Type: typ, Limit: FieldText} }
	for _, c := range []struct {
		v    Value
		want string // after the built-in columns; "" for absent
	}{
		{Value{Field: field("f", String), Text: "a\"b\n"}, `"f":"a\"b\n"`},
		{Value{Field: field("f", String)}, ""},
		{Value{Field: field("f", Int), Int: -7}, `"f":-7`},
		{Value{Field: field("f", BigInt), Int: math.MinInt64}, `"f":-9223372036854775808`},
		{Value{Field: field("f", Boolean), Int: 1}, `"f":true`},
		{Value{Field: field("f", Boolean)}, `"f":false`},
		{Value{Field: field("f", Double), Float: 1e6}, `"f":1000000`},
		{Value{Field: field("f", Double), Float: math.NaN()}, ""},
		{Value{Field: field("f", Double), Float: math.Inf(1)}, ""},
		{Value{Field: field("f", Timestamp), Int: 1783242611123}, `"f":"2026-07-05 09:10:11.123"`},
		{Value{Field: field("f", Date), Int: 20639}, `"f":"2026-07-05"`},
		{Value{Field: field("f", Date), Int: -1}, `"f":"1969-12-31"`},
	} {
		r := Record{Collector: "c", Fields: []Value{c.v}}
		got := string(r.AppendJSON(nil))
		want := `"collector":"c"}`
		if c.want != "" {
			want = `"collector":"c",` + c.want + "}"
		}
		if !strings.HasSuffix(got, want) || !json.Valid([]byte(got)) {
			t.Errorf("%+v: got …%s, want …%s", c.v, got[max(0, len(got)-60):], want)
		}
	}
}

// A record with as many and as long fields as a spec may have fits the line.
func TestFieldsFitTheLine(t *testing.T) {
	t.Parallel()
	for _, typ := range []Type{String, BigInt, Double, Timestamp} {
		var r Record
		for range MaxFields {
			f := &Field{Name: strings.Repeat("n", MaxFieldName), Type: typ, Limit: MaxFieldText}
			r.Fields = append(r.Fields, Value{Field: f, Text: strings.Repeat("\x01", 2*MaxFieldText), Int: math.MinInt64 / 1_000_000, Float: -math.SmallestNonzeroFloat64})
		}
		line := r.AppendLine(nil)
		if len(line) > MaxJSON+1 || !json.Valid(line) {
			t.Errorf("%s: %d bytes, valid %v", typ, len(line), json.Valid(line))
		}
		if typ == String && !r.Truncated {
			t.Error("cut without telling")
		}
	}
}

func TestSchemaOf(t *testing.T) {
	t.Parallel()
	want := NewSchema(Field{Name: "hotel", Type: String, Doc: "house"}, Field{Name: "nights", Type: Int})
	got := SchemaOf(want.GlueColumns())
	if a, b := got.Fields(), want.Fields(); len(a) != len(b) || a[0] != b[0] || a[1] != b[1] {
		t.Errorf("got %v, want %v", a, b)
	}
	names := got.Names()
	if n := len(columns); names[n-1] != "collector" || names[n] != "hotel" || names[n+1] != "nights" {
		t.Errorf("got %v, want the fields last", names)
	}
}

func TestSound(t *testing.T) {
	t.Parallel()
	for f, want := range map[Field]bool{
		{Name: "hotel_2", Type: String}: true, {Name: "a", Type: Date}: true,
		{Name: "", Type: String}: false, {Name: "2a", Type: String}: false, {Name: "_a", Type: String}: false, {Name: "A", Type: String}: false,
		{Name: "a b", Type: String}: false, {Name: "a\"", Type: String}: false, {Name: "a", Type: Map}: false, {Name: "a", Type: "strng"}: false,
	} {
		if f.Sound() != want {
			t.Errorf("%+v: %v, want %v", f, !want, want)
		}
	}
}
