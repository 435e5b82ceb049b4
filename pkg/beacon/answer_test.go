package beacon

import (
	"bytes"
	"encoding/hex"
	"image/gif"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestImage(t *testing.T) {
	out := answer(newRequest(""))
	const want = "47494638396101000100800000000000000000" + "21f9040100000000" + "2c00000000010001000002024401003b"
	if got := hex.EncodeToString(out.Body); got != want {
		t.Errorf("image = %s, want %s", got, want)
	}
	img, err := gif.Decode(bytes.NewReader(out.Body))
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds().Size(); s.X != 1 || s.Y != 1 {
		t.Errorf("size = %v, want 1x1", s)
	}
	if _, _, _, alpha := img.At(0, 0).RGBA(); alpha != 0 {
		t.Errorf("alpha = %d, want transparent", alpha)
	}
}

// Every answer as the host sees it.
func TestAnswers(t *testing.T) {
	tests := []struct {
		name, method, path, query string
		code, records             int
		contentType, status       string
		pixel                     bool
	}{
		{"get", "GET", "/p.gif", "", 200, 1, "image/gif", "recorded", true},
		{"get i", "GET", "/i.gif", "a=b", 200, 1, "image/gif", "recorded", true},
		{"get site", "GET", "/shop/footer.gif", "", 200, 1, "image/gif", "recorded", true},
		{"no image", "GET", "/p.gif", "img=0", 204, 1, "", "recorded", true},
		{"no image, matomo", "GET", "/p.gif", "send_image=0", 204, 1, "", "recorded", true},
		{"image", "GET", "/p.gif", "img=1&send_image=1", 200, 1, "image/gif", "recorded", true},
		{"head", "HEAD", "/p.gif", "", 200, 0, "image/gif", "dropped; reason=head", true},
		{"head, no image", "HEAD", "/p.gif", "img=0", 204, 0, "", "dropped; reason=head", true},
		{"post", "POST", "/p.gif", "img=1", 204, 1, "", "recorded", true},
		{"options", "OPTIONS", "/p.gif", "", 204, 0, "", "dropped; reason=preflight", false},
		{"put", "PUT", "/p.gif", "", 405, 0, "text/plain; charset=utf-8", "dropped; reason=method", true},
		{"no method", "", "/p.gif", "", 405, 0, "text/plain; charset=utf-8", "dropped; reason=method", true},
		{"unknown path", "GET", "/index.html", "", 404, 0, "text/plain; charset=utf-8", "dropped; reason=path", false},
		{"unknown path, any method", "PUT", "/", "", 404, 0, "text/plain; charset=utf-8", "dropped; reason=path", false},
		{"robots", "GET", "/robots.txt", "", 200, 0, "text/plain; charset=utf-8", "", false},
		{"robots head", "HEAD", "/robots.txt", "", 200, 0, "text/plain; charset=utf-8", "", false},
		{"health", "GET", "/health", "", 200, 0, "text/plain; charset=utf-8", "", false},
		{"health post", "POST", "/health", "", 405, 0, "text/plain; charset=utf-8", "dropped; reason=method", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := newRequest(tt.query)
			req.Method, req.Path = tt.method, tt.path
			out := answer(req)
			h := headersOf(out)
			if out.Code != tt.code || len(out.Records) != tt.records || out.Pixel != tt.pixel {
				t.Errorf("code %d, %d records, pixel %v; want %d, %d, %v",
					out.Code, len(out.Records), out.Pixel, tt.code, tt.records, tt.pixel)
			}
			if h["Content-Type"] != tt.contentType || h["X-Pixel-Status"] != tt.status {
				t.Errorf("type %q, status %q; want %q, %q", h["Content-Type"], h["X-Pixel-Status"], tt.contentType, tt.status)
			}
			if refused := tt.status != "" && tt.records == 0; refused != (out.Reason != "") || refused != (out.Dropped == 1) {
				t.Errorf("dropped %d for %q", out.Dropped, out.Reason)
			}
			wantLength := ""
			if tt.contentType != "" {
				wantLength = strconv.Itoa(len(out.Body))
			}
			if h["Content-Length"] != wantLength || (len(out.Body) == 0) != (tt.contentType == "") {
				t.Errorf("length %q with a body of %d", h["Content-Length"], len(out.Body))
			}
			wantID := ""
			if tt.records > 0 {
				wantID = testID
			}
			if h["X-Pixel-Event"] != wantID {
				t.Errorf("X-Pixel-Event = %q, want %q", h["X-Pixel-Event"], wantID)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	want := map[string]string{
		"Content-Type":                 "image/gif",
		"Content-Length":               "43",
		"Cache-Control":                "no-store, no-cache, must-revalidate, private, max-age=0",
		"Pragma":                       "no-cache",
		"Expires":                      "0",
		"Cross-Origin-Resource-Policy": "cross-origin",
		"X-Content-Type-Options":       "nosniff",
		"X-Robots-Tag":                 "noindex",
		"Accept-Ch":                    "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model",
		"Access-Control-Allow-Origin":  "*",
		"X-Pixel-Status":               "recorded",
		"X-Pixel-Event":                testID,
	}
	got := headersOf(answer(newRequest("")))
	if !maps.Equal(got, want) {
		t.Errorf("headers = %v, want %v", got, want)
	}
	for name := range got {
		if c := http.CanonicalHeaderKey(name); c != name {
			t.Errorf("%s is not canonical: %s", name, c)
		}
	}
}

func TestFixedTexts(t *testing.T) {
	for path, want := range map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /\n",
		"/health":     "ok\n",
	} {
		req := newRequest("")
		req.Path = path
		if out := answer(req); string(out.Body) != want {
			t.Errorf("%s = %q, want %q", path, out.Body, want)
		}
	}
}

func TestAllow(t *testing.T) {
	for path, want := range map[string]string{
		"/p.gif": "GET, HEAD, POST, OPTIONS", "/health": "GET, HEAD", "/nothing": "",
	} {
		req := newRequest("")
		req.Method, req.Path = "DELETE", path
		if got := headersOf(answer(req))["Allow"]; got != want {
			t.Errorf("%s: Allow = %q, want %q", path, got, want)
		}
	}
}

func TestCORS(t *testing.T) {
	tests := []struct{ name, origin, allow, credentials, vary string }{
		{"none", "", "*", "", ""},
		{"site", "https://www.example.com:8443", "https://www.example.com:8443", "true", "Origin"},
		{"sandboxed frame", "null", "null", "true", "Origin"},
		{"line break", "https://a.example\r\nSet-Cookie: a=b", "*", "", ""},
		{"blank", "https://a.example b", "*", "", ""},
		{"not ASCII", "https://ä.example", "*", "", ""},
		{"bad UTF-8", "https://\xff.example", "*", "", ""},
		{"NUL", "https://a\x00.example", "*", "", ""},
		{"too long", "https://" + strings.Repeat("a", 512), "*", "", ""},
	}
	for _, tt := range tests {
		for _, method := range []string{"GET", "POST", "OPTIONS", "HEAD", "PUT"} {
			t.Run(tt.name+" "+method, func(t *testing.T) {
				req := newRequest("")
				req.Method, req.Header = method, http.Header{"Origin": {tt.origin}}
				h := headersOf(answer(req))
				got := [3]string{h["Access-Control-Allow-Origin"], h["Access-Control-Allow-Credentials"], h["Vary"]}
				if want := [3]string{tt.allow, tt.credentials, tt.vary}; got != want {
					t.Errorf("origin, credentials, vary = %q, want %q", got, want)
				}
			})
		}
	}
}

func TestPreflight(t *testing.T) {
	req := newRequest("")
	req.Method = "OPTIONS"
	req.Header = http.Header{"Origin": {"https://a.example"}, "Access-Control-Request-Method": {"POST"}}
	h := headersOf(answer(req))
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":  "https://a.example",
		"Access-Control-Allow-Methods": "GET, POST, OPTIONS",
		"Access-Control-Allow-Headers": "Content-Type",
		"Access-Control-Max-Age":       "3600",
	} {
		if h[name] != want {
			t.Errorf("%s = %q, want %q", name, h[name], want)
		}
	}
}

func TestDrop(t *testing.T) {
	tests := []struct{ name, reason, status string }{
		{"reason", "storage", "dropped; reason=storage"},
		{"unclean reason", "a\r\nb: c", "dropped; reason=unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := answer(newRequest("site=a"))
			out.Drop(tt.reason)
			h := headersOf(out)
			if h["X-Pixel-Status"] != tt.status || h["X-Pixel-Event"] != "" {
				t.Errorf("status %q, event %q; want %q and none", h["X-Pixel-Status"], h["X-Pixel-Event"], tt.status)
			}
			if out.Code != 200 || len(out.Body) != 43 || len(out.Records) != 0 || out.Dropped != 1 {
				t.Errorf("code %d, body %d, records %d, dropped %d", out.Code, len(out.Body), len(out.Records), out.Dropped)
			}
		})
	}
}

func TestUncleanID(t *testing.T) {
	req := newRequest("")
	req.ID = "a\r\nb"
	if id, ok := headersOf(answer(req))["X-Pixel-Event"]; ok {
		t.Errorf("X-Pixel-Event = %q, want none", id)
	}
}

// A reused result keeps nothing of the answer before.
func TestReuse(t *testing.T) {
	b, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out Result
	requests := []*Request{
		newPost("site=q", "application/json", "["+strings.Repeat(`{"a":"1"},`, 30)+`{"b":"2"}]`),
		newRequest("site=a&uid=u&x=1&y=2&value=3&res=10x20&img=0"),
		{Method: "OPTIONS", Path: "/p.gif", Header: http.Header{"Origin": {"https://a.example"}}},
		{Method: "PUT", Path: "/p.gif"},
		newPost("", "", strings.Repeat("k=v&", MaxBody)),
		{Method: "GET", Path: "/health"},
	}
	for _, req := range requests {
		b.Answer(req, &out)
		b.Answer(newRequest("z=1"), &out)
		fresh := answer(newRequest("z=1"))
		got, want := row(t, &out.Records[0]), row(t, &fresh.Records[0])
		delete(want, "collector")
		delete(got, "collector")
		check(t, got, want)
		if len(got) != len(want) || len(out.Records) != 1 {
			t.Errorf("after %s: %v, want %v", req.Method, got, want)
		}
		if g, w := headersOf(&out), headersOf(fresh); !maps.Equal(g, w) {
			t.Errorf("after %s: headers %v, want %v", req.Method, g, w)
		}
	}
}
