// Package snippet renders the tag that makes a page, mail or style sheet
// request the pixel. It only builds text: nothing is sent.
package snippet

import (
	"strings"

	"pixelctl/pkg/fault"
)

// Form is the kind of text to render.
type Form string

// The forms. Form.Doc describes each in one line.
const (
	HTML     Form = "html"
	NoScript Form = "noscript"
	JS       Form = "js"
	AMP      Form = "amp"
	Email    Form = "email"
	CSS      Form = "css"
	Markdown Form = "markdown"
	Curl     Form = "curl"
	URL      Form = "url"
)

// forms lists the forms in the order they are shown.
var forms = []struct {
	form   Form
	doc    string
	render func(target) string
}{
	{HTML, "<img> for any page; the page is known by its Referer", renderHTML},
	{NoScript, "<img> that only browsers without JavaScript load", renderNoScript},
	{JS, "<script> that also sends page, title, referrer and screen", renderJS},
	{AMP, "<amp-pixel> for AMP pages, https only", renderAMP},
	{Email, "<img> for HTML mail; a value that is one merge tag is left as it is", renderEmail},
	{CSS, "style rule; the Referer is that of the style sheet", renderCSS},
	{Markdown, "image for Markdown; hosts that proxy images hide the reader", renderMarkdown},
	{Curl, "command line that requests the pixel once and prints headers", renderCurl},
	{URL, "the bare URL", renderURL},
}

// Forms returns all forms in the order to show them.
func Forms() []Form {
	out := make([]Form, len(forms))
	for i, f := range forms {
		out[i] = f.form
	}
	return out
}

// Doc returns what the form is for in one line, or "" for an unknown form.
func (f Form) Doc() string {
	for _, e := range forms {
		if e.form == f {
			return e.doc
		}
	}
	return ""
}

// Param is one more parameter of the pixel URL, unescaped.
type Param struct{ Key, Value string }

// Options says what to render. Names and values are plain text; Render
// escapes them. Empty names are left out of the URL.
type Options struct {
	Endpoint string // absolute http or https URL of the collector
	Form     Form   // empty means HTML
	Campaign string // sent as utm_campaign
	Site     string // with Label the path /<site>/<label>.gif
	Label    string
	Params   []Param // appended in this order
	// CacheBuster is sent as rnd, last, by forms that cannot make one at each
	// view (all but js and amp), so that no cache takes one tag for another.
	// In a mail it may be a merge tag. Empty leaves it out.
	CacheBuster string
}

// Render returns the text of o.Form, without a final newline. Every error is
// of kind fault.Usage.
func Render(o Options) (string, error) {
	if o.Form == "" {
		o.Form = HTML
	}
	for _, f := range forms {
		if f.form != o.Form {
			continue
		}
		t, err := newTarget(o)
		if err != nil {
			return "", err
		}
		return f.render(t), nil
	}
	return "", fault.New(fault.Usage, "render snippet: unknown form %q", string(o.Form)).
		WithHint("use one of %s", formNames())
}

func formNames() string {
	names := make([]string, len(forms))
	for i, f := range forms {
		names[i] = string(f.form)
	}
	return strings.Join(names, ", ")
}
