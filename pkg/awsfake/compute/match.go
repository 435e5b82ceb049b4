package compute

import "strings"

// How a part of a route's path matches, the more specific the higher.
const (
	greedy   = 1 // {proxy+}
	variable = 2 // {name}
	static   = 3
)

// match gives the route for a request: the most specific path first, then its
// own method before ANY, and $default when nothing else fits.
func (a *API) match(method, path string) (Route, bool) {
	var best Route
	var score []int
	for _, r := range a.routes {
		s, ok := r.score(method, path)
		if ok && (score == nil || higher(s, score)) {
			best, score = r, s
		}
	}
	return best, score != nil
}

// score is one number for each part of the path, then one for the method.
func (r Route) score(method, path string) ([]int, bool) {
	if r.RouteKey == "$default" {
		return []int{0}, true
	}
	want, pattern, ok := strings.Cut(r.RouteKey, " ")
	if !ok || want != "ANY" && want != method {
		return nil, false
	}
	score, ok := scorePath(strings.Split(pattern, "/")[1:], strings.Split(path, "/")[1:])
	own := 0
	if want == method {
		own = 1
	}
	return append(score, own), ok
}

func scorePath(pattern, path []string) (score []int, ok bool) {
	for i, p := range pattern {
		switch {
		case i >= len(path):
			return nil, false
		case strings.HasPrefix(p, "{") && strings.HasSuffix(p, "+}"):
			return append(score, greedy), path[i] != ""
		case strings.HasPrefix(p, "{") && path[i] != "":
			score = append(score, variable)
		case p == path[i]:
			score = append(score, static)
		default:
			return nil, false
		}
	}
	return score, len(pattern) == len(path)
}

func higher(a, b []int) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] > b[i]
		}
	}
	return len(a) > len(b)
}
