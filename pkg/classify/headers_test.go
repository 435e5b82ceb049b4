package classify

import (
	"net/http"
	"testing"

	"pixelctl/pkg/event"
)

const (
	windowsChrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
	androidChrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
	linuxChrome   = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
	macChrome     = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
	firefox       = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
	outlook       = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.17928; ms-office; MSOffice 16)"
	gmailsProxy   = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
	facebookApp   = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21E236 [FBAN/FBIOS;FBAV/459.0.0.33.107]"
)

// headers makes request headers of names and values.
func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestClassByHeader(t *testing.T) {
	for name, tt := range map[string]struct {
		ua            string
		h             Headers
		class, reason string
	}{
		"synthetic":               {windowsChrome, headers("X-Pixelctl-Synthetic", "1", "Accept-Language", "en"), event.ClassSynthetic, ReasonSynthetic},
		"synthetic bot":           {"curl/8.14.1", headers("X-Pixelctl-Synthetic", "1"), event.ClassSynthetic, ReasonSynthetic},
		"synthetic and prefetch":  {windowsChrome, headers("X-Pixelctl-Synthetic", "1", "Sec-Purpose", "prefetch"), event.ClassSynthetic, ReasonSynthetic},
		"synthetic 0":             {windowsChrome, headers("X-Pixelctl-Synthetic", "0", "Accept-Language", "en"), event.ClassHuman, ""},
		"Sec-Purpose":             {windowsChrome, headers("Sec-Purpose", "prefetch", "Accept-Language", "en"), event.ClassPrefetch, ReasonPrefetch},
		"prerender":               {windowsChrome, headers("Sec-Purpose", "prefetch;prerender", "Accept-Language", "en"), event.ClassPrefetch, ReasonPrefetch},
		"Purpose":                 {windowsChrome, headers("Purpose", "prefetch", "Accept-Language", "en"), event.ClassPrefetch, ReasonPrefetch},
		"X-Purpose":               {windowsChrome, headers("X-Purpose", "preview", "Accept-Language", "en"), event.ClassPrefetch, ReasonPrefetch},
		"X-Moz":                   {firefox, headers("X-Moz", "Prefetch", "Accept-Language", "en"), event.ClassPrefetch, ReasonPrefetch},
		"another purpose":         {windowsChrome, headers("Purpose", "buy", "Accept-Language", "en"), event.ClassHuman, ""},
		"prefetch without words":  {"", headers("Purpose", "prefetch"), event.ClassPrefetch, ReasonPrefetch},
		"no language, Chrome":     {windowsChrome, headers(), event.ClassBot, ReasonNoLanguage},
		"no language, Firefox":    {firefox, headers(), event.ClassBot, ReasonNoLanguage},
		"no language, mail":       {outlook, headers(), event.ClassHuman, ""},
		"no language, proxy":      {gmailsProxy, headers(), event.ClassMailProxy, ReasonProxyGmail},
		"no language, Apple":      {"Mozilla/5.0", headers(), event.ClassMailProxy, ReasonProxyApple},
		"no language, view":       {facebookApp, headers(), event.ClassHuman, ""},
		"no language, library":    {"curl/8.14.1", headers(), event.ClassBot, ReasonLibrary},
		"language":                {firefox, headers("Accept-Language", "de-CH"), event.ClassHuman, ""},
		"headers unknown":         {firefox, nil, event.ClassHuman, ""},
		"nothing":                 {"", headers(), event.ClassBot, ReasonMissing},
		"blanks":                  {"   ", nil, event.ClassBot, ReasonMissing},
		"headless by brand":       {windowsChrome, headers("Sec-CH-UA", `"HeadlessChrome";v="141", "Chromium";v="141"`, "Accept-Language", "en"), event.ClassBot, ReasonHeadless},
		"hints do not clear bots": {"curl/8.14.1", headers("Sec-CH-UA", `"Google Chrome";v="141"`, "Accept-Language", "en"), event.ClassBot, ReasonLibrary},
	} {
		if c := Classify(tt.ua, tt.h); c.Class != tt.class || c.Reason != tt.reason {
			t.Errorf("%s: %s %q, want %s %q", name, c.Class, c.Reason, tt.class, tt.reason)
		}
	}
}

// A class by header keeps what the user agent says.
func TestHeaderKeepsTheClient(t *testing.T) {
	c := Classify(windowsChrome, headers("Sec-Purpose", "prefetch"))
	if c.Browser != "Chrome" || c.BrowserVersion != "141.0.0.0" || c.OS != "Windows" || c.Device != DeviceDesktop {
		t.Errorf("%+v", c)
	}
}

