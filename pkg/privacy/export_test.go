package privacy

import "strings"

// Named returns every name that the table holds.
func Named() []string {
	var names []string
	for _, r := range rules {
		names = append(names, strings.Fields(r.columns)...)
	}
	return names
}

// For the tests of URLs.
var (
	WithoutQuery = withoutQuery
	OriginOf     = origin
)
