package classify

import (
	"strings"

	"github.com/mileusna/useragent"
)

// readPlain fills browser, system and device where the user agent has the form
// that nearly all browsers share, and reports whether it has. It spares most
// hits the library, which costs more than all else.
func (c *Client) readPlain(f *finding) bool {
	os, release := f.plainSystem()
	if os == "" || f.sign == appLib {
		return false
	}
	name, stated := c.Browser, c.BrowserVersion
	if name == "" {
		name, stated = f.plainBrowser()
	}
	switch name {
	case "":
		return false
	case useragent.Opera:
		name, stated = f.opera(stated)
	}
	switch {
	case f.os == os && f.osVersion != "", f.os != "" && f.os != os:
		os, release = f.os, f.osVersion
	}
	c.Browser, c.BrowserVersion, c.OS, c.OSVersion = name, stated, os, release
	c.Device = f.deviceOf(os, &useragent.UserAgent{})
	return true
}

// plainSystem reads the system that stands first in the brackets.
func (f *finding) plainSystem() (name, release string) {
	rest, ok := strings.CutPrefix(f.lower, "mozilla/5.0 (")
	if !ok {
		return "", ""
	}
	android := f.marks&markAndroid != 0
	if v, ok := strings.CutPrefix(rest, "linux; android "); ok && version(v) != "" {
		return useragent.Android, version(v)
	}
	if v, ok := strings.CutPrefix(rest, "iphone; cpu iphone os "); ok {
		return useragent.IOS, underscored(v)
	}
	if v, ok := strings.CutPrefix(rest, "ipad; cpu os "); ok {
		return useragent.IOS, underscored(v)
	}
	if v, ok := strings.CutPrefix(rest, "windows nt "); ok && !android {
		return useragent.Windows, windows(version(v))
	}
	if v, ok := strings.CutPrefix(rest, "macintosh; intel mac os x "); ok && !android {
		return useragent.MacOS, underscored(v)
	}
	if strings.HasPrefix(rest, "x11; linux ") && !android && f.name != "Samsung Internet" { // which says so on Android
		return useragent.Linux, ""
	}
	return "", ""
}

// underscored reads Apple's 10_15_7.
func underscored(s string) string {
	i := 0
	for i < len(s) && (s[i] == '_' || s[i] == '.' || '0' <= s[i] && s[i] <= '9') {
		i++
	}
	return version(strings.ReplaceAll(s[:i], "_", "."))
}

// plainBrowser names a browser that says nothing but its own name beside those
// that all say. Another product may be the true one: the library finds it.
func (f *finding) plainBrowser() (name, release string) {
	if f.more || f.marks&markOldEngine != 0 {
		return "", ""
	}
	switch {
	case f.marks&markEdge != 0:
		return f.firstOf("opr", useragent.Opera, "edg", useragent.Edge, "edga", useragent.Edge, "edgios", useragent.Edge, "edge", useragent.Edge)
	case f.marks&markFirefox != 0:
		return f.firstOf("fxios", useragent.Firefox, "firefox", useragent.Firefox)
	case f.marks&markWebView != 0:
		return f.firstOf("chrome", "Android WebView")
	case f.marks&markChrome != 0:
		return f.firstOf("crios", useragent.Chrome, "chrome", useragent.Chrome)
	case f.marks&markSafari != 0:
		return f.firstOf("version", useragent.Safari)
	}
	return "", ""
}

// firstOf takes words and the names they stand for, and gives the name of the
// first that has a version.
func (f *finding) firstOf(pairs ...string) (name, release string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := f.after(pairs[i]); v != "" {
			return pairs[i+1], v
		}
	}
	return "", ""
}
