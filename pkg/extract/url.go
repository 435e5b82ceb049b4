package extract

import "strings"

// URL is the parts of a URL that are columns; still encoded.
type URL struct {
	Host  string // lower case, without port and user
	Path  string
	Query string // without the question mark
}

// SplitURL cuts a URL without judging it. Only a URL with an authority or one
// that starts with a slash has parts: about:blank and data:, have none.
func SplitURL(s string) URL {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i]
	}
	if i := strings.IndexByte(s, ':'); i > 0 && isScheme(s[:i]) {
		s = s[i+1:]
	}
	var p URL
	rest, absolute := strings.CutPrefix(s, "//")
	if !absolute && !strings.HasPrefix(rest, "/") {
		return p
	}
	rest, p.Query, _ = strings.Cut(rest, "?")
	if !absolute {
		p.Path = rest
		return p
	}
	authority := rest
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		authority, p.Path = rest[:i], rest[i:]
	}
	p.Host = hostname(authority)
	if p.Path == "" && p.Host != "" {
		p.Path = "/" // as browsers send it
	}
	return p
}

// isScheme says whether s can be the scheme of a URL.
func isScheme(s string) bool {
	for i := range len(s) {
		letter := 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z'
		if !letter && (i == 0 || strings.IndexByte("0123456789+-.", s[i]) < 0) {
			return false
		}
	}
	return true
}

// hostname takes user and port off an authority, and the brackets off an
// IPv6 address.
func hostname(s string) string {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	if inner, ok := strings.CutPrefix(s, "["); ok {
		inner, _, _ = strings.Cut(inner, "]")
		return strings.ToLower(inner)
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		s = s[:i]
	}
	return strings.ToLower(s)
}
