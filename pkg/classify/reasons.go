package classify

// Reasons, the values of the column bot_reason. The list is closed. People have
// none.
const (
	ReasonSynthetic     = "synthetic"          // the request says that pixelctl sent it
	ReasonPrefetch      = "prefetch"           // Sec-Purpose, Purpose, X-Purpose or X-Moz says prefetch, prerender or preview
	ReasonProxyGmail    = "mail-proxy-gmail"   // Gmail's image proxy
	ReasonProxyYahoo    = "mail-proxy-yahoo"   // Yahoo Mail's image proxy and cache
	ReasonProxyApple    = "mail-proxy-apple"   // Apple's Mail Privacy Protection: the user agent is Mozilla/5.0 and nothing else; a careless script may say the same
	ReasonProxyOutlook  = "mail-proxy-outlook" // Outlook's image proxy
	ReasonProxyOther    = "mail-proxy-other"   // the image proxy of another mail provider
	ReasonAICrawler     = "ai-crawler"         // a crawler or agent of an AI service
	ReasonMonitor       = "monitor"            // an uptime check, a speed test or a validator
	ReasonLinkPreview   = "link-preview"       // a messenger or network that previews a link
	ReasonSearchCrawler = "search-crawler"     // the crawler of a search engine
	ReasonSEOCrawler    = "seo-crawler"        // the crawler of a tool for search rankings
	ReasonScanner       = "scanner"            // a scanner for weaknesses, or a filter that inspects mail and pages
	ReasonKnown         = "ua-known"           // another program that names itself: feed reader, archiver, advertising check, or a word such as bot, crawler or spider
	ReasonHeadless      = "headless"           // a browser without a screen, or one that a program drives
	ReasonLibrary       = "ua-library"         // an HTTP library or command line tool, also one inside an application
	ReasonLink          = "ua-link"            // the user agent holds a link or a mail address, which browsers do not; some feed readers and podcast players do
	ReasonMissing       = "ua-missing"         // no user agent
	ReasonShort         = "ua-short"           // a user agent shorter than any browser's
	ReasonNoLanguage    = "al-missing"         // a full browser by its name that sends no Accept-Language; every real one does
	ReasonHidden        = "ua-hidden"          // a CDN has put its own name in place of the client's
	ReasonApp           = "ua-app"             // an application that uses its system's own HTTP client: a person or background work
	ReasonUnknown       = "ua-unknown"         // a user agent that names no browser, no application and no bot that is known
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
