package event

import "testing"

// fullRecord has a value in every built-in column.
func fullRecord(t *testing.T) Record {
	t.Helper()
	var r Record
	for i := range columns {
		switch v := columns[i].at(&r).(type) {
		case *string:
			*v = columns[i].Name
		case *[]Param:
			*v = []Param{{Key: "k", Value: "v"}}
		case *Millis:
			*v = 1_783_242_245_123
		case *bool:
			*v = true
		case *int32:
			*v = 7
		case *Opt[bool]:
			*v = Some(true)
		case *Opt[int32]:
			*v = Some(int32(7))
		case *Opt[float64]:
			*v = Some(0.5)
		default:
			t.Fatalf("%s: %T", columns[i].Name, v)
		}
	}
	return r
}

// Every column can be cleared, and clearing one leaves the others alone.
func TestClear(t *testing.T) {
	t.Parallel()
	var empty Record
	for i := range columns {
		r := fullRecord(t)
		before := string(r.AppendJSON(nil))
		columns[i].Clear(&r)
		if string(r.AppendJSON(nil)) == before {
			t.Errorf("%s: nothing was cleared", columns[i].Name)
		}
		got := columns[i].append(nil, &r, MaxJSON)
		if want := columns[i].append(nil, &empty, MaxJSON); string(got) != string(want) {
			t.Errorf("%s: got %s, want %s", columns[i].Name, got, want)
		}
	}
	for i := range columns {
		r := fullRecord(t)
		for j := range columns {
			if j != i {
				columns[j].Clear(&r)
			}
		}
		full := fullRecord(t)
		got, want := columns[i].append(nil, &r, MaxJSON), columns[i].append(nil, &full, MaxJSON)
		if string(got) != string(want) {
			t.Errorf("%s: got %s, want %s", columns[i].Name, got, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for i := range columns {
		var r Record
		if s := columns[i].Text(&r); (s != nil) != (columns[i].Type == String) {
			t.Errorf("%s: text %v", columns[i].Name, s)
		}
	}
	spec := NewSchema(Field{Name: "hotel", Type: String}).Columns()
	field := spec[len(spec)-1]
	r := Record{Fields: []Value{{Text: "x"}}}
	if field.Clear(&r); field.Text(&r) != nil || r.Fields[0].Text != "x" {
		t.Error("a column of a spec is no column of the record itself")
	}
}
