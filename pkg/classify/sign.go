package classify

import "pixelctl/pkg/event"

// sign is what a word of the user agent stands for. Where several are found
// the lowest decides: a bot that names a browser is a bot, a mail client that
// names one is a mail client.
type sign uint8

const (
	gmailProxy sign = iota + 1
	yahooProxy
	appleProxy
	outlookProxy
	otherProxy
	mailClient
	aiCrawler
	monitor
	preview
	search
	seo
	scanner
	known
	headless
	library // after all that name themselves: most name their library too
	hidden
	generic // a word that ends in bot, crawler or the like
	link
	app
	browser
	appLib
	nothing // no word is known

	system // an operating system or device: decides nothing
	notBot // a device whose name looks like a bot's
)

// verdict gives class and reason of a sign.
func (s sign) verdict() (class, reason string) {
	v := verdicts[s]
	return v.class, v.reason
}

var verdicts = [...]struct{ class, reason string }{
	gmailProxy:   {event.ClassMailProxy, ReasonProxyGmail},
	yahooProxy:   {event.ClassMailProxy, ReasonProxyYahoo},
	appleProxy:   {event.ClassMailProxy, ReasonProxyApple},
	outlookProxy: {event.ClassMailProxy, ReasonProxyOutlook},
	otherProxy:   {event.ClassMailProxy, ReasonProxyOther},
	mailClient:   {event.ClassHuman, ""},
	aiCrawler:    {event.ClassBot, ReasonAICrawler},
	monitor:      {event.ClassBot, ReasonMonitor},
	preview:      {event.ClassBot, ReasonLinkPreview},
	search:       {event.ClassBot, ReasonSearchCrawler},
	seo:          {event.ClassBot, ReasonSEOCrawler},
	scanner:      {event.ClassBot, ReasonScanner},
	known:        {event.ClassBot, ReasonKnown},
	headless:     {event.ClassBot, ReasonHeadless},
	library:      {event.ClassBot, ReasonLibrary},
	hidden:       {event.ClassUnknown, ReasonHidden},
	generic:      {event.ClassBot, ReasonKnown},
	link:         {event.ClassBot, ReasonLink},
	app:          {event.ClassHuman, ""},
	browser:      {event.ClassHuman, ""},
	appLib:       {event.ClassUnknown, ReasonApp},
	nothing:      {event.ClassUnknown, ReasonUnknown},
}
