package ui

import (
	"strconv"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/version"
)

// Version shows the build.
func Version(i version.Info) View {
	return View{json: i, text: func(p *page) {
		p.line("pixelctl ", i.Version)
		for _, row := range [][2]string{{"commit", commit(i)}, {"date", i.Date}, {"go", i.Go + " " + i.OS + "/" + i.Arch}, {"duckdb", i.DuckDB}, {"beacon", short(i.Beacon)}} {
			if row[1] != "" {
				p.line("  ", p.o.Theme.Paint(Muted, pad(row[0], 8, false)), Clean(row[1]))
			}
		}
	}}
}

// short is enough of a digest to tell two apart.
func short(digest string) string { return digest[:min(len(digest), 12)] }

func commit(i version.Info) string {
	if i.Dirty {
		return i.Commit + " (changed)"
	}
	return i.Commit
}

type fieldJSON struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Rule  string `json:"rule"`
	Limit int    `json:"limit"` // bytes, 0 is none
	Doc   string `json:"doc"`
}

// Fields shows the columns of the record: piped as the table for documents,
// which is wider than a terminal.
func Fields(markdown string, columns []event.Column) View {
	fields := make([]fieldJSON, 0, len(columns))
	for _, c := range columns {
		fields = append(fields, fieldJSON{c.Name, c.Type.Glue(), string(c.Rule), c.Limit, c.Doc})
	}
	return View{json: map[string]any{"fields": fields}, text: func(p *page) {
		if !p.o.TTY {
			p.b.WriteString(markdown)
			return
		}
		for _, f := range fields {
			kind := f.Type
			if f.Limit > 0 {
				kind += ", " + Plural(int64(f.Limit), "byte")
			}
			p.line(p.o.Theme.Paint(Key, f.Name), "  ", p.o.Theme.Paint(Muted, kind))
			p.indented(2, Plain, strings.TrimPrefix(f.Doc+"; in JSON "+f.Rule, "; "))
		}
	}}
}

// Ready is the one line that a server in the foreground prints.
func Ready(endpoint string, pid int) View {
	doc := struct {
		Endpoint string `json:"endpoint"`
		PID      int    `json:"pid"`
	}{endpoint, pid}
	return View{json: doc, text: func(p *page) {
		p.check("ready at ", endpoint, " (pid ", strconv.Itoa(pid), ")")
	}}
}
