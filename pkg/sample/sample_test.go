package sample

import (
	"net/netip"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text                      string
		method, path, query, host string
		header                    map[string]string
		body                      string
	}{
		"url":                   {"https://px.example.com/p.gif?event=view&a=1%20b", "GET", "/p.gif", "event=view&a=1%20b", "px.example.com", nil, ""},
		"path":                  {"/shop/footer.gif?uid=7\n", "GET", "/shop/footer.gif", "uid=7", "", nil, ""},
		"encoded path":          {"https://h/a%2Fb/c.gif", "GET", "/a%2Fb/c.gif", "", "h", nil, ""},
		"curl of Chrome":        {"curl 'https://h/p.gif?x=1' \\\n  -H 'user-agent: Mozilla/5.0 (X)' \\\n  -H 'referer: https://a.example/' --compressed", "GET", "/p.gif", "x=1", "h", map[string]string{"User-Agent": "Mozilla/5.0 (X)", "Referer": "https://a.example/"}, ""},
		"curl with ANSI quotes": {`curl https://h/p.gif --data-raw $'{"a":"it\'s"}' -H 'Content-Type: text/plain'`, "POST", "/p.gif", "", "h", map[string]string{"Content-Type": "text/plain"}, `{"a":"it's"}`},
		"curl form":             {"curl -sS -d a=1 --data-urlencode 'b=x y' -A agent -e https://r/ -b 'c=1; d=2' h/p.gif", "POST", "/p.gif", "", "h", map[string]string{"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "agent", "Referer": "https://r/", "Cookie": "c=1; d=2"}, "a=1&b=x+y"},
		"curl get":              {"curl -G h/p.gif?z=0 -d a=1 -XGET", "GET", "/p.gif", "z=0&a=1", "h", nil, ""},
		"curl head":             {"curl -I --url h/p.gif", "HEAD", "/p.gif", "", "h", nil, ""},
		"curl json":             {`curl --json '{"a":1}' h/p.gif --header=Host:b.example`, "POST", "/p.gif", "", "b.example", map[string]string{"Content-Type": "application/json"}, `{"a":1}`},
		"HTTP":                  {"POST /p.gif?x=1 HTTP/1.1\nHost: h\nUser-Agent: ua\nContent-Length: 999\n\nbody=1\n\nmore", "POST", "/p.gif", "x=1", "h", map[string]string{"User-Agent": "ua"}, "body=1\n\nmore"},
		"HTTP of the wire":      {"GET /p.gif HTTP/2\r\nhost: h\r\nsec-gpc: 1\r\n\r\n", "GET", "/p.gif", "", "h", map[string]string{"Sec-Gpc": "1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := Read(c.text, Options{Peer: netip.MustParseAddr("203.0.113.7"), Time: 5})
			if err != nil {
				t.Fatal(err)
			}
			if r.Method != c.method || r.Path != c.path || r.RawQuery != c.query || r.Host != c.host || string(r.Body) != c.body {
				t.Errorf("got %s %s ? %s at %s with %q", r.Method, r.Path, r.RawQuery, r.Host, r.Body)
			}
			for name, want := range c.header {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
			if r.Time != 5 || r.Peer.String() != "203.0.113.7" || r.ID == "" {
				t.Errorf("got time %d, peer %s, id %q", r.Time, r.Peer, r.ID)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "empty",
		"hello world":                       "no URL",
		"p.gif?x=1":                         "begins with neither https:// nor a path",
		"https://h/%zz":                     "invalid URL escape",
		"curl -s":                           "no address",
		"curl h/p.gif k/p.gif":              "two addresses",
		"curl h -H":                         "-H lacks its value",
		"curl h -H nothing":                 "no name and colon",
		"curl h --form a=b":                 "--form is not understood",
		"curl h -d @body.json":              "file body.json",
		"curl h -b jar.txt":                 "file jar.txt",
		"curl 'h":                           "curl command",
		`curl ^"https://h/p.gif?a=1^&b=2^"`: "copy it as cURL (bash)",
		"curl $(cat /etc/passwd)":           "curl command",
		"GET /%zz HTTP/1.1":                 "HTTP request",
		strings.Repeat("x", MaxText+1):      "longer than",
	} {
		_, err := Read(text, Options{})
		if err == nil || !strings.Contains(err.Error(), want) || fault.KindOf(err) != fault.Usage {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"https://h/p.gif?a=1", "curl -d a=1 h", "POST /p.gif HTTP/1.1\nHost: h\n\nx", "curl $'\\x41' -H a:b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Read(text, Options{})
		if (err == nil) != (r != nil) || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%q: %v", text, err)
		}
	})
}
