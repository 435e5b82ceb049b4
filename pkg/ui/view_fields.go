package ui

import (
	"strconv"
	"strings"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/spec"
)

type explainedJSON struct {
	Column string `json:"column"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

// Explained shows the records that a request would become, each column with
// its source, and how the request is answered.
func Explained(records [][]beacon.Explained, answer *beacon.Result) View {
	headers := map[string]string{}
	answer.Headers(func(name, value string) { headers[name] = value })
	status := headers["X-Pixel-Status"]
	doc := struct {
		Code    int               `json:"code"`
		Status  string            `json:"status"`
		Records [][]explainedJSON `json:"records"`
	}{answer.Code, status, make([][]explainedJSON, len(records))}
	for i, r := range records {
		for _, c := range r {
			doc.Records[i] = append(doc.Records[i], explainedJSON(c))
		}
	}
	return View{json: doc, text: func(p *page) {
		if p.o.TTY {
			p.line("answer ", strconv.Itoa(answer.Code), p.o.dot(), Clean(status))
		}
		for _, r := range records {
			p.explained(r)
		}
		if len(records) == 0 {
			p.say(Warn, "it leaves no record"+why(answer, status))
		}
	}}
}

// why says what is told to a request that leaves no record.
func why(answer *beacon.Result, status string) string {
	switch {
	case answer.Code >= 400:
		return ": " + strings.TrimSpace(string(answer.Body))
	case status != "":
		return ": " + status
	}
	return ""
}

// explained lists the columns that are present; on a terminal it names the rest.
func (p *page) explained(columns []beacon.Explained) {
	t := Table{Columns: []Column{{Name: "column", Whole: true}, {Name: "value"}, {Name: "from"}}}
	absent := 0
	for _, c := range columns {
		if c.Value == "" && c.Source == "" {
			absent++
			continue
		}
		t.Rows = append(t.Rows, []Cell{{Text: c.Column, Role: Key}, {Text: c.Value}, {Text: c.Source, Role: Muted}})
	}
	t.write(p.o, &p.b)
	if p.o.TTY && absent > 0 {
		p.line(p.o.Theme.Paint(Muted, Plural(int64(absent), "column")+" without a value"))
	}
}

// SpecCheck shows what is wrong with a file, or in short what it says.
func SpecCheck(name string, s spec.Spec, problems []spec.Problem) View {
	shared := beacon.SharedNames(s)
	return View{json: map[string]any{"file": name, "problems": list(problems), "shared": list(shared)}, text: func(p *page) {
		for _, x := range problems {
			p.say(Bad, x.Place+": "+x.Message)
			if x.Hint != "" {
				p.indented(4, Muted, x.Hint)
			}
		}
		if len(problems) > 0 {
			return
		}
		retired := 0
		for _, f := range s.Fields {
			if f.Retired {
				retired++
			}
		}
		text := name + ": " + Plural(int64(len(s.Fields)-retired), "own column")
		if retired > 0 {
			text += ", " + strconv.Itoa(retired) + " retired"
		}
		p.check(text)
		for _, x := range shared {
			p.say(Plain, shares(x))
		}
	}}
}

// shares says that a parameter fills a column beside an own one.
func shares(x beacon.Shared) string {
	text := "field " + x.Field + ": parameter " + x.Param + " also fills " + x.Column
	if x.Beside != "" {
		text += " in hits with " + x.Beside
	}
	if len(x.Families) > 0 {
		text += " (" + strings.Join(x.Families, ", ") + ")"
	}
	return text
}
