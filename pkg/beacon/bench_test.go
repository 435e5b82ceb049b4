package beacon

import (
	"net/http"
	"strings"
	"testing"

	"pixelctl/pkg/spec"
)

// typical is a hit as a browser sends it from a page with the js snippet.
func typical() *Request {
	req := newRequest("site=shop&event=view&uid=u-1842&label=footer&title=Summer%20sale%20%E2%80%93%20Example&" +
		"url=https%3A%2F%2Fwww.example.com%2Fsale%2Fshoes%3Futm_source%3Dnewsletter%26utm_medium%3Demail%26utm_campaign%3Djuly&" +
		"ref=https%3A%2F%2Fwww.google.com%2F&res=1920x1080&ts=1783242611000&plan=pro&rnd=8372645")
	req.Header = http.Header{
		"User-Agent":      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"},
		"Referer":         {"https://www.example.com/" + strings.Repeat("section/", 34)},
		"Accept-Language": {"de-DE,de;q=0.9,en;q=0.8"},
		"Accept-Encoding": {"gzip, deflate, br"},
	}
	return req
}

func benchAnswer(b *testing.B, req *Request, encode bool) {
	beacon, err := New(Options{Collector: "pixelctl/1.2 local"})
	if err != nil {
		b.Fatal(err)
	}
	var out Result
	var line []byte
	b.ReportAllocs()
	for b.Loop() {
		beacon.Answer(req, &out)
		if !encode {
			continue
		}
		line = line[:0]
		for i := range out.Records {
			line = out.Records[i].AppendLine(line)
		}
	}
	if len(out.Records) == 0 {
		b.Fatal("nothing was recorded")
	}
}

func BenchmarkAnswer(b *testing.B)       { benchAnswer(b, typical(), false) }
func BenchmarkAnswerEncode(b *testing.B) { benchAnswer(b, typical(), true) }

func BenchmarkAnswerBare(b *testing.B) {
	req := newRequest("")
	req.Header = nil
	benchAnswer(b, req, false)
}

func BenchmarkAnswerBatch(b *testing.B) {
	entry := `{"event":"scroll","url":"https://www.example.com/sale","value":0.75,"props":{"depth":"75%"}}`
	body := "[" + strings.Repeat(entry+",", 49) + entry + "]"
	benchAnswer(b, newPost("site=shop", "text/plain", body), true)
}

func BenchmarkHeaders(b *testing.B) {
	out := answer(typical())
	set := func(_, _ string) {}
	b.ReportAllocs()
	for b.Loop() {
		out.Headers(set)
	}
}

// BenchmarkAnswerSpec has a hotel chain's spec: eight fields, a list of sites,
// hashes of the day and the network cookie.
func BenchmarkAnswerSpec(b *testing.B) {
	s := hotels()
	s.Sites = []string{"shop"}
	s.DenyParams = []string{"email"}
	for _, p := range []struct {
		name    string
		privacy spec.Privacy
	}{
		{"fields", spec.Privacy{}},
		{"hashes", spec.Privacy{IP: spec.Hash, User: spec.Hash, Visitor: spec.VisitorDaily}},
	} {
		s.Privacy = p.privacy
		b.Run(p.name, func(b *testing.B) {
			beacon, err := New(Options{Spec: s, Keys: testKeys{}})
			if err != nil {
				b.Fatal(err)
			}
			req := typical()
			req.RawQuery += "&hotel=LISBON&nights=7"
			var out Result
			b.ReportAllocs()
			for b.Loop() {
				beacon.Answer(req, &out)
			}
			if len(out.Records) != 1 || len(out.Records[0].Fields) < 3 {
				b.Fatal("nothing was recorded")
			}
		})
	}
}
