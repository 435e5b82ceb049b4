package event

import (
	"reflect"
	"regexp"
	"slices"
	"testing"
)

func TestColumnsHoldEachFieldOnce(t *testing.T) {
	var r Record
	v := reflect.ValueOf(&r).Elem()
	var want []string
	for i := range v.NumField() {
		want = append(want, v.Type().Field(i).Name)
	}
	var got []string
	for _, c := range (Schema{}).Columns() {
		got = append(got, c.Field)
		f := v.FieldByName(c.Field)
		if !f.IsValid() {
			t.Errorf("%s: Record has no field %s", c.Name, c.Field)
			continue
		}
		if c.at(&r) != f.Addr().Interface() {
			t.Errorf("%s: the accessor does not point at %s", c.Name, c.Field)
		}
	}
	got = append(got, "Fields") // those of the spec have no column of their own here
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("fields of the table %v\nfields of Record %v", got, want)
	}
}

func TestColumnTypesFitFields(t *testing.T) {
	var r Record
	for _, c := range (Schema{}).Columns() {
		var want Type
		switch c.at(&r).(type) {
		case *string:
			want = String
		case *int32, *Opt[int32]:
			want = Int
		case *Opt[float64]:
			want = Double
		case *bool, *Opt[bool]:
			want = Boolean
		case *Millis:
			want = Timestamp
		case *[]Param:
			want = Map
		}
		if c.Type != want {
			t.Errorf("%s: type %s, the field holds %q", c.Name, c.Type, want)
		}
		if limited := c.Limit > 0; limited != (want == String || want == Map) {
			t.Errorf("%s: limit %d on type %s", c.Name, c.Limit, c.Type)
		}
		if c.Rule != Always && c.Rule != Present {
			t.Errorf("%s: rule %q", c.Name, c.Rule)
		}
	}
}

func TestColumnNames(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[string]bool{}
	for _, c := range (Schema{}).Columns() {
		if !snake.MatchString(c.Name) || seen[c.Name] {
			t.Errorf("%q is no column name, or there twice", c.Name)
		}
		seen[c.Name] = true
		if c.Doc == "" {
			t.Errorf("%s: no doc", c.Name)
		}
	}
}

func TestColumnsIsACopy(t *testing.T) {
	Schema{}.Columns()[0].Name = "changed"
	if columns[0].Name != "schema_version" {
		t.Error("a caller changed the table")
	}
}
