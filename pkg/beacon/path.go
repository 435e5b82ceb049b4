package beacon

import "strings"

// kind is what a path leads to.
type kind uint8

const (
	unknownPath kind = iota
	pixelPath
	robotsPath
	healthPath
)

// target is a path understood: for /<site>/<label>.gif also its two names.
type target struct {
	kind        kind
	site, label string
}

// route reads a path as sent.
func route(path string) target {
	switch path {
	case "/p.gif", "/i.gif":
		return target{kind: pixelPath}
	case "/robots.txt":
		return target{kind: robotsPath}
	case "/health":
		return target{kind: healthPath}
	}
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return target{}
	}
	rest, ok = strings.CutSuffix(rest, ".gif")
	if !ok {
		return target{}
	}
	site, label, _ := strings.Cut(rest, "/")
	if site == "" || label == "" || strings.IndexByte(label, '/') >= 0 {
		return target{}
	}
	return target{kind: pixelPath, site: segment(site), label: segment(label)}
}

// segment decodes one path segment, in which a plus is a plus.
func segment(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	return string(unescape(nil, s, false))
}
