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

// brand takes the browser's own name. Only a browser that the user agent calls
// Chrome is renamed: the user agent of an application tells more.
func (c *Client) brand(hint string) {
	for hint != "" {
		var item string
		item, hint, _ = strings.Cut(hint, ",")
		item = strings.TrimSpace(item)
		name, release, _ := strings.Cut(strings.TrimPrefix(item, `"`), `"`)
		if name == "HeadlessChrome" {
			c.Class, c.Reason, c.Device = event.ClassBot, ReasonHeadless, DeviceBot
			return
		}
		if own := brandName(name); own != "" && c.Browser == useragent.Chrome {
			c.Browser = own
			if v := version(strings.TrimPrefix(release, `;v="`)); v != "" {
				c.BrowserVersion = v
			}
		}
	}
}

// brandName spells the brands whose browsers may call themselves Chrome in the
// user agent; "" for Chrome itself, Chromium and the made-up one.
func brandName(hint string) string {
	switch hint {
	case "Microsoft Edge":
		return useragent.Edge
	case "Opera", "Opera GX", "Brave", "Vivaldi", "Samsung Internet", "Yandex Browser", "DuckDuckGo", "Whale", "Ecosia", "Android WebView":
		return hint
	case "YaBrowser", "Yandex":
		return "Yandex Browser"
	case "CocCoc":
		return "Coc Coc"
	}
	return ""
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
