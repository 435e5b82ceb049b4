package classify

import "pixelctl/pkg/event"

// reasonClasses are all reasons, each with the class that it stands beside.
func reasonClasses() map[string]string {
	return map[string]string{
		ReasonSynthetic:     event.ClassSynthetic,
		ReasonPrefetch:      event.ClassPrefetch,
		ReasonProxyGmail:    event.ClassMailProxy,
		ReasonProxyYahoo:    event.ClassMailProxy,
		ReasonProxyApple:    event.ClassMailProxy,
		ReasonProxyOutlook:  event.ClassMailProxy,
		ReasonProxyOther:    event.ClassMailProxy,
		ReasonAICrawler:     event.ClassBot,
		ReasonMonitor:       event.ClassBot,
		ReasonLinkPreview:   event.ClassBot,
		ReasonSearchCrawler: event.ClassBot,
		ReasonSEOCrawler:    event.ClassBot,
		ReasonScanner:       event.ClassBot,
		ReasonKnown:         event.ClassBot,
		ReasonHeadless:      event.ClassBot,
		ReasonLibrary:       event.ClassBot,
		ReasonHidden:        event.ClassUnknown,
		ReasonLink:          event.ClassBot,
		ReasonMissing:       event.ClassBot,
		ReasonShort:         event.ClassBot,
		ReasonApp:           event.ClassUnknown,
		ReasonUnknown:       event.ClassUnknown,
		ReasonNoLanguage:    event.ClassBot,
	}
}

func classes() map[string]bool {
	return map[string]bool{
		event.ClassHuman: true, event.ClassMailProxy: true, event.ClassPrefetch: true,
		event.ClassBot: true, event.ClassSynthetic: true, event.ClassUnknown: true,
	}
}
