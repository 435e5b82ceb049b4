package privacy_test

import (
	"strings"
	"testing"

	"pixelctl/pkg/privacy"
)

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, path, origin string }{
		{"https://a.example/b/c?d=e#f", "https://a.example/b/c", "https://a.example/"},
		{"https://a.example:8443/b#f?d", "https://a.example:8443/b", "https://a.example:8443/"},
		{"https://a.example", "https://a.example", "https://a.example/"},
		{"https://a.example?d=e", "https://a.example", "https://a.example/"},
		{"https://a.example#d", "https://a.example", "https://a.example/"},
		{"https://anna:pw@a.example/b?c", "https://a.example/b", "https://a.example/"},
		{"https://x@y@a.example/b@c", "https://a.example/b@c", "https://a.example/"},
		{"//a.example/b?c", "//a.example/b", "//a.example/"},
		{"/b/c?d", "/b/c", ""},
		{"/b\n?anna", "/b\n", ""},
		{"android-app://com.example.mail/", "android-app://com.example.mail/", "android-app://com.example.mail/"},
		{"https://[2001:db8::1]:80/b?c", "https://[2001:db8::1]:80/b", "https://[2001:db8::1]:80/"},
		{"file:///home/anna", "file:///home/anna", ""},
		{"mailto:anna@a.example", "", ""},
		{"mailto:anna@a.example?cc=//b", "", ""},
		{"about:blank", "", ""},
		{"data:text/html,//anna", "", ""},
		{"anna", "", ""},
		{"anna//b", "", ""},
		{"?q=anna", "", ""},
		{"?//anna/", "", ""},
		{"#//anna", "", ""},
		{"", "", ""},
	} {
		if got := privacy.WithoutQuery(c.url); got != c.path {
			t.Errorf("%s without query: got %q, want %q", c.url, got, c.path)
		}
		if got := privacy.OriginOf(c.url); got != c.origin {
			t.Errorf("origin of %s: got %q, want %q", c.url, got, c.origin)
		}
	}
}

func FuzzURLs(f *testing.F) {
	f.Add("https://anna@a.example/b?c#d")
	f.Add("//a/b")
	f.Add("?//x")
	f.Fuzz(func(t *testing.T, url string) {
		path, origin := privacy.WithoutQuery(url), privacy.OriginOf(url)
		if strings.ContainsAny(path+origin, "?#") {
			t.Errorf("%q: %q, %q", url, path, origin)
		}
		if privacy.WithoutQuery(path) != path {
			t.Errorf("%q: %q is cut again", url, path)
		}
		if origin != "" && (privacy.OriginOf(origin) != origin || strings.Contains(origin, "@")) {
			t.Errorf("%q: %q is cut again", url, origin)
		}
		if len(path) > len(url) || len(origin) > len(url)+1 {
			t.Errorf("%q grew: %q, %q", url, path, origin)
		}
	})
}
