package snippet

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// checkRequest reads text as whoever it is pasted for would, takes the URL
// out and compares what it decodes to with what o asks for.
func checkRequest(o Options, text string) error {
	var raw string
	var err error
	switch o.Form {
	case HTML, Email:
		raw, err = elementURL(text, "img")
	case NoScript:
		raw, err = elementURL(text, "noscript", "img")
	case AMP:
		raw, err = elementURL(text, "amp-pixel")
	case JS:
		raw, err = scriptURL(o, text)
	case CSS:
		raw, err = cssURL(text)
	case Markdown:
		raw, err = group(text, `^!\[\]\(([^()<>\s\\]+)\)$`)
	case Curl:
		raw, err = shellURL(text)
	case URL:
		raw, err = group(text, `^(\S+)$`)
	}
	if err != nil {
		return err
	}
	return checkURL(o, raw)
}

func group(text, pattern string) (string, error) {
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		return "", fmt.Errorf("does not match %s", pattern)
	}
	return m[1], nil
}

// elements are all elements of text in order, parsed as a browser without
// JavaScript parses the body of a page.
func elements(text string) ([]*html.Node, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	roots, err := html.ParseFragmentWithOptions(strings.NewReader(text), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	var out []*html.Node
	for _, root := range roots {
		for n := range withDescendants(root) {
			switch {
			case n.Type == html.ElementNode:
				out = append(out, n)
			case n.Type != html.TextNode, strings.TrimSpace(n.Data) != "" && n.Parent.DataAtom != atom.Script:
				return nil, fmt.Errorf("stray %q outside of a tag", n.Data)
			}
		}
	}
	return out, nil
}

func withDescendants(n *html.Node) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		if n.Parent == nil {
			n.Parent = &html.Node{}
		}
		if !yield(n) {
			return
		}
		for d := range n.Descendants() {
			if !yield(d) {
				return
			}
		}
	}
}

var attributes = map[string][]string{
	"img":       {"src", "width", "height", "alt", "aria-hidden", "style", "loading", "referrerpolicy"},
	"amp-pixel": {"src", "layout"},
}

// elementURL wants exactly these elements and gives the src of the last.
func elementURL(text string, names ...string) (string, error) {
	nodes, err := elements(text)
	if err != nil {
		return "", err
	}
	src := ""
	var got []string
	for _, n := range nodes {
		got = append(got, n.Data)
		for _, a := range n.Attr {
			if !slices.Contains(attributes[n.Data], a.Key) {
				return "", fmt.Errorf("attribute %s on %s", a.Key, n.Data)
			}
			if a.Key == "src" {
				src = a.Val
			}
		}
	}
	if !slices.Equal(got, names) {
		return "", fmt.Errorf("elements %v, want %v", got, names)
	}
	return src, nil
}

var scriptStart = regexp.MustCompile(`var u=("(?:[^"\\]|\\.)*"),q=("(?:[^"\\]|\\.)*");`)

// scriptURL gives the URL of the script's image; the image without JavaScript
// is checked here.
func scriptURL(o Options, text string) (string, error) {
	src, err := elementURL(text, "script", "noscript", "img")
	if err != nil {
		return "", err
	}
	if err := checkURL(o, src); err != nil {
		return "", fmt.Errorf("noscript: %w", err)
	}
	nodes, err := elements(text)
	if err != nil {
		return "", err
	}
	m := scriptStart.FindStringSubmatch(nodes[0].FirstChild.Data)
	if m == nil {
		return "", fmt.Errorf("the script does not start with its address")
	}
	address, err := strconv.Unquote(m[1]) // \xNN and \uNNNN mean the same in Go
	if err != nil {
		return "", err
	}
	query, err := strconv.Unquote(m[2])
	if err != nil {
		return "", err
	}
	return address + "?" + query, nil
}

var cssEscape = regexp.MustCompile(`\\([0-9a-f]{1,6}) ?`)

func cssURL(text string) (string, error) {
	if strings.Contains(text, "<") {
		return "", fmt.Errorf("a < could end the style element")
	}
	s, err := group(text, `background: url\("([^"\n]*)"\) no-repeat; \}$`)
	return cssEscape.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseInt(strings.Trim(e, `\ `), 16, 32) // the pattern lets only hex through
		return string(rune(n))
	}), err
}

// shellURL reads the last word: single-quoted parts and \' between them.
func shellURL(text string) (string, error) {
	word, err := group(text, `^curl (?:--?\S* |/dev/null )+('(?:[^']|'\\'')*')$`)
	return strings.ReplaceAll(strings.Trim(word, "'"), `'\''`, "'"), err
}

func checkURL(o Options, raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return err
	}
	base, err := url.Parse(strings.TrimRight(o.Endpoint, "/"))
	if err != nil {
		return err
	}
	if u.Scheme != base.Scheme || u.Host != strings.TrimSuffix(base.Host, ":") || u.Fragment != "" {
		return fmt.Errorf("goes to %s://%s", u.Scheme, u.Host)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return err
	}
	under := base.EscapedPath() + "/"
	if o.Form == Markdown {
		under = markdownURL(under) // the same path to any server
	}
	path, ok := strings.CutPrefix(u.EscapedPath(), under)
	if !ok {
		return fmt.Errorf("path %s is not under %s", u.EscapedPath(), under)
	}
	if err := checkPath(o, path, query); err != nil {
		return err
	}
	want := slices.Clone(o.Params)
	if o.Campaign != "" {
		want = append(want, Param{"utm_campaign", o.Campaign})
	}
	for _, p := range want {
		if got := query[p.Key]; len(got) != 1 || got[0] != p.Value {
			return fmt.Errorf("parameter %q is %q, want %q", p.Key, got, p.Value)
		}
	}
	return nil
}

func checkPath(o Options, path string, query url.Values) error {
	site, label := query.Get("site"), query.Get("label")
	if path != "p.gif" {
		var err error
		s, l, _ := strings.Cut(strings.TrimSuffix(path, ".gif"), "/")
		if site, err = url.PathUnescape(s); err != nil {
			return err
		}
		if label, err = url.PathUnescape(l); err != nil {
			return err
		}
	}
	if site != o.Site || label != o.Label {
		return fmt.Errorf("site %q and label %q, want %q and %q", site, label, o.Site, o.Label)
	}
	return nil
}
