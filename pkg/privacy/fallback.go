package privacy

import (
	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// Fallback is what a collector runs that cannot read its spec: the strictest
// modes, and of the columns only those that a dropped hit keeps. What its owner
// did not want to keep is not known any more, and parameters that went into own
// columns would stand in params.
func Fallback() spec.Spec {
	s := spec.Spec{Privacy: spec.Strictest()}
	for _, name := range (event.Schema{}).Names() {
		if Effect(Dropped, name) == Blank {
			s.Drop = append(s.Drop, name)
		}
	}
	return s
}
