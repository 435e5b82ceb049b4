package statement

import (
	"slices"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// collected lists the built-in columns that hold something.
func collected(l Live) Section {
	t := Block{Head: []string{"Column", "What it holds", "How it is kept"}}
	for _, c := range (event.Schema{}).Columns() {
		if how := kept(l.Spec, c.Name); how != "" {
			t.Rows = append(t.Rows, []string{c.Name, c.Doc, how})
		}
	}
	blocks := []Block{
		text("Each time the pixel is loaded, or a page sends an event, one row is stored. Its columns are:"), t, text(parameters(l.Spec)),
	}
	if len(l.Spec.Sites) > 0 {
		blocks = append(blocks, text("Only these sites are recorded: "+strings.Join(l.Spec.Sites, ", ")+
			". Of a hit from another site only the fact of the hit is stored, with the status dropped:site."))
	}
	return Section{"collected", "What is collected", blocks}
}

// kept says in words how a built-in column is kept; "" when it stays empty.
func kept(s spec.Spec, column string) string {
	if slices.Contains(s.Drop, column) || column == "network_id" && !s.Privacy.NetworkCookie {
		return ""
	}
	how := "unchanged"
	for _, m := range privacy.Active(s) {
		switch privacy.Effect(m, column) {
		case privacy.Blank:
			return ""
		case privacy.Cut, privacy.Hashed:
			how = words(m)
		case privacy.Told:
			if column == "visitor_id" {
				how = words(m)
			}
		case privacy.Kept:
		}
	}
	return how
}

// words tells what a mode leaves.
func words(m privacy.Mode) string {
	switch m {
	case privacy.IPTruncate:
		return "cut to its network: the last number of an IPv4 address (/24), all but the first three groups of an IPv6 one (/48)"
	case privacy.IPHash, privacy.UserHash:
		return "as a hash with a key that changes each day"
	case privacy.VisitorDaily:
		return "what the page says, else a hash of address, browser and site with a key that changes each day"
	case privacy.ReferrerOrigin:
		return "scheme and host only"
	}
	return string(m)
}

// parameters says which entries the map of parameters keeps.
func parameters(s spec.Spec) string {
	switch {
	case kept(s, "params") == "":
		return "Parameters that are no column are not stored."
	case len(s.AllowParams) > 0:
		return "Of the parameters that are no column only these are stored in params: " + strings.Join(s.AllowParams, ", ") + "."
	case len(s.HiddenParams()) > 0:
		return "Every parameter that is no column is stored in params, except " + strings.Join(s.HiddenParams(), ", ") + "."
	}
	return "Every parameter that is no column is stored in params, whatever a page puts there."
}

// own lists the columns that the spec adds.
func own(l Live) Section {
	s := Section{ID: "own", Title: "Columns of this stack's owner"}
	t := Block{Head: []string{"Column", "What it holds", "Where it comes from", "About a person"}}
	for _, f := range l.Spec.Fields {
		if f.Retired {
			continue
		}
		about := "no"
		if f.Personal {
			about = "yes: left out where a hit is stripped"
		}
		doc := f.Description
		if doc == "" {
			doc = "(its owner gave no description)"
		}
		t.Rows = append(t.Rows, []string{f.Name, doc, sources(f), about})
	}
	if t.Rows == nil {
		s.Blocks = []Block{text("There are none.")}
		return s
	}
	s.Blocks = []Block{t}
	return s
}

// sources tells where a field comes from and what is done to it.
func sources(f spec.Field) string {
	var from []string
	for _, s := range f.Sources {
		from = append(from, source(s))
	}
	told := []string{strings.Join(from, ", or ")}
	for _, t := range f.Transforms {
		if done := transformed(t.Kind); done != "" {
			told = append(told, done)
		}
	}
	return strings.Join(told, "; ")
}

// transformed says what a step takes away; "" for one that takes nothing.
func transformed(k spec.TransformKind) string {
	switch k {
	case spec.SHA256:
		return "hashed (SHA-256, one salt for all days)"
	case spec.Cut:
		return "cut"
	case spec.URLHost:
		return "its host only"
	case spec.URLPath:
		return "its path only"
	case spec.Regexp, spec.MapTo:
		return "a part or class of it"
	case spec.Lower, spec.TrimTo:
	}
	return ""
}

func source(s spec.Source) string {
	names := strings.Join(s.Names, ", ")
	switch s.Kind {
	case spec.FromQuery:
		return "parameter " + names
	case spec.FromHeader:
		return "request header " + names
	case spec.FromCookie:
		return "cookie " + names
	case spec.FromPath:
		return "path of the request"
	case spec.FromBody:
		return "body of the request: " + names
	case spec.FromPage:
		return "parameter of the page's address: " + names
	case spec.Constant:
		return "a fixed text"
	}
	return string(s.Kind)
}
