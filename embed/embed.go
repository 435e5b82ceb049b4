// Package embed holds the files that the binary carries.
package embed

import "embed"

//go:embed demo/*.sql
var demo embed.FS

// DemoQuery returns the SQL of one question of the demo: 1_article,
// 2_campaigns or 3_hours.
func DemoQuery(name string) string {
	b, err := demo.ReadFile("demo/" + name + ".sql")
	if err != nil {
		return ""
	}
	return string(b)
}
