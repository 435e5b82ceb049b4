package beacon

// Alias is one parameter name, for documentation.
type Alias struct {
	Name   string
	Fills  string   // the column, or what becomes of the parameter
	Of     []string // families of spec.Families that use the name; none: the project's own
	Beside string   // in which hits it has this meaning; empty: in all
}

// Aliases returns every parameter name that is understood, by column and rank:
// of several in one hit the first listed wins.
func Aliases() []Alias {
	var out []Alias
	for _, m := range meanings {
		for _, a := range m.names {
			out = append(out, Alias{Name: a.text, Fills: m.fills, Of: a.of.list(), Beside: a.in.beside()})
		}
	}
	return out
}

// list gives the names of a set of families.
func (f family) list() []string {
	var names []string
	for i, name := range families {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// beside tells by which parameters a form of hit is known.
func (f form) beside() string {
	switch f {
	case google:
		return "tid of Google"
	case short:
		return "n, d and u (name, domain and url)"
	case plain, formCount:
	}
	return ""
}
