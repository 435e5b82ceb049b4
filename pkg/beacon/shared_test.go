package beacon

import (
	"reflect"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

func TestFieldsShareNames(t *testing.T) {
	own := func(name string, kind spec.SourceKind, params ...string) spec.Field {
		return spec.Field{Name: name, Type: event.String, Sources: []spec.Source{{Kind: kind, Names: params}}}
	}
	retired := own("old", spec.FromQuery, "uid")
	retired.Retired = true
	s := spec.Spec{Fields: []spec.Field{
		own("guest", spec.FromQuery, "g", "uid"),
		own("house", spec.FromBody, "d"),
		own("house_of_page", spec.FromPage, "d", "uid", "utm_source"),
		own("agent", spec.FromHeader, "uid"),
		retired,
	}}
	d := Shared{Field: "house", Param: "d", Column: "site", Families: []string{spec.Plausible}, Beside: "n, d and u, or name, domain and url"}
	uid := Shared{Field: "guest", Param: "uid", Column: "user_id"}
	utm := Shared{Field: "house_of_page", Param: "utm_source", Column: "utm_source", Families: []string{spec.Analytics}}
	for _, c := range []struct {
		drop, off []string
		want      []Shared
	}{
		{nil, nil, []Shared{uid, d, utm}},
		{nil, []string{spec.Plausible}, []Shared{uid, utm}},
		{[]string{"user_id"}, nil, []Shared{d, utm}},
	} {
		s.Drop, s.AliasesOff = c.drop, c.off
		if got := SharedNames(s); !reflect.DeepEqual(got, c.want) {
			t.Errorf("drop %v, off %v: %+v, want %+v", c.drop, c.off, got, c.want)
		}
	}

	// Both get the value, which is why it is said.
	s.Drop, s.AliasesOff = nil, nil
	check(t, row(t, &answerWith(s, newRequest("uid=ada")).Records[0]), cells{"user_id": "ada", "guest": "ada"})
}
