package spec

import (
	"reflect"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

func fields(fs ...Field) Spec { return Spec{Fields: fs} }

func names(s Spec) string {
	var out []string
	for _, f := range s.Fields {
		name := f.Name
		if f.Retired {
			name += " (retired)"
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

func retired(f Field) Field {
	f.Retired = true
	return f
}

func TestEvolveKeepsPlaces(t *testing.T) {
	t.Parallel()
	rate := Field{Name: "rate", Type: event.Double, Sources: []Source{{Kind: FromQuery, Names: []string{"rate"}}}}
	for name, c := range map[string]struct {
		deployed, wanted Spec
		fields           string
		changes          string // action and name
	}{
		"first":            {Spec{}, fields(hotel(), nights()), "hotel, nights", "add hotel, add nights"},
		"none":             {fields(hotel()), fields(hotel()), "hotel", ""},
		"order":            {fields(hotel(), nights()), fields(nights(), hotel()), "hotel, nights", ""},
		"put in front":     {fields(hotel(), nights()), fields(rate, nights(), hotel()), "hotel, nights, rate", "add rate"},
		"left out":         {fields(hotel(), nights()), fields(nights()), "hotel (retired), nights", "retire hotel"},
		"retired":          {fields(hotel(), nights()), fields(retired(hotel()), nights()), "hotel (retired), nights", "retire hotel"},
		"stays retired":    {fields(retired(hotel()), nights()), fields(nights()), "hotel (retired), nights", ""},
		"revived":          {fields(retired(hotel())), fields(hotel()), "hotel", "revive hotel"},
		"renamed with way": {fields(hotel()), fields(retired(hotel()), Field{Name: "house", Type: event.String, Sources: hotel().Sources}), "hotel (retired), house", "retire hotel, add house"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, changes, err := Evolve(c.deployed, c.wanted)
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, ch := range changes {
				list = append(list, ch.Action+" "+ch.Name)
				if ch.Effect == "" {
					t.Errorf("%s %s has no effect in words", ch.Action, ch.Name)
				}
			}
			if names(got) != c.fields || strings.Join(list, ", ") != c.changes {
				t.Errorf("got %s by %q, want %s by %q", names(got), list, c.fields, c.changes)
			}
			if again, more, err := Evolve(got, c.wanted); err != nil || len(more) > 0 || string(again.JSON()) != string(got.JSON()) {
				t.Errorf("a second time: %v, %v, %s", more, err, again.JSON())
			}
		})
	}
}

func TestEvolveRefuses(t *testing.T) {
	t.Parallel()
	retyped := nights()
	retyped.Type = event.String
	house := hotel()
	house.Name = "house"
	var many Spec
	for i := range event.MaxFields {
		f := hotel()
		f.Name = "f" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		many.Fields = append(many.Fields, f)
	}
	for name, c := range map[string]struct {
		deployed, wanted Spec
		want, hint       string
	}{
		"type":     {fields(nights()), fields(retyped), "change field nights from int to string", "coalesce(try_cast(nights AS varchar), nights_string)"},
		"name":     {fields(hotel()), fields(house), "rename field hotel to house", "coalesce(hotel, house)"},
		"too many": {many, fields(nights()), "51 columns of its own, 50 of them retired", "a new stack"},
	} {
		_, _, err := Evolve(c.deployed, c.wanted)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.HintOf(err), c.hint) || fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v (%s), want %q (%q)", name, err, fault.HintOf(err), c.want, c.hint)
		}
	}
}

// Every key of a spec that changes is told, and with the same spec none is.
func TestEvolveTellsEachKey(t *testing.T) {
	t.Parallel()
	_, changes, err := Evolve(Spec{}, full())
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, c := range changes {
		told[c.Name] = true
	}
	for _, name := range []string{
		"hotel", "guest", "lang", "room", "old_price", "drop", "allow_params", "deny_params", "sites", "aliases",
		"privacy.ip", "privacy.user", "privacy.visitor", "privacy.user_agent", "privacy.referrer", "privacy.gpc", "privacy.dnt",
		"privacy.consent.require",
	} {
		if !told[name] {
			t.Errorf("%s is not told: %v", name, changes)
		}
	}
	merged, changes, err := Evolve(full(), full())
	if err != nil || len(changes) > 0 || !reflect.DeepEqual(merged, full()) {
		t.Errorf("the same again: %v, %v", changes, err)
	}
}
