package spec

import (
	"encoding/json"
	"reflect"
	"slices"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

// Evolve returns what a stack with the spec deployed records once wanted is
// deployed, and what that changes. Columns keep their places: the fields of
// deployed come first in their order, those that wanted no longer has as
// retired ones, and new fields follow. What means the same is no change and
// stays as deployed, so that no change gives the same JSON. Both specs are
// valid ones.
//
// A field that gets another type or another name is refused with fault.Usage
// and the way out; so is a table with more than event.MaxFields columns.
func Evolve(deployed, wanted Spec) (Spec, []Change, error) {
	e := evolution{deployed: deployed, wanted: wanted}
	for _, f := range deployed.Fields {
		if err := e.known(f); err != nil {
			return Spec{}, nil, err
		}
	}
	for _, f := range wanted.Fields {
		if err := e.added(f); err != nil {
			return Spec{}, nil, err
		}
	}
	if n := len(e.merged.Fields); n > event.MaxFields {
		return Spec{}, nil, fault.New(fault.Usage, "add fields: the table would have %d columns of its own, %d of them retired; at most %d are possible",
			n, e.retired(), event.MaxFields).WithHint("retired columns stay in the table; a new stack starts without them")
	}
	e.lists()
	e.privacy()
	return e.merged, e.changes, nil
}

// evolution is what Evolve has found so far.
type evolution struct {
	deployed, wanted, merged Spec
	changes                  []Change
}

func find(fields []Field, name string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

func (e *evolution) retired() int {
	n := 0
	for _, f := range e.merged.Fields {
		if f.Retired {
			n++
		}
	}
	return n
}

func (e *evolution) keep(f Field) { e.merged.Fields = append(e.merged.Fields, f) }

func (e *evolution) change(c Change) { e.changes = append(e.changes, c) }

// known takes over a deployed field.
func (e *evolution) known(old Field) error {
	f, ok := find(e.wanted.Fields, old.Name)
	if !ok {
		f = old
		f.Retired = true
	} else if f.Type != old.Type {
		return e.retype(old, f)
	}
	switch {
	case old.Retired && f.Retired:
		e.keep(old)
	case old.Retired:
		e.keep(f)
		e.change(Change{Action: "revive", Name: f.Name, To: f.summary(), Effect: "new rows hold it again; rows from the time between hold NULL"})
	case f.Retired:
		old.Retired = true
		e.keep(old)
		e.change(Change{Action: "retire", Name: f.Name, From: old.summary(), Effect: "new rows hold NULL; the column stays, with what old rows hold"})
	default:
		e.compare(old, f)
	}
	return nil
}

// added appends a new field, unless it is a deployed one under another name.
func (e *evolution) added(f Field) error {
	if _, ok := find(e.deployed.Fields, f.Name); ok {
		return nil
	}
	for _, old := range e.deployed.Fields {
		_, there := find(e.wanted.Fields, old.Name)
		if !there && !old.Retired && !f.Retired && reflect.DeepEqual(old.Sources, f.Sources) {
			return rename(old, f)
		}
	}
	e.keep(f)
	c := Change{Action: "add", Name: f.Name, To: f.summary(), Effect: "new column, the last of the table; rows until now hold NULL"}
	if f.Retired {
		c.Effect = "new column, the last of the table; it holds NULL, because it is retired"
	}
	e.change(c)
	return nil
}

// retype refuses another type: the files hold the old one.
func (e *evolution) retype(old, f Field) error {
	name := freeName(f.Name+"_"+string(f.Type), append(slices.Clone(e.deployed.Fields), e.wanted.Fields...))
	return fault.New(fault.Usage, "change field %s from %s to %s: a column keeps its type, because the files that are there hold it", f.Name, old.Type, f.Type).
		WithHint("keep %s as %s with retired: true, add %s as %s, and read both in a view: coalesce(try_cast(%s AS %s), %s) AS %s_both",
			f.Name, old.Type, name, f.Type, f.Name, sqlType(f.Type), name, f.Name)
}

// rename refuses another name: a new column would be empty in old rows.
func rename(old, f Field) error {
	both := "coalesce(" + old.Name + ", " + f.Name + ")"
	if old.Type != f.Type {
		both = "coalesce(try_cast(" + old.Name + " AS " + sqlType(f.Type) + "), " + f.Name + ")"
	}
	return fault.New(fault.Usage, "rename field %s to %s: a column keeps its name, because the files that are there hold it", old.Name, f.Name).
		WithHint("keep %s with retired: true beside %s, and read both in a view: %s AS %s_both", old.Name, f.Name, both, f.Name)
}

// freeName is a valid name like this one that no field has.
func freeName(name string, taken []Field) string {
	base := name[:min(len(name), event.MaxFieldName-2)]
	name = base
	for i := 2; i < 10; i++ {
		if _, ok := find(taken, name); !ok {
			return name
		}
		name = base + "_" + string(rune('0'+i))
	}
	return name
}

// sqlType is the type as both Athena and DuckDB spell it.
func sqlType(t event.Type) string {
	switch t {
	case event.String:
		return "varchar"
	case event.Int:
		return "integer"
	case event.BigInt, event.Double, event.Boolean, event.Date, event.Timestamp, event.Map:
	}
	return string(t)
}

// compare keeps f, and says what of old it changes.
func (e *evolution) compare(old, f Field) {
	before := len(e.changes)
	e.differ(f.Name+".source", old.Sources, f.Sources, joinOf(old.Sources), joinOf(f.Sources), "new rows take it from there; old rows stay as they are")
	e.differ(f.Name+".transform", old.Transforms, f.Transforms, joinOf(old.Transforms), joinOf(f.Transforms), transformEffect(old, f))
	e.differ(f.Name+".default", old.Default, f.Default, old.Default, f.Default, defaultEffect(f))
	e.differ(f.Name+".required", old.Required, f.Required, yes(old.Required), yes(f.Required), requiredEffect(f))
	e.differ(f.Name+".personal", old.Personal, f.Personal, yes(old.Personal), yes(f.Personal), personalEffect(f))
	e.differ(f.Name+".description", old.Description, f.Description, old.Description, f.Description, "the column's comment in the catalog; no row changes")
	if len(e.changes) == before {
		f = old
	}
	e.keep(f)
}

// differ records a change unless both values have the same JSON, which is what
// travels.
func (e *evolution) differ(name string, old, now any, from, to, effect string) {
	if sameJSON(old, now) {
		return
	}
	if from == to {
		to += " (another one)"
	}
	e.change(Change{Action: "change", Name: name, From: from, To: to, Effect: effect})
}

func sameJSON(a, b any) bool {
	ja, errA := json.Marshal(a)
	jb, errB := json.Marshal(b)
	empty := func(j []byte) bool { return string(j) == "null" || string(j) == "[]" }
	return errA == nil && errB == nil && (string(ja) == string(jb) || empty(ja) && empty(jb))
}
