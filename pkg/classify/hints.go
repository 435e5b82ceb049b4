package classify

import (
	"strings"

	"github.com/mileusna/useragent"

	"pixelctl/pkg/event"
)

// refine corrects what Chromium's frozen user agent says by its client hints.
// Brand, platform and mobile come unasked; the rest only where the page
// delegates them.
func (c *Client) refine(h Headers) {
	c.brand(h.Get("Sec-Ch-Ua"))
	platform := unquote(h.Get("Sec-Ch-Ua-Platform"))
	release := unquote(h.Get("Sec-Ch-Ua-Platform-Version"))
	if os := platformName(platform); os != "" {
		if os != c.OS {
			c.OS, c.OSVersion = os, ""
		}
		if release != "" {
			c.OSVersion = platformRelease(os, release)
		}
	}
	switch h.Get("Sec-Ch-Ua-Mobile") {
	case "?1":
		if c.Device == DeviceDesktop || c.Device == "" {
			c.Device = DeviceMobile
		}
	case "?0":
		if c.Device == DeviceMobile && c.OS == useragent.Android {
			c.Device = DeviceTablet
		}
	}
	if model := h.Get("Sec-Ch-Ua-Model"); c.Device == DeviceMobile && hasFold(model, "tab") {
		c.Device = DeviceTablet // Galaxy Tab, Lenovo Tab, MatePad's siblings
	}
}

// brands are the names in Sec-CH-UA that the user agent may not hold.
var brands = [...]struct{ hint, name string }{
	{`"Microsoft Edge"`, useragent.Edge},
	{`"Opera"`, useragent.Opera},
	{`"Opera GX"`, "Opera GX"},
	{`"Brave"`, "Brave"},
	{`"Vivaldi"`, useragent.Vivaldi},
	{`"Samsung Internet"`, "Samsung Internet"},
	{`"YaBrowser"`, "Yandex Browser"},
	{`"Yandex"`, "Yandex Browser"},
	{`"DuckDuckGo"`, "DuckDuckGo"},
	{`"Whale"`, "Whale"},
	{`"CocCoc"`, "Coc Coc"},
	{`"Ecosia"`, "Ecosia"},
	{`"Android WebView"`, "Android WebView"},
}

// brand takes the browser's own name. Only a browser that the user agent calls
// Chrome is renamed: the user agent of an application tells more.
func (c *Client) brand(hint string) {
	if hint == "" {
		return
	}
	if strings.Contains(hint, `"HeadlessChrome"`) {
		c.Class, c.Reason, c.Device = event.ClassBot, ReasonHeadless, DeviceBot
		return
	}
	if c.Browser != useragent.Chrome {
		return
	}
	for _, b := range brands {
		if i := strings.Index(hint, b.hint); i >= 0 {
			c.Browser = b.name
			if v := version(strings.TrimPrefix(hint[i+len(b.hint):], `;v="`)); v != "" {
				c.BrowserVersion = v
			}
			return
		}
	}
}

// platformName gives the system's name as the rest of the package spells it.
func platformName(hint string) string {
	switch hint {
	case "Windows", "Android", "Linux", "iOS", "macOS":
		return hint
	case "Chrome OS", "Chromium OS":
		return useragent.ChromeOS
	}
	return ""
}

// platformRelease reads Sec-CH-UA-Platform-Version. On Windows it counts
// releases of the API contract: 13 and above is Windows 11, 1 to 10 is 10, and
// 0.1 to 0.3 are 7, 8 and 8.1 (Microsoft's table for the hint).
func platformRelease(os, hint string) string {
	v := version(hint)
	if os != useragent.Windows {
		return v
	}
	major, minor, _ := strings.Cut(v, ".")
	switch {
	case major == "0" && strings.HasPrefix(minor, "1"):
		return "7"
	case major == "0" && strings.HasPrefix(minor, "2"):
		return "8"
	case major == "0" && strings.HasPrefix(minor, "3"):
		return "8.1"
	case major == "" || major == "0":
		return ""
	case len(major) == 1 || major == "10":
		return "10"
	case len(major) == 2 && major >= "13":
		return "11"
	}
	return ""
}

func unquote(s string) string { return strings.Trim(s, `" `) }

// hasFold reports whether s holds a word of lower-case letters, in any case.
func hasFold(s, word string) bool {
	for i := 0; i+len(word) <= min(len(s), agentLimit); i++ {
		if strings.EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}
