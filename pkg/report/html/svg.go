package html

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
)

// picture says what becomes of a chart of the library in a page.
type picture struct {
	id, class, title string
	ends             []end // texts that end where they ended
	sheet            *sheet
}

// end is a text and its width in the library's font; in the page's font it is
// another.
type end struct {
	text  string
	width int
}

// rewrite makes the library's document a part of a page: it gets a title for
// screen readers, and classes instead of style attributes.
func rewrite(raw []byte, p picture) (template.HTML, error) {
	var b strings.Builder
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return template.HTML(b.String()), nil //nolint:gosec // every text in it went through template.HTMLEscape
		}
		if err != nil {
			return "", fmt.Errorf("read the chart: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := p.element(&b, d, t); err != nil {
				return "", err
			}
		case xml.EndElement:
			b.WriteString("</" + t.Name.Local + ">")
		}
	}
}

func (p *picture) element(b *strings.Builder, d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "svg":
		fmt.Fprintf(b, `<svg class="%s" role="img" aria-labelledby="%s" viewBox="%s"><title id="%s">%s</title>`,
			p.class, p.id, template.HTMLEscapeString(attribute(e, "viewBox")), p.id, template.HTMLEscapeString(p.title))
		return nil
	case "text":
		return p.text(b, d, e)
	case "path", "circle":
	default:
		return fmt.Errorf("read the chart: unknown element %s", e.Name.Local)
	}
	if invisible(e) || isTick(e) {
		return d.Skip()
	}
	p.open(b, e)
	return nil
}

// invisible is the background: the page has one.
func invisible(e xml.StartElement) bool { return attribute(e, "style") == "stroke:none;fill:none" }

// isTick says whether e is a mark on the axis of time. There is one a row,
// thousands for hours.
func isTick(e xml.StartElement) bool {
	points := strings.Fields(attribute(e, "d")) // M x y L x y
	return len(points) == 6 && points[1] == points[4] && strings.Contains(attribute(e, "style"), "stroke:"+timeAxis.colour().String())
}

func (p *picture) text(b *strings.Builder, d *xml.Decoder, e xml.StartElement) error {
	var body struct {
		Text string `xml:",chardata"`
	}
	if err := d.DecodeElement(&body, &e); err != nil {
		return fmt.Errorf("read the chart: %w", err)
	}
	if len(p.ends) > 0 && p.ends[0].text == body.Text {
		x, err := strconv.Atoi(attribute(e, "x"))
		if err != nil {
			return fmt.Errorf("read the chart: %w", err)
		}
		for i := range e.Attr {
			if e.Attr[i].Name.Local == "x" {
				e.Attr[i].Value = strconv.Itoa(x + p.ends[0].width)
			}
		}
		e.Attr = append(e.Attr, xml.Attr{Name: xml.Name{Local: "text-anchor"}, Value: "end"})
		p.ends = p.ends[1:]
	}
	p.open(b, e)
	b.WriteString(template.HTMLEscapeString(body.Text) + "</text>")
	return nil
}

// open writes the start of an element.
func (p *picture) open(b *strings.Builder, e xml.StartElement) {
	b.WriteString("<" + e.Name.Local)
	for _, a := range e.Attr {
		name, value := a.Name.Local, a.Value
		if name == "style" {
			name, value = "class", p.sheet.class(value)
		}
		if name == "d" {
			value = strings.NewReplacer(" ", ",", "\n", "").Replace(strings.NewReplacer("M ", "M", "L ", "L").Replace(value))
		}
		b.WriteString(" " + name + `="` + template.HTMLEscapeString(value) + `"`)
	}
	b.WriteString(">")
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
