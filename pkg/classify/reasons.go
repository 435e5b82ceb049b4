package classify

import "pixelctl/pkg/event"

// Reasons, the values of the column bot_reason. The list is closed: Reasons
// documents each.
const (
	ReasonSynthetic     = "synthetic"
	ReasonPrefetch      = "prefetch"
	ReasonProxyGmail    = "mail-proxy-gmail"
	ReasonProxyYahoo    = "mail-proxy-yahoo"
	ReasonProxyApple    = "mail-proxy-apple"
	ReasonProxyOutlook  = "mail-proxy-outlook"
	ReasonProxyOther    = "mail-proxy-other"
	ReasonAICrawler     = "ai-crawler"
	ReasonMonitor       = "monitor"
	ReasonLinkPreview   = "link-preview"
	ReasonSearchCrawler = "search-crawler"
	ReasonSEOCrawler    = "seo-crawler"
	ReasonScanner       = "scanner"
	ReasonKnown         = "ua-known"
	ReasonHeadless      = "headless"
	ReasonLibrary       = "ua-library"
	ReasonLink          = "ua-link"
	ReasonMissing       = "ua-missing"
	ReasonShort         = "ua-short"
	ReasonNoLanguage    = "al-missing"
	ReasonHidden        = "ua-hidden"
	ReasonApp           = "ua-app"
	ReasonUnknown       = "ua-unknown"
)

// Devices, the values of the column device.
const (
	DeviceDesktop = "desktop"
	DeviceMobile  = "mobile"
	DeviceTablet  = "tablet"
	DeviceTV      = "tv"
	DeviceConsole = "console"
	DeviceEReader = "ereader"
	DeviceCar     = "car"
	DeviceBot     = "bot"
)

// Doc explains one value of a column.
type Doc struct {
	Value string
	Class string // of a reason: the class it stands beside
	Text  string
}

// Classes documents the values of client_class.
func Classes() []Doc {
	return []Doc{
		{event.ClassHuman, "", "a browser, a mail client or an application that shows pages to a person"},
		{event.ClassMailProxy, "", "a mail provider that loads images in place of a reader: a person stands behind it, but may not have opened the mail; not a bot"},
		{event.ClassPrefetch, "", "a browser that loads ahead of a visit that may never come"},
		{event.ClassBot, "", "a program: crawler, library, monitor, preview of a link, headless browser"},
		{event.ClassSynthetic, "", "pixelctl itself, which sends X-Pixelctl-Synthetic: 1"},
		{event.ClassUnknown, "", "the request does not tell; neither counted as a person nor as a bot"},
	}
}

// Reasons documents the values of bot_reason, in the order in which they are
// looked for. People have none.
func Reasons() []Doc {
	return []Doc{
		{ReasonSynthetic, event.ClassSynthetic, "the request says that pixelctl sent it"},
		{ReasonPrefetch, event.ClassPrefetch, "Sec-Purpose, Purpose, X-Purpose or X-Moz says prefetch, prerender or preview"},
		{ReasonProxyGmail, event.ClassMailProxy, "Gmail's image proxy"},
		{ReasonProxyYahoo, event.ClassMailProxy, "Yahoo Mail's image proxy and cache"},
		{ReasonProxyApple, event.ClassMailProxy, "Apple's Mail Privacy Protection: the user agent is Mozilla/5.0 and nothing else; a careless script may say the same"},
		{ReasonProxyOutlook, event.ClassMailProxy, "Outlook's image proxy"},
		{ReasonProxyOther, event.ClassMailProxy, "the image proxy of another mail provider"},
		{ReasonAICrawler, event.ClassBot, "a crawler or agent of an AI service"},
		{ReasonMonitor, event.ClassBot, "an uptime check, a speed test or a validator"},
		{ReasonLinkPreview, event.ClassBot, "a messenger or network that previews a link"},
		{ReasonSearchCrawler, event.ClassBot, "the crawler of a search engine"},
		{ReasonSEOCrawler, event.ClassBot, "the crawler of a tool for search rankings"},
		{ReasonScanner, event.ClassBot, "a scanner for weaknesses, or a filter that inspects mail and pages"},
		{ReasonKnown, event.ClassBot, "another program that names itself: feed reader, archiver, advertising check, or a word such as bot, crawler or spider"},
		{ReasonHeadless, event.ClassBot, "a browser without a screen, or one that a program drives"},
		{ReasonLibrary, event.ClassBot, "an HTTP library or command line tool, also one inside an application"},
		{ReasonHidden, event.ClassUnknown, "a CDN has put its own name in place of the client's"},
		{ReasonLink, event.ClassBot, "the user agent holds a link or a mail address, which browsers do not; some feed readers and podcast players do"},
		{ReasonMissing, event.ClassBot, "no user agent"},
		{ReasonShort, event.ClassBot, "a user agent shorter than any browser's"},
		{ReasonApp, event.ClassUnknown, "an application that uses its system's own HTTP client: a person or background work"},
		{ReasonUnknown, event.ClassUnknown, "a user agent that names no browser, no application and no bot that is known"},
		{ReasonNoLanguage, event.ClassBot, "a full browser by its name that sends no Accept-Language; every real one does"},
	}
}
