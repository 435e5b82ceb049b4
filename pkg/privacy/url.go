package privacy

import "strings"

// location is a URL in parts that stand behind each other.
type location struct {
	scheme string // with its slashes; empty for a path
	user   string // with its at sign
	host   string // with its port
	rest   string // path, query and fragment
}

// locate cuts a URL or an absolute path. Text that is neither has no parts:
// about:blank, data:, mailto:.
func locate(s string) (location, bool) {
	if strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") {
		return location{rest: s}, true
	}
	start := strings.Index(s, "//")
	if start < 0 || start > 0 && (s[start-1] != ':' || strings.IndexAny(s, ":/?#@") != start-1) {
		return location{}, false
	}
	u := location{scheme: s[:start+2], rest: s[start+2:]}
	end := strings.IndexAny(u.rest, "/?#")
	if end < 0 {
		end = len(u.rest)
	}
	u.host, u.rest = u.rest[:end], u.rest[end:]
	at := strings.LastIndexByte(u.host, '@') + 1
	u.user, u.host = u.host[:at], u.host[at:]
	return u, true
}

// withoutQuery cuts a URL or a path to what names the page: no query and no
// fragment, nor a user's name before the host. "" for what is neither.
func withoutQuery(s string) string {
	u, ok := locate(s)
	if !ok {
		return ""
	}
	path := u.rest
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if u.user == "" {
		return s[:len(u.scheme)+len(u.host)+len(path)]
	}
	return u.scheme + u.host + path
}

// origin cuts a URL to scheme, host and port, and a slash. "" for what has no
// host.
func origin(s string) string {
	u, ok := locate(s)
	switch {
	case !ok || u.host == "":
		return ""
	case u.user == "" && strings.HasPrefix(u.rest, "/"):
		return s[:len(u.scheme)+len(u.host)+1]
	}
	return u.scheme + u.host + "/"
}
