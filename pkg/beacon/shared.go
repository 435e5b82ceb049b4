package beacon

import (
	"slices"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// Shared is a parameter that an own field reads and that also fills a column
// which every record has: both get the value.
type Shared struct {
	Field    string   `json:"field"`
	Param    string   `json:"param"`
	Column   string   `json:"column"`
	Families []string `json:"families,omitempty"` // that give the parameter this meaning; none: it always has it
	Beside   string   `json:"beside,omitempty"`   // parameters of the hits in which it has it; "" is any
}

// SharedNames lists what the fields of a spec share with such columns.
func SharedNames(s spec.Spec) []Shared {
	var list []Shared
	on, columns := understood(s.AliasesOff), (event.Schema{}).Names()
	for _, f := range s.Fields {
		if f.Retired {
			continue
		}
		for fi, m := range meanings {
			if !slices.Contains(columns, m.fills) || slices.Contains(s.Drop, m.fills) {
				continue
			}
			for _, a := range m.names {
				if (a.of == 0 || a.of&on != 0) && reads(f, a.text, field(fi)) {
					list = append(list, Shared{Field: f.Name, Param: a.text, Column: m.fills, Families: (a.of & on).list(), Beside: a.in.beside()})
				}
			}
		}
	}
	return list
}

// reads tells whether a field has a source where the column is looked for, too.
// Of the page's parameters only those of campaigns and clicks fill columns.
func reads(f spec.Field, param string, as field) bool {
	return slices.ContainsFunc(f.Sources, func(src spec.Source) bool {
		ofPage := src.Kind == spec.FromPage && as >= utmSource && as <= clickField
		return (src.Kind == spec.FromQuery || src.Kind == spec.FromBody || ofPage) && slices.Contains(src.Names, param)
	})
}

// beside tells by which parameters a form of hit is known.
func (f form) beside() string {
	switch f {
	case google:
		return "tid of Google"
	case short:
		return "n, d and u, or name, domain and url"
	case plain, formCount:
	}
	return ""
}
