// Package html writes reports as one file that shows itself in a browser
// without a network, a script or another file.
package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"pixelctl/pkg/report"
)

//go:embed page.tmpl
var layout string

//go:embed style.css
var styles string

// Write writes reports, in their order, as one HTML document. Its policy lets
// a browser load nothing at all; of styles only its own sheet counts.
func Write(w io.Writer, reports []report.Report) error {
	t, err := template.New("page").Parse(layout)
	if err != nil {
		return fmt.Errorf("read the template of reports: %w", err)
	}
	doc, err := newDocument(reports)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, doc); err != nil {
		return fmt.Errorf("write a report as HTML: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// document is what the template shows.
type document struct {
	Title   string
	Stack   string
	Policy  string
	Style   template.HTML // the whole element: its text must be the one that was hashed
	Reports []section
}

func newDocument(reports []report.Report) (document, error) {
	var doc document
	sheet := newSheet()
	var titles []string
	for i, r := range reports {
		s, err := newSection(fmt.Sprintf("r%d", i+1), r, sheet)
		if err != nil {
			return document{}, fmt.Errorf("draw the report %s: %w", r.Name, err)
		}
		doc.Reports = append(doc.Reports, s)
		doc.Stack = s.Stack
		titles = append(titles, s.Title)
	}
	doc.Title = strings.Join(append(titles, doc.Stack), " · ")
	text := styles + sheet.css()
	sum := sha256.Sum256([]byte(text))
	doc.Policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	doc.Style = template.HTML("<style>" + text + "</style>") //nolint:gosec // our own file and rules without a text of anyone
	return doc, nil
}