func TestClientHints(t *testing.T) {
	for name, tt := range map[string]struct {
		ua                  string
		h                   http.Header
		browser, os, device string
	}{
		"Windows 11":          {windowsChrome, headers("Sec-CH-UA-Platform", `"Windows"`, "Sec-CH-UA-Platform-Version", `"15.0.0"`), "Chrome 141.0.0.0", "Windows 11", DeviceDesktop},
		"Windows 11, oldest":  {windowsChrome, headers("Sec-CH-UA-Platform", `"Windows"`, "Sec-CH-UA-Platform-Version", `"13.0.0"`), "Chrome 141.0.0.0", "Windows 11", DeviceDesktop},
		"Windows 10":          {windowsChrome, headers("Sec-CH-UA-Platform", `"Windows"`, "Sec-CH-UA-Platform-Version", `"10.0.0"`), "Chrome 141.0.0.0", "Windows 10", DeviceDesktop},
		"Windows 8.1":         {windowsChrome, headers("Sec-CH-UA-Platform", `"Windows"`, "Sec-CH-UA-Platform-Version", `"0.3.0"`), "Chrome 141.0.0.0", "Windows 8.1", DeviceDesktop},
		"Windows unsaid":      {windowsChrome, headers("Sec-CH-UA-Platform", `"Windows"`), "Chrome 141.0.0.0", "Windows 10", DeviceDesktop},
		"macOS":               {macChrome, headers("Sec-CH-UA-Platform", `"macOS"`, "Sec-CH-UA-Platform-Version", `"15.6.1"`), "Chrome 141.0.0.0", "macOS 15.6.1", DeviceDesktop},
		"Android":             {androidChrome, headers("Sec-CH-UA-Platform", `"Android"`, "Sec-CH-UA-Platform-Version", `"16.0.0"`, "Sec-CH-UA-Mobile", "?1"), "Chrome 141.0.0.0", "Android 16.0.0", DeviceMobile},
		"Android as a desk":   {linuxChrome, headers("Sec-CH-UA-Platform", `"Android"`, "Sec-CH-UA-Mobile", "?1"), "Chrome 141.0.0.0", "Android", DeviceMobile},
		"tablet by mobile":    {androidChrome, headers("Sec-CH-UA-Platform", `"Android"`, "Sec-CH-UA-Mobile", "?0"), "Chrome 141.0.0.0", "Android 10", DeviceTablet},
		"tablet by model":     {androidChrome, headers("Sec-CH-UA-Mobile", "?1", "Sec-CH-UA-Model", `"Lenovo Tab P11"`), "Chrome 141.0.0.0", "Android 10", DeviceTablet},
		"Chrome OS":           {linuxChrome, headers("Sec-CH-UA-Platform", `"Chrome OS"`, "Sec-CH-UA-Platform-Version", `"16328.55.0"`), "Chrome 141.0.0.0", "ChromeOS 16328.55.0", DeviceDesktop},
		"Brave":               {macChrome, headers("Sec-CH-UA", `"Brave";v="141", "Not?A_Brand";v="8", "Chromium";v="141"`), "Brave 141", "macOS 10.15.7", DeviceDesktop},
		"Chrome itself":       {macChrome, headers("Sec-CH-UA", `"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"`), "Chrome 141.0.0.0", "macOS 10.15.7", DeviceDesktop},
		"brand without end":   {macChrome, headers("Sec-CH-UA", `"Brave"`), "Brave 141.0.0.0", "macOS 10.15.7", DeviceDesktop},
		"unknown platform":    {linuxChrome, headers("Sec-CH-UA-Platform", `"Fuchsia"`), "Chrome 141.0.0.0", "Linux", DeviceDesktop},
		"Firefox sends none":  {firefox, headers("Sec-CH-UA-Platform", `"Windows"`), "Firefox 144.0", "Linux", DeviceDesktop},
		"nonsense of version": {windowsChrome, headers("Sec-CH-UA-Platform", `"Windows"`, "Sec-CH-UA-Platform-Version", `"eleven"`), "Chrome 141.0.0.0", "Windows", DeviceDesktop},
	} {
		tt.h.Set("Accept-Language", "en")
		c := Classify(tt.ua, tt.h)
		if b, os := join(c.Browser, c.BrowserVersion), join(c.OS, c.OSVersion); b != tt.browser || os != tt.os || c.Device != tt.device || c.Class != event.ClassHuman {
			t.Errorf("%s: %q on %q, %s %s, want %q on %q, %s", name, b, os, c.Device, c.Class, tt.browser, tt.os, tt.device)
		}
	}
}
