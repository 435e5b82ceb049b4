package snippet

// imgTag is the image of web pages. The policy asks for the whole page URL as
// Referer; Firefox still cuts it to the origin. Without a place of its own the
// image would stand after the last element and let a page that fills the
// window scroll by one pixel.
func imgTag(t target) string {
	return `<img src="` + attribute(t.url()) + `" width="1" height="1" alt="" aria-hidden="true"` +
		` style="position:absolute;top:0;left:0" loading="eager" referrerpolicy="no-referrer-when-downgrade">`
}

func renderHTML(t target) string { return imgTag(t) }

func renderNoScript(t target) string { return "<noscript>" + imgTag(t) + "</noscript>" }

// ampVariables are filled in by the AMP runtime, already escaped.
var ampVariables = []Param{
	{"url", "CANONICAL_URL"},
	{"ref", "DOCUMENT_REFERRER"},
	{"title", "TITLE"},
	{"res", "SCREEN_WIDTHxSCREEN_HEIGHT"},
	{"ts", "TIMESTAMP"},
	{"rnd", "RANDOM"},
}

func renderAMP(t target) string {
	for _, v := range ampVariables {
		if t.keys[v.Key] {
			continue
		}
		if t.query != "" {
			t.query += "&"
		}
		t.query += v.Key + "=" + v.Value
	}
	return `<amp-pixel src="` + attribute(t.url()) + `" layout="nodisplay"></amp-pixel>`
}

// renderEmail hides the image by size and opacity: clients skip images that
// are not displayed at all. As a block it does not take the height of a line.
func renderEmail(t target) string {
	return `<img src="` + attribute(t.url()) + `" width="1" height="1" alt=""` +
		` style="display:block;border:0;max-height:0;max-width:0;opacity:0">`
}

func renderCSS(t target) string {
	return `body::after { content: ""; position: absolute; top: 0; left: 0; width: 1px; height: 1px; background: url(` +
		cssString(t.url()) + `) no-repeat; }`
}

func renderMarkdown(t target) string { return "![](" + markdownURL(t.url()) + ")" }

// renderCurl switches globbing off, since curl reads brackets as patterns.
func renderCurl(t target) string {
	return "curl --globoff --silent --show-error --output /dev/null --dump-header - " + ShellWord(t.url())
}

func renderURL(t target) string { return t.url() }
