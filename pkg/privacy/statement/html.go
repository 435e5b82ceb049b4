package statement

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

// style is the page's only style sheet; the page's policy allows it by its
// hash and nothing else.
const style = `
:root { color-scheme: light dark; --line: #8886; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2 { line-height: 1.2; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom-width: 2px; }
tbody th { font-weight: normal; overflow-wrap: normal; }
code { font-family: ui-monospace, monospace; }
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  tr, li { break-inside: avoid; }
  thead { display: table-header-group; }
}
`

const page = `<!DOCTYPE html>
<html lang="{{.Doc.Lang}}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Doc.Short}}</title>
<style>` + style + `</style>
</head>
<body>
<main>
<h1>{{.Doc.Title}}</h1>
{{- range .Doc.Lead}}
<p>{{.}}</p>
{{- end}}
{{- range .Doc.Sections}}
<section aria-labelledby="{{.ID}}">
<h2 id="{{.ID}}">{{.Title}}</h2>
{{- range .Blocks}}
{{- if .Head}}
<table>
<thead>
<tr>{{range .Head}}<th scope="col">{{.}}</th>{{end}}</tr>
</thead>
<tbody>
{{- range .Rows}}
<tr>{{range $i, $cell := .}}{{if $i}}<td>{{$cell}}</td>{{else}}<th scope="row"><code>{{$cell}}</code></th>{{end}}{{end}}</tr>
{{- end}}
</tbody>
</table>
{{- else if .Items}}
<ul>
{{- range .Items}}
<li>{{.}}</li>
{{- end}}
</ul>
{{- else}}
<p>{{.Text}}</p>
{{- end}}
{{- end}}
</section>
{{- end}}
</main>
</body>
</html>
`

// maxTitle is the most characters of a window's title.
const maxTitle = 70

// Short is the title for a window.
func (d Document) Short() string {
	title := []rune(d.Title)
	if len(title) <= maxTitle {
		return d.Title
	}
	return string(title[:maxTitle-1]) + "…"
}

// HTML renders the document as one page that loads nothing.
func (d Document) HTML() (string, error) {
	t, err := template.New("statement").Parse(page)
	if err != nil {
		return "", fmt.Errorf("read the page of the statement: %w", err)
	}
	sum := sha256.Sum256([]byte(style))
	var b strings.Builder
	err = t.Execute(&b, struct {
		Doc    Document
		Policy string
	}{d, "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"})
	if err != nil {
		return "", fmt.Errorf("write the page of the statement: %w", err)
	}
	return b.String(), nil
}
