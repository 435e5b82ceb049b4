// Package classify says who asks: a person, a mail provider's proxy, a browser
// that loads ahead, a bot, or pixelctl itself; and with which browser, system
// and device. It reads the user agent and a few headers, never the address or
// the version of HTTP: behind API Gateway every request is HTTP/1.1 from AWS.
// Nothing is dropped for its class; reports choose.
package classify

import (
	"strings"

	"pixelctl/pkg/event"
)

// agentLimit is how many bytes of a user agent are read. Real ones are
// shorter but for in-app browsers, which append lists nobody needs.
const agentLimit = 512

// shortest is the length below which a user agent without a known word is no
// browser's.
const shortest = 10

// Headers gives request headers by canonical name; http.Header is one.
type Headers interface {
	Get(canonicalName string) string
}

// Client is who asks. An empty string is unknown.
type Client struct {
	Class  string // event.ClassHuman …; never empty
	Reason string // one of Reasons; empty for people

	Browser, BrowserVersion string // of a bot or proxy: the name it gives itself
	OS, OSVersion           string // empty for bots and proxies but headless browsers: what they say is made up
	Device                  string // DeviceDesktop …; empty for proxies
}

// IsBot reports whether no person is behind the request: the class is
// prefetch, bot or synthetic. A mail proxy asks for a person and is not a bot;
// neither is what is unknown.
func (c Client) IsBot() bool {
	return c.Class == event.ClassPrefetch || c.Class == event.ClassBot || c.Class == event.ClassSynthetic
}

// Classify judges a request. The first that holds decides: the header of
// pixelctl's own hits, a prefetch header, the words of the user agent in the
// order of Reasons, and at last a header that a browser would have sent.
// Headers nil means that they are not known, and their absence tells nothing.
func Classify(userAgent string, h Headers) Client {
	ua := strings.TrimSpace(userAgent)
	if len(ua) > agentLimit {
		ua = ua[:agentLimit]
	}
	f, c := fromAgent(ua)
	if h == nil {
		return c
	}
	if f.marks&markChrome != 0 && (c.Class == event.ClassHuman || c.Class == event.ClassUnknown) {
		c.refine(h)
	}
	switch {
	case h.Get("X-Pixelctl-Synthetic") == "1":
		c.Class, c.Reason = event.ClassSynthetic, ReasonSynthetic
	case prefetches(h):
		c.Class, c.Reason = event.ClassPrefetch, ReasonPrefetch
	case c.Class == event.ClassHuman && f.speaks() && h.Get("Accept-Language") == "":
		c.Class, c.Reason, c.Device = event.ClassBot, ReasonNoLanguage, DeviceBot
	}
	return c
}

// fromAgent judges the user agent alone.
func fromAgent(ua string) (finding, Client) {
	switch ua {
	case "":
		return finding{}, Client{Class: event.ClassBot, Reason: ReasonMissing, Device: DeviceBot}
	case "Mozilla/5.0":
		return finding{}, Client{Class: event.ClassMailProxy, Reason: ReasonProxyApple, Browser: "Apple Mail"}
	}
	f := scan(ua)
	c := Client{Browser: f.name, BrowserVersion: f.version}
	c.Class, c.Reason = f.sign.verdict()
	switch {
	case f.sign == headless:
		c.read(&f)
		c.Device = DeviceBot
	case c.Class == event.ClassBot:
		c.Device = DeviceBot
	case f.sign == nothing && f.marks&engines == 0 && f.device == "":
		if len(ua) < shortest {
			c.Class, c.Reason, c.Device = event.ClassBot, ReasonShort, DeviceBot
		}
	case c.Class == event.ClassHuman, f.sign == appLib:
		c.read(&f)
	case f.sign == nothing:
		c.Class, c.Reason = event.ClassHuman, ""
		c.read(&f)
	}
	return f, c
}

// prefetches reports whether a browser says that nobody looks yet.
func prefetches(h Headers) bool {
	return ahead(h.Get("Sec-Purpose")) || ahead(h.Get("Purpose")) || ahead(h.Get("X-Purpose")) || ahead(h.Get("X-Moz"))
}

// ahead reads a purpose, maybe with parameters: "prefetch;prerender".
func ahead(purpose string) bool {
	if purpose == "" {
		return false
	}
	if i := strings.IndexAny(purpose, ";,"); i >= 0 {
		purpose = purpose[:i]
	}
	purpose = strings.TrimSpace(purpose)
	return strings.EqualFold(purpose, "prefetch") || strings.EqualFold(purpose, "prerender") || strings.EqualFold(purpose, "preview")
}

// speaks reports whether the user agent is that of a full browser, which
// always sends Accept-Language. Views inside of applications, mail clients,
// television sets and Internet Explorer, whose name Outlook takes, may not.
func (f *finding) speaks() bool {
	if f.sign != nothing && f.sign != browser || f.marks&(markWebView|markSystem|markOldEngine) != 0 {
		return false
	}
	return f.marks&markFirefox != 0 || f.marks&markSafari != 0 && f.marks&markWebKit != 0
}
