package classify

import (
	"strings"

	"github.com/mileusna/useragent"
)

// read fills browser, system and device of a client that people use. What the
// tables have named stays.
func (c *Client) read(f *finding) {
	if c.readPlain(f) {
		return
	}
	c.readRare(f)
}

// readRare lets the library read what has another form.
func (c *Client) readRare(f *finding) {
	ua := useragent.Parse(f.raw)
	switch {
	case c.Browser == "" || f.sign == appLib:
		c.Browser, c.BrowserVersion = f.browserName(&ua)
	case c.Browser == useragent.Opera:
		c.Browser, c.BrowserVersion = f.opera(c.BrowserVersion)
	}
	c.OS, c.OSVersion = f.systemName(&ua)
	c.Device = f.deviceOf(c.OS, &ua)
}

// opera reads the true version, which Opera 10 to 12 and Opera Mini tell
// behind another word.
func (f *finding) opera(stated string) (name, release string) {
	if v := f.after("opera mini"); v != "" {
		return useragent.OperaMini, v
	}
	if v := f.after("version"); stated == "9.80" && v != "" {
		return useragent.Opera, v
	}
	return useragent.Opera, stated
}

// browserName names a browser that the tables do not know by a word.
func (f *finding) browserName(ua *useragent.UserAgent) (name, release string) {
	switch {
	case f.marks&markOldEngine != 0 && strings.Contains(f.lower, "trident/"), ua.Name == useragent.InternetExplorer:
		return "Internet Explorer", f.explorer(ua)
	case f.sign == appLib:
		return f.product()
	case f.marks&(markApple|markWebKit|markSafari|markChrome) == markApple|markWebKit:
		if strings.Contains(f.lower, "macintosh") {
			return "Apple Mail", ""
		}
		return "iOS WebView", ""
	case f.marks&markWebView != 0 && (ua.Name == useragent.Chrome || f.foreign(ua.Name)):
		return "Android WebView", f.after("chrome")
	case ua.Name == useragent.Safari, f.foreign(ua.Name):
		return f.engine()
	}
	return strings.TrimSuffix(ua.Name, " App"), version(ua.Version)
}

// foreign reports whether the library took something else for a name: the
// whole user agent, a telephone, a system, words without a version.
func (f *finding) foreign(name string) bool {
	if name == "" || len(name) > 32 || name == "Gecko" || name == "Build" {
		return true
	}
	if !strings.Contains(f.raw, name) || name == useragent.OperaMini {
		return false // the library's own spelling
	}
	p, ok := findPerson(lower(name))
	return ok && p.sign == system || strings.ContainsAny(name, " ,;") || !strings.Contains(f.raw, name+"/")
}

// engine names the browser whose engine a nameless one uses.
func (f *finding) engine() (name, release string) {
	switch {
	case f.marks&markChrome != 0:
		return useragent.Chrome, f.after("chrome")
	case f.marks&markFirefox != 0:
		return useragent.Firefox, f.after("firefox")
	case f.marks&markSafari != 0:
		return useragent.Safari, f.after("version")
	}
	return "", ""
}

// explorer reads the true version of Internet Explorer from its engine: in
// compatibility view the other number is a lie.
func (f *finding) explorer(ua *useragent.UserAgent) string {
	switch f.after("trident") {
	case "4.0":
		return "8.0"
	case "5.0":
		return "9.0"
	case "6.0":
		return "10.0"
	case "7.0", "8.0":
		return "11.0"
	}
	return version(ua.Version)
}

// after gives the version behind a word of the user agent.
func (f *finding) after(word string) string {
	i := strings.Index(f.lower, word+"/")
	if i < 0 {
		return ""
	}
	return versionAfter(f.raw, i+len(word))
}

// product gives the name with which an application's user agent begins.
func (f *finding) product() (name, release string) {
	i := strings.IndexByte(f.raw, '/')
	if i <= 0 || i > 32 {
		return "", ""
	}
	return f.raw[:i], versionAfter(f.raw, i)
}

// systemName names the system. A word of the tables comes first: Tizen and
// webOS also say Linux.
func (f *finding) systemName(ua *useragent.UserAgent) (name, release string) {
	android := f.marks&markAndroid != 0
	switch {
	case f.os != "":
		if f.osVersion == "" && ua.OS == f.os {
			return f.os, version(ua.OSVersion)
		}
		return f.os, f.osVersion
	case ua.OS == useragent.Android && !android: // Samsung's browser, which is on Windows too
		return f.namelessSystem()
	case ua.OS == "", android && ua.OS != useragent.Android && ua.OS != useragent.IOS:
		return f.namelessSystem()
	}
	return ua.OS, f.release(ua)
}

// release gives the version of a system that the library knows.
func (f *finding) release(ua *useragent.UserAgent) string {
	switch ua.OS {
	case useragent.Windows:
		return windows(version(ua.OSVersion))
	case useragent.ChromeOS: // CrOS x86_64 14541.0.0
		_, rest, _ := strings.Cut(f.lower, "cros ")
		_, rest, _ = strings.Cut(rest, " ")
		return version(rest)
	case useragent.Linux:
		return "" // what stands there is the processor
	}
	return version(ua.OSVersion)
}

// namelessSystem finds a system in a form that the library does not read.
func (f *finding) namelessSystem() (name, release string) {
	if _, rest, ok := strings.Cut(f.lower, "android"); ok && f.marks&markAndroid != 0 {
		return useragent.Android, versionAfter(rest, 0)
	}
	if _, rest, ok := strings.Cut(f.lower, "windows "); ok {
		return useragent.Windows, windows(version(strings.TrimPrefix(rest, "nt ")))
	}
	switch {
	case strings.Contains(f.lower, "windows"):
		return useragent.Windows, ""
	case strings.Contains(f.lower, "mac os"):
		return useragent.MacOS, ""
	case strings.Contains(f.lower, "samsungbrowser"): // its desktop view says Linux
		return useragent.Android, ""
	}
	return "", ""
}

// windows turns the version of the kernel into the one that people know.
// Browsers freeze it at 10.0, so that 10 also stands for 11 where the client
// hint is missing.
func windows(kernel string) string {
	if strings.HasPrefix(kernel, "10.0.") { // with the build
		return "10"
	}
	switch kernel {
	case "10.0":
		return "10"
	case "6.3":
		return "8.1"
	case "6.2":
		return "8"
	case "6.1":
		return "7"
	case "6.0":
		return "Vista"
	case "5.1", "5.2":
		return "XP"
	case "5.0":
		return "2000"
	}
	return kernel
}

// deviceOf tells the kind of device.
func (f *finding) deviceOf(os string, ua *useragent.UserAgent) string {
	if f.device != "" {
		return f.device
	}
	switch os {
	case useragent.Android, "HarmonyOS", "Tizen", "webOS":
		// Chrome and Firefox say Mobile on telephones only; applications say neither.
		if f.marks&engines != 0 && f.marks&markMobile == 0 {
			return DeviceTablet
		}
		return DeviceMobile
	case useragent.IOS:
		if strings.Contains(f.lower, "ipad") {
			return DeviceTablet
		}
		return DeviceMobile
	case useragent.Windows, useragent.MacOS, useragent.Linux, useragent.ChromeOS, useragent.FreeBSD:
		return DeviceDesktop
	}
	switch {
	case ua.Tablet || f.marks&markTablet != 0:
		return DeviceTablet
	case ua.Mobile || f.marks&markMobile != 0:
		return DeviceMobile
	case ua.Desktop:
		return DeviceDesktop
	}
	return ""
}
