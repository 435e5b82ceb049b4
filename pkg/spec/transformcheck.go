package spec

import (
	"errors"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"

	"pixelctl/pkg/event"
)

// Limits of a Transform.
const (
	minSalt    = 16 // characters
	maxSalt    = 256
	maxMap     = 100
	maxPattern = 512
)

// TransformKinds returns the kinds of transform.
func TransformKinds() []string {
	return []string{
		string(Lower), string(TrimTo), string(Cut), string(SHA256), string(URLHost), string(URLPath), string(MapTo), string(Regexp),
	}
}

func (f Field) checkTransform(ps *problems, path string, i int, t Transform) {
	switch t.Kind {
	case Lower, TrimTo:
	case Cut:
		if t.N < 1 || t.N > event.MaxFieldText {
			ps.add(path, "field %s: cut %d, 1 to %d bytes are possible", f.Name, t.N, event.MaxFieldText).hint("such as cut 64")
		}
	case SHA256:
		f.checkSalt(ps, path, t.Salt)
		f.checkText(ps, path, i, "64 hexadecimal digits")
	case URLHost:
		f.checkText(ps, path, i, "a host")
	case URLPath:
		f.checkText(ps, path, i, "a path")
	case MapTo:
		f.checkMap(ps, path, i, t.Values)
	case Regexp:
		f.checkPattern(ps, path, t.Pattern)
	default:
		ps.add(path, "field %s: unknown transform %q", f.Name, head(string(t.Kind))).near(string(t.Kind), TransformKinds())
		return
	}
	if t.surplus() {
		ps.add(path, "field %s: transform %s holds more than its kind takes", f.Name, t.Kind).hint("write each transform as an entry of its own")
	}
}

// surplus says whether t has parts that belong to another kind.
func (t Transform) surplus() bool {
	return t.N != 0 && t.Kind != Cut || t.Salt != "" && t.Kind != SHA256 || len(t.Values) > 0 && t.Kind != MapTo || t.Pattern != "" && t.Kind != Regexp
}

// checkText refuses a transform whose text is no value of the type, unless a
// later one makes another text of it.
func (f Field) checkText(ps *problems, path string, i int, gives string) {
	if f.Type == event.String || !slices.Contains(types(), string(f.Type)) || f.rewritten(i) {
		return
	}
	ps.add(path, "field %s: %s gives %s, which is no %s", f.Name, f.Transforms[i].Kind, gives, f.Type).hint("make the field type: string")
}

// rewritten says whether a transform behind i makes another text.
func (f Field) rewritten(i int) bool {
	return slices.ContainsFunc(f.Transforms[i+1:], func(t Transform) bool { return t.Kind == MapTo || t.Kind == Regexp })
}

func (f Field) checkSalt(ps *problems, path, salt string) {
	n := utf8.RuneCountInString(salt)
	switch {
	case n < minSalt:
		ps.add(path, "field %s: the salt of sha256 has %d characters, at least %d are needed: with a short one the values behind the hashes can be guessed", f.Name, n, minSalt).
			hint("make one with: openssl rand -hex 16")
	case len(salt) > maxSalt || !printable(salt):
		ps.add(path, "field %s: the salt of sha256 is no line of at most %d bytes", f.Name, maxSalt).hint("make one with: openssl rand -hex 16")
	}
}

func (f Field) checkMap(ps *problems, path string, i int, values map[string]string) {
	if len(values) == 0 {
		ps.add(path, "field %s: map has no entries", f.Name).hint("such as map: {de: Germany, fr: France}")
	}
	if len(values) > maxMap {
		ps.add(path, "field %s: map has %d entries, at most %d are possible", f.Name, len(values), maxMap).hint("join larger lists to the table in a query")
	}
	last := i == len(f.Transforms)-1
	for _, from := range slices.Sorted(maps.Keys(values)) {
		to := values[from]
		switch {
		case to == "":
			ps.add(path, "field %s: map gives %q no value", f.Name, head(from)).hint("leave the entry out: what is not listed is NULL")
		case len(from) > event.MaxFieldText || !utf8.ValidString(from):
			ps.add(path, "field %s: map: the value %q is too long or no UTF-8", f.Name, head(from)).hint("at most %d bytes", event.MaxFieldText)
		case len(to) > event.FieldText || !utf8.ValidString(to):
			ps.add(path, "field %s: map: the result %q is too long or no UTF-8", f.Name, head(to)).hint("at most %d bytes", event.FieldText)
		case last && f.cannot(to) != "":
			ps.add(path, "field %s: map gives %q, which %s", f.Name, head(to), f.cannot(to)).hint("%s", textForm(f.Type))
		}
	}
}

func (f Field) checkPattern(ps *problems, path, pattern string) {
	switch {
	case pattern == "":
		ps.add(path, "field %s: regexp is empty", f.Name).hint("such as regexp: '^room-([0-9]+)$'")
		return
	case len(pattern) > maxPattern:
		ps.add(path, "field %s: regexp has %d bytes, at most %d are possible", f.Name, len(pattern), maxPattern).hint("use map for a list of values")
		return
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		ps.add(path, "field %s: regexp: %s", f.Name, patternError(err)).hint("the syntax is RE2's: no look-around, no back references")
		return
	}
	if n := re.NumSubexp(); n > 1 {
		ps.add(path, "field %s: regexp has %d groups, one can be the value", f.Name, n).hint("write (?:…) for the groups that only bind")
	}
}

func patternError(err error) string {
	if e, ok := errors.AsType[*syntax.Error](err); ok {
		return string(e.Code) + ": " + e.Expr
	}
	return err.Error()
}
