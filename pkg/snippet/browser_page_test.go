package snippet

import (
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// nonce lets the page's own inline scripts and styles through its policy.
const nonce = "cGl4ZWw"

// sitePage is what a visitor opens.
type sitePage struct {
	Title  string
	Head   template.HTML // of the page's author
	Tag    template.HTML // the snippet
	Policy string        // Content-Security-Policy; empty for none
}

// pageTemplate fills the window exactly, so that a tag that takes any room
// makes the page scroll.
var pageTemplate = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{.Title}}</title>
<link rel="stylesheet" href="/page.css">
{{.Head}}
</head>
<body>
<main>A page that fills the window.</main>
{{.Tag}}
</body>
</html>
`))

// newSite serves the pages that are added to the mux, and their style sheet.
func newSite(t *testing.T) (*http.ServeMux, *httptest.Server) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/page.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = w.Write([]byte("body { margin: 0 } main { height: 100vh }\n"))
	})
	mux.HandleFunc("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return mux, server
}

// ServeHTTP satisfies http.Handler.
func (p sitePage) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if p.Policy != "" {
		w.Header().Set("Content-Security-Policy", p.Policy)
	}
	if err := pageTemplate.Execute(w, p); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// publish puts the page of a case on the site and gives its URL.
func (r *browserRig) publish(t *testing.T, c browserCase) string {
	t.Helper()
	text := render(t, Options{
		Endpoint: r.endpoint, Form: c.form, Campaign: meanCampaign, Site: meanSite, Label: c.label,
		Params: []Param{{"q", meanCampaign}},
	})
	p := sitePage{Title: meanTitle, Policy: c.policy}
	if c.script != "" {
		p.Head = template.HTML("<script>" + c.script + "</script>")
	}
	if c.form == CSS {
		p.Head += template.HTML("<style>\n" + text + "\n</style>")
	} else {
		p.Tag = template.HTML(text)
	}
	if c.policy != "" {
		p.Head, p.Tag = withNonce(p.Head), withNonce(p.Tag)
	}
	r.pages.Handle("/"+c.name, p)
	return r.site + "/" + c.name + pageQuery
}

func withNonce(h template.HTML) template.HTML {
	return template.HTML(strings.ReplaceAll(string(h), "<script>", `<script nonce="`+nonce+`">`))
}

func render(t *testing.T, o Options) string {
	t.Helper()
	text, err := Render(o)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
