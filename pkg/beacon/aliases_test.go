package beacon

// knownName is one parameter name that is understood.
type knownName struct {
	name   string
	fills  string // the column, or what becomes of the parameter
	beside string // the parameters by which the hits are known in which it has this meaning
}

// knownNames are all of them, by column and rank.
func knownNames() []knownName {
	var out []knownName
	for _, m := range meanings {
		for _, a := range m.names {
			out = append(out, knownName{a.text, m.fills, beside(a.in)})
		}
	}
	return out
}

// beside makes a hit one of a form.
func beside(f form) string {
	switch f {
	case google:
		return "&tid=UA-1"
	case short:
		return "&n=text&d=text&u=text"
	case plain, formCount:
	}
	return ""
}
