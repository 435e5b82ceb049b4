package spec

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pixelctl/pkg/event"
)

// Limits of a Source.
const (
	maxNames   = 8
	maxSegment = 2 // a pixel's path is /<site>/<label>.gif
)

// sourceKinds returns the kinds of source.
func sourceKinds() []string {
	return []string{
		string(FromQuery), string(FromHeader), string(FromCookie), string(FromPath), string(FromBody), string(FromPage), string(Constant),
	}
}

func (f Field) checkSource(ps *problems, path string, i int, src Source) {
	switch src.Kind {
	case FromQuery, FromBody, FromPage:
		f.checkNames(ps, path, src, badParam)
	case FromHeader:
		f.checkNames(ps, path, src, badHeader)
	case FromCookie:
		f.checkNames(ps, path, src, badToken)
	case FromPath:
		if src.Segment < 1 || src.Segment > maxSegment {
			ps.add(path, "field %s: path:%d, segments are 1 to %d", f.Name, src.Segment, maxSegment).hint("path:1 is the first: shop of /shop/label.gif")
		}
	case Constant:
		f.checkConstant(ps, path, i, src)
	default:
		ps.add(path, "field %s: unknown source %q", f.Name, head(string(src.Kind))).near(string(src.Kind), sourceKinds())
		return
	}
	if src.surplus() {
		ps.add(path, "field %s: source %s holds more than its kind takes", f.Name, src.Kind).hint("write it as kind:what")
	}
}

// surplus says whether src has parts that belong to another kind.
func (src Source) surplus() bool {
	named := src.isParam() || src.Kind == FromHeader || src.Kind == FromCookie
	return len(src.Names) > 0 && !named || src.Segment != 0 && src.Kind != FromPath || src.Value != "" && src.Kind != Constant
}

func (f Field) checkConstant(ps *problems, path string, i int, src Source) {
	if i < len(f.Sources)-1 {
		ps.add(path, "field %s: const always gives a value, so the sources behind it are never asked", f.Name).hint("put const last")
	}
	switch {
	case src.Value == "":
		ps.add(path, "field %s: const has no text", f.Name).hint("such as const:shop")
	case len(src.Value) > event.FieldText:
		ps.add(path, "field %s: const has %d bytes, at most %d are possible", f.Name, len(src.Value), event.FieldText).hint("shorten it")
	case len(f.Transforms) == 0:
		if why := f.cannot(src.Value); why != "" {
			ps.add(path, "field %s: const %q %s", f.Name, head(src.Value), why).hint("%s", textForm(f.Type))
		}
	}
}

func (f Field) checkNames(ps *problems, path string, src Source, bad func(string) string) {
	most := maxNames
	if !src.isParam() {
		most = 1
	}
	switch n := len(src.Names); {
	case n == 0:
		ps.add(path, "field %s: source %s names nothing", f.Name, src.Kind).hint("such as %s:%s", src.Kind, orName(f.Name))
	case n > most && most == 1:
		ps.add(path, "field %s: source %s takes one name", f.Name, src.Kind).hint("write a list of sources, such as [%s:%s, %s:%s]", src.Kind, src.Names[0], src.Kind, src.Names[1])
	case n > most:
		ps.add(path, "field %s: source %s has %d names, at most %d are possible", f.Name, src.Kind, n, most).hint("name fewer")
	}
	for i, name := range src.Names {
		if why := bad(name); why != "" {
			ps.add(path, "field %s: %s %q %s", f.Name, src.Kind, head(name), why).hint("%s", nameHint(src.Kind, name))
		} else if slices.Contains(src.Names[:i], name) {
			ps.add(path, "field %s: %s %s is named twice", f.Name, src.Kind, name).hint("name it once")
		}
	}
}

func nameHint(kind SourceKind, name string) string {
	switch {
	case kind == FromHeader && (strings.EqualFold(name, "cookie") || strings.EqualFold(name, "set-cookie")):
		return "use cookie:NAME for one cookie"
	case kind == FromHeader && credential(name):
		return "records hold no passwords: remove the field"
	case kind == FromHeader:
		return "such as header:Accept-Language"
	case kind == FromCookie:
		return "such as cookie:plan"
	}
	return "name the parameter as it is in a URL that is decoded"
}

// badParam says what is wrong with the name of a parameter, or "".
func badParam(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxName:
		return "is longer than 128 bytes"
	case !printable(name):
		return "has a character that cannot be printed"
	case strings.ContainsAny(name, "&=#, "):
		return "has one of & = # , or a space"
	}
	return ""
}

func badHeader(name string) string {
	if strings.EqualFold(name, "cookie") || strings.EqualFold(name, "set-cookie") {
		return "holds every cookie"
	}
	if credential(name) {
		return "holds a password or a key"
	}
	return badToken(name)
}

func credential(header string) bool {
	return strings.EqualFold(header, "authorization") || strings.EqualFold(header, "proxy-authorization")
}

// badToken wants a token of RFC 9110, section 5.6.2, as names of headers and
// cookies are.
func badToken(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxName:
		return "is longer than 128 bytes"
	}
	for i := range len(name) {
		c := name[i]
		letter, digit := c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9'
		if c >= utf8.RuneSelf || !letter && !digit && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return "has a character that such a name cannot have"
		}
	}
	return ""
}

// printable says whether s is UTF-8 that can be shown in one line.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
