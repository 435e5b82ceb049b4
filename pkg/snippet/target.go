package snippet

import (
	"net/url"
	"slices"
	"strings"
)

// target is the pixel's address, escaped for a URL but for nothing else.
type target struct {
	address string          // endpoint and path
	query   string          // without the question mark; may be empty
	keys    map[string]bool // names in query, so that no form adds them again
}

// url is the whole address. It holds no space, no double quote, no angle
// bracket, no backslash and nothing outside ASCII, except in merge tags.
func (t target) url() string {
	if t.query == "" {
		return t.address
	}
	return t.address + "?" + t.query
}

func newTarget(o Options) (target, error) {
	u, err := parseEndpoint(o.Endpoint)
	if err != nil {
		return target{}, err
	}
	if o.Form == AMP && u.Scheme != "https" {
		return target{}, usage("form amp needs an https endpoint: AMP pages refuse %s", u.Scheme)
	}
	if err := checkNames(o); err != nil {
		return target{}, err
	}
	t := build(origin(u)+u.Opaque, o)
	if n := len(t.url()); n > maxURLBytes {
		return target{}, usage("the pixel URL is %d bytes long, at most %d are safe", n, maxURLBytes)
	}
	return t, nil
}

func build(base string, o Options) target {
	t := target{address: base + "/p.gif", keys: map[string]bool{}}
	escape := escaper(o.Form)
	add := func(key, value string) {
		if t.query != "" {
			t.query += "&"
		}
		t.query += escape(key) + "=" + value
		t.keys[key] = true
	}
	if segment(o.Site) && segment(o.Label) {
		t.address = base + "/" + escape(o.Site) + "/" + escape(o.Label) + ".gif"
	} else {
		addIf(add, "site", o.Site, escape)
		addIf(add, "label", o.Label, escape)
	}
	addIf(add, "utm_campaign", o.Campaign, escape)
	params := o.Params
	if o.CacheBuster != "" && o.Form != JS && o.Form != AMP {
		params = append(slices.Clip(params), Param{"rnd", o.CacheBuster})
	}
	for _, p := range params {
		if o.Form == Email && mergeTag.MatchString(p.Value) {
			add(p.Key, p.Value)
			continue
		}
		add(p.Key, escape(p.Value))
	}
	return t
}

func addIf(add func(k, v string), key, value string, escape func(string) string) {
	if value != "" {
		add(key, escape(value))
	}
}

// segment reports whether a name survives as a path segment: proxies and
// gateways decode, merge or resolve the others.
func segment(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\\%") &&
		!strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

func escaper(f Form) func(string) string {
	if f == AMP {
		return escapeAMP
	}
	return escapeQuery
}

// escapeQuery leaves only letters, digits and -_.~ as they are.
func escapeQuery(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// escapeAMP also escapes capitals. AMP replaces its variables (RANDOM, TITLE)
// wherever their letters stand in the URL, even inside a word.
func escapeAMP(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteString(escapeQuery(s[i : i+1]))
	}
	return b.String()
}
