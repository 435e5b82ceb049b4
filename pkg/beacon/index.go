package beacon

import (
	"slices"
	"strings"

	"pixelctl/pkg/spec"
)

// family is a set of those who use a parameter name, a bit each.
type family uint16

const (
	seed family = 1 << iota
	snowplow
	matomo
	goatcounter
	fathom
	plausible
	ga
	click
	rudder
	clickstream
)

// families are what a spec calls the families, in the order of their bits.
var families = [...]string{
	spec.Seed, spec.Snowplow, spec.Matomo, spec.GoatCounter, spec.Fathom, spec.Plausible,
	spec.Analytics, spec.Clicks, spec.Rudder, spec.Clickstream,
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

// understood returns the families that are not switched off.
func understood(off []string) family {
	on := family(0)
	for i, name := range families {
		if !slices.Contains(off, name) {
			on |= 1 << i
		}
	}
	return on
}

// form is the kind of hit: some names have a meaning in one form only.
type form uint8

const (
	plain  form = iota
	google      // tid names a property: Google's own names
	short       // Plausible's event: a name, a domain and a page
	formCount
)

// signs are what tells the form of a hit, and one rule of Snowplow's.
type sign uint8

const (
	tidSign sign = 1 << iota
	nameSign
	domainSign
	pageSign
	duidSign
)

// shortSigns together are Plausible's event.
const shortSigns = nameSign | domainSign | pageSign

// formOf tells the form of a hit by its signs.
func formOf(seen sign) form {
	switch {
	case seen&tidSign != 0:
		return google
	case seen&shortSigns == shortSigns:
		return short
	}
	return plain
}

// isProperty tells Google's property from Snowplow's transaction.
func isProperty(tid string) bool {
	return strings.HasPrefix(tid, "UA-") || strings.HasPrefix(tid, "G-") || strings.HasPrefix(tid, "GT-") ||
		strings.HasPrefix(tid, "AW-") || strings.HasPrefix(tid, "DC-")
}

// signOf returns what a name is a sign of.
func signOf(text string) sign {
	switch text {
	case "tid":
		return tidSign
	case "n", "name":
		return nameSign
	case "d", "domain":
		return domainSign
	case "u", "url":
		return pageSign
	case "duid":
		return duidSign
	}
	return 0
}

// place is what one parameter name means: rank is its place among the names
// of its field.
type place struct {
	field field
	rank  uint8
}

// known is one parameter name.
type known struct {
	text string
	as   [formCount]place
	set  [formCount]bool // as is settled
	sign sign
}

// maxName is the length of the longest known name, context.page.referrer.
const maxName = 21

// index finds names by length, then by comparison: quicker than a map for so
// few, and most unknown names end at their length or first byte.
type index struct {
	byLength [maxName + 1][]known
	sessions bool // sid beside a site is a session
}

// newIndex returns the names of the families that are on.
func newIndex(on family) *index {
	ix := &index{sessions: on&(snowplow|ga) != 0}
	for f, m := range meanings {
		for rank, a := range m.names {
			if a.of == 0 || a.of&on != 0 {
				ix.entry(a.text).mean(place{field(f), uint8(rank)}, a.in)
			}
		}
	}
	return ix
}

// entry returns the entry of a name, a new one where there is none. It is
// valid until the next call.
func (ix *index) entry(text string) *known {
	if k := ix.lookup(text); k != nil {
		return k
	}
	list := &ix.byLength[len(text)]
	*list = append(*list, known{text: text, sign: signOf(text)})
	return &(*list)[len(*list)-1]
}

// mean gives a name its meaning in one form. A plain meaning holds in every
// form in which the name has none of its own, and does not replace another.
func (k *known) mean(as place, in form) {
	if in != plain {
		k.as[in], k.set[in] = as, true
		return
	}
	if k.as[plain].field != other {
		return
	}
	for f := range k.as {
		if !k.set[f] {
			k.as[f] = as
		}
	}
}

// lookup gives what is known of a name; nil for an unknown one.
func (ix *index) lookup(key string) *known {
	if len(key) == 0 || len(key) > maxName {
		return nil
	}
	for i := range ix.byLength[len(key)] {
		if k := &ix.byLength[len(key)][i]; k.text[0] == key[0] && k.text == key {
			return k
		}
	}
	return nil
}
