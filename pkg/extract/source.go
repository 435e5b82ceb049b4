package extract

import (
	"strconv"
	"strings"

	"pixelctl/pkg/spec"
)

// Bounds of the Cookie header: what a browser sends to one host is shorter
// (RFC 6265, section 6.1, asks for 50 cookies of 4,096 bytes at least, and
// servers refuse headers of more than 8 to 16 KiB).
const (
	maxCookies     = 64
	maxCookieBytes = 8_192
)

// source is one compiled place of a value.
type source struct {
	kind    spec.SourceKind
	names   []string // of parameters; one, canonical, of a header; one of a cookie
	segment int      // of the path, from 0
	text    string   // of const
}

// count is how many texts the source can give.
func (s *source) count() int { return max(1, len(s.names)) }

// read gives the n-th text of the source, and the place of a parameter.
func (s *source) read(in *Input, sc *Scratch, n int) (text string, place int) {
	switch s.kind {
	case spec.FromQuery, spec.FromBody, spec.FromPage:
		if p := s.params(in); p != nil {
			return p.Find(s.names[n])
		}
	case spec.FromHeader:
		return in.header(s.names[n]), -1
	case spec.FromCookie:
		return sc.cookie(in, s.names[n]), -1
	case spec.FromPath:
		return in.Path[s.segment], -1
	case spec.Constant:
		return s.text, -1
	}
	return "", -1
}

// params are the parameters that the source reads; nil for another source.
func (s *source) params(in *Input) Params {
	switch s.kind {
	case spec.FromQuery:
		return in.Query
	case spec.FromBody:
		return in.Body
	case spec.FromPage:
		return in.Page
	case spec.FromHeader, spec.FromCookie, spec.FromPath, spec.Constant:
	}
	return nil
}

// name is what the n-th text is called.
func (s *source) name(n int) string {
	switch {
	case s.kind == spec.FromPath:
		return strconv.Itoa(s.segment + 1)
	case s.kind == spec.Constant:
		return s.text
	case n < len(s.names):
		return s.names[n]
	}
	return ""
}

// header gives a header; hosts that keep Host apart have it in Input.
func (in *Input) header(name string) string {
	if in.Header == nil {
		return ""
	}
	text := in.Header.Get(name)
	if text == "" && name == "Host" {
		return in.Host
	}
	return text
}

// cookie is one cookie of the request.
type cookie struct{ name, value string }

// cookie gives a cookie of the hit. The header is cut into cookies with the
// first that is asked for.
func (sc *Scratch) cookie(in *Input, name string) string {
	if !sc.parsed {
		sc.cookies = appendCookies(sc.cookies[:0], in.header("Cookie"))
		sc.parsed = true
	}
	for i := range sc.cookies {
		if c := &sc.cookies[i]; c.name == name && c.value != "" {
			return c.value
		}
	}
	return ""
}

// Cookie gives the first cookie of a Cookie header that has this name and a
// value; "" when there is none.
func Cookie(header, name string) string {
	header = boundedCookies(header)
	for n := 0; header != "" && n < maxCookies; n++ {
		var c cookie
		if c, header = nextCookie(header); c.name == name && c.value != "" {
			return c.value
		}
	}
	return ""
}

// appendCookies cuts a Cookie header; what has no name is left out.
func appendCookies(dst []cookie, header string) []cookie {
	header = boundedCookies(header)
	for header != "" && len(dst) < maxCookies {
		var c cookie
		if c, header = nextCookie(header); c.name != "" {
			dst = append(dst, c)
		}
	}
	return dst
}

// boundedCookies cuts a header that is too long. Its last cookie may be cut in
// two and is not one to believe.
func boundedCookies(header string) string {
	if len(header) <= maxCookieBytes {
		return header
	}
	header = header[:maxCookieBytes]
	return header[:strings.LastIndexByte(header, ';')+1]
}

// nextCookie cuts the first cookie off a header (RFC 6265, section 4.2.1). A
// value in quotes loses them.
func nextCookie(header string) (c cookie, rest string) {
	part, rest, _ := strings.Cut(header, ";")
	c.name, c.value, _ = strings.Cut(strings.Trim(part, " \t"), "=")
	if n := len(c.value); n > 1 && c.value[0] == '"' && c.value[n-1] == '"' {
		c.value = c.value[1 : n-1]
	}
	return c, rest
}

// canonical writes a header's name as HTTP hosts keep it: Content-Type.
func canonical(name string) string {
	b := []byte(name)
	upper := true
	for i, c := range b {
		switch {
		case upper && 'a' <= c && c <= 'z':
			b[i] = c - 'a' + 'A'
		case !upper && 'A' <= c && c <= 'Z':
			b[i] = c - 'A' + 'a'
		}
		upper = c == '-'
	}
	return string(b)
}
