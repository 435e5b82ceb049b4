package report

import (
	"embed"
	"slices"
	"strings"

	"pixelctl/pkg/fault"
)

//go:embed sql/*.sql
var files embed.FS

// Names are the reports in the order of their use.
func Names() []string {
	return []string{
		"overview", "campaigns", "pages", "referrers", "sources", "devices",
		"countries", "hours", "mail", "bots", "quality", "drops",
	}
}

// find gives the name of a report; an unknown one is fault.Usage.
func find(name string) (string, error) {
	if slices.Contains(Names(), name) {
		return name, nil
	}
	e := fault.New(fault.Usage, "report %q: there is no such report", name)
	if near := fault.Nearest(strings.ToLower(name), Names()); near != "" {
		return "", e.WithHint("did you mean %q?", near)
	}
	return "", e.WithHint("use one of %s", strings.Join(Names(), ", "))
}

// Question is what a report answers: the first line of its SQL file.
func Question(name string) string {
	text, err := files.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimPrefix(first, "-- ")
}
