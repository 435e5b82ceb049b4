package server

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// nowhere is a Store that takes everything.
type nowhere struct{}

func (nowhere) Append(context.Context, []byte) error { return nil }

// sink is a http.ResponseWriter that costs nothing.
type sink struct {
	header http.Header
	code   int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(code int)        { s.code = code }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }

// browser makes a hit as a browser sends it.
func browser(url string) *http.Request {
	r := httptest.NewRequest("GET", url+"/p.gif?site=shop&event=view&uid=u-4711&url=https%3A%2F%2Fshop.example%2Fproducts%2F42%3Futm_source%3Dnews&title=A+product&utm_campaign=spring&res=1920x1080&rnd=123456", nil)
	r.RequestURI = ""
	for name, value := range map[string]string{
		"User-Agent":      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
		"Accept":          "image/avif,image/webp,image/apng,image/*,*/*;q=0.8",
		"Accept-Language": "en-GB,en;q=0.9,ca;q=0.8", "Referer": "https://shop.example/", "Accept-Encoding": "gzip, deflate, br",
		"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site",
	} {
		r.Header.Set(name, value)
	}
	return r
}

// BenchmarkHandler is one hit without a network or a disk.
func BenchmarkHandler(b *testing.B) {
	h, r, w := New(options(nowhere{})), browser("http://pixel.example"), &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
	if w.code != http.StatusOK {
		b.Fatalf("answered %d", w.code)
	}
}

// BenchmarkHandlerLimited is BenchmarkHandler with a rate limit in between.
func BenchmarkHandlerLimited(b *testing.B) {
	o := options(nowhere{})
	o.RateLimit, o.Clock = 1e9, time.Now
	h, r, w := New(o), browser("http://pixel.example"), &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

// BenchmarkLoopback is one hit over loopback on a connection that stays, without
// a disk; it counts the client's part, too.
func BenchmarkLoopback(b *testing.B) {
	srv := httptest.NewServer(New(options(nowhere{})))
	defer srv.Close()
	client := srv.Client()
	r := browser(srv.URL)
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
