package wire

import (
	"net/url"
	"strings"
)

// Route tells which operation of a REST protocol a method and a path mean.
type Route struct {
	Method    string
	Path      string // its {Names} become members of the operation's input
	Operation string
	Payload   string // member that takes the body as it is; "" when the body's members are the input's
}

// Match gives the path's members, or false when r is not for the request.
// path is as sent, still percent-encoded.
func (r Route) Match(method, path string) (map[string]string, bool) {
	want := strings.Split(strings.Trim(r.Path, "/"), "/")
	got := strings.Split(strings.Trim(path, "/"), "/")
	if method != r.Method || len(want) != len(got) {
		return nil, false
	}
	members := map[string]string{}
	for i, w := range want {
		name, isName := strings.CutPrefix(w, "{")
		value, err := url.PathUnescape(got[i])
		switch {
		case isName && err == nil && value != "":
			members[strings.TrimSuffix(name, "}")] = value
		case w != got[i]:
			return nil, false
		}
	}
	return members, true
}
