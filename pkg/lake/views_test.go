package lake

import (
	"strings"
	"testing"

	"pixelctl/pkg/event"
)

func TestViews(t *testing.T) {
	var b strings.Builder
	for _, v := range Views(event.Schema{}) {
		b.WriteString("-- " + v.Doc + "\nCREATE OR REPLACE VIEW " + v.Name + " AS\n" + v.SQL + ";\n\n")
	}
	golden(t, "views.sql", b.String())
}

func TestViewsShowEveryColumn(t *testing.T) {
	for _, v := range Views(event.Schema{})[:3] {
		shown, _, _ := strings.Cut(v.SQL, "\nFROM ")
		fields := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(shown, "SELECT"), ",", " "))
		for i, name := range append((event.Schema{}).Names(), "year", "month", "day", "hour") {
			if i >= len(fields) || fields[i] != name {
				t.Fatalf("%s: column %d is not %s", v.Name, i, name)
			}
		}
		if strings.Contains(shown, "*") || strings.Contains(shown, "copy_number") {
			t.Errorf("%s shows more than the table", v.Name)
		}
	}
}

// A view may only read the table and views made before it.
func TestViewsAreInOrder(t *testing.T) {
	known := map[string]bool{Table: true}
	for _, v := range Views(event.Schema{}) {
		for _, after := range strings.Split(v.SQL, "FROM ")[1:] {
			if name := strings.Fields(after)[0]; name != "(" && !known[name] {
				t.Errorf("%s reads %s, which is not there yet", v.Name, name)
			}
		}
		known[v.Name] = true
	}
}
