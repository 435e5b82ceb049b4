package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// browserEvent is a hit as a browser's arrives through an HTTP API.
const browserEvent = `{"version":"2.0","routeKey":"ANY /p.gif","rawPath":"/p.gif",
"rawQueryString":"site=shop&event=view&uid=u-4711&url=https%3A%2F%2Fshop.example%2Fproducts%2F42%3Futm_source%3Dnews&title=A+product&utm_campaign=spring&res=1920x1080&rnd=123456",
"cookies":["_ga=GA1.1.1234567890.1783243800","theme=dark"],
"headers":{"accept":"image/avif,image/webp,image/apng,image/*,*/*;q=0.8","accept-encoding":"gzip, deflate, br, zstd","accept-language":"en-GB,en;q=0.9,ca;q=0.8",
"content-length":"0","host":"abc123.execute-api.eu-west-1.amazonaws.com","referer":"https://shop.example/","sec-ch-ua-mobile":"?0","sec-ch-ua-platform":"\"Linux\"",
"sec-fetch-dest":"image","sec-fetch-mode":"no-cors","sec-fetch-site":"cross-site",
"user-agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
"x-amzn-trace-id":"Root=1-66879d58-0123456789abcdef01234567","x-forwarded-for":"203.0.113.7","x-forwarded-port":"443","x-forwarded-proto":"https"},
"queryStringParameters":{"site":"shop","event":"view","uid":"u-4711","url":"https://shop.example/products/42?utm_source=news","title":"A product","utm_campaign":"spring","res":"1920x1080","rnd":"123456"},
"requestContext":{"accountId":"123456789012","apiId":"abc123","domainName":"abc123.execute-api.eu-west-1.amazonaws.com","domainPrefix":"abc123",
"http":{"method":"GET","path":"/p.gif","protocol":"HTTP/1.1","sourceIp":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"},
"requestId":"JKJaXmPLvHcESHA=","routeKey":"ANY /p.gif","stage":"$default","time":"05/Jul/2026:09:30:00 +0000","timeEpoch":1783243800123},"isBase64Encoded":false}`

// A round measures some hits of each function in turn, a few times over: long
// enough to find it warm, short enough that what else runs here hits them all.
const (
	turns    = 8
	turnHits = 50
)

// subject is a function under measurement, and its figures: one value a round.
type subject struct {
	name    string
	dir     string
	argv    []string
	figures [5][]float64
}

// figure is a column of what is measured.
const (
	start = iota // ms until the first question for an event
	first        // ms of the first hit
	p50          // ms of a hit
	p99          // ms of a hit
	peak         // MB resident at most
)

// BenchmarkLambda is a race: each round starts the zip's binary, the same with a
// spec of ten own columns, a function that puts a constant and one like the
// article's in Python, and takes hits of all in turn. The figures are medians over the rounds, the ratios medians of
// each round's ratio: give it a count, as in -benchtime 11x.
func BenchmarkLambda(b *testing.B) {
	needRigs(b)
	d := newDeliveryStream(b)
	d.set(quick)
	beacon := zipped(b, "pixelctl/embed/beacon")
	constant := zipped(b, "pixelctl/embed/beacon/testdata/constant")
	rig, err := filepath.Abs("../../.ci/rigs/lambda")
	if err != nil {
		b.Fatal(err)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		b.Fatal(err)
	}
	python := filepath.Join(home, ".cache/pixelctl-rigs/lambda/bin/python")
	subjects := []*subject{
		{name: "beacon", dir: filepath.Dir(beacon), argv: []string{beacon}},
		{name: "constant", dir: filepath.Dir(constant), argv: []string{constant}},
		{name: "rich", dir: withSpec(b, beacon), argv: []string{beacon}},
		{name: "python", dir: rig, argv: []string{python, "-m", "awslambdaric", "handler.handler"}},
	}
	rounds := 0
	for b.Loop() {
		round(b, d, subjects, rounds)
		rounds++
	}
	b.ReportMetric(0, "ns/op") // of a round: says nothing
	report(b, subjects)
}

// withSpec gives a directory that has the rich spec, as Lambda unpacks the zip.
func withSpec(b *testing.B, executable string) string {
	b.Helper()
	dir := b.TempDir()
	writeSpec(b, filepath.Join(dir, specFile), string(richSpec().JSON()))
	if err := os.Link(executable, filepath.Join(dir, "bootstrap")); err != nil {
		b.Fatal(err)
	}
	return dir
}

// richSpec has ten own columns, of every kind of source that browserEvent fills.
func richSpec() spec.Spec {
	query := func(name, parameter string, typ event.Type, steps ...spec.Transform) spec.Field {
		return spec.Field{Name: name, Type: typ, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{parameter}}}, Transforms: steps}
	}
	from := func(name string, source spec.Source, steps ...spec.Transform) spec.Field {
		return spec.Field{Name: name, Type: event.String, Sources: []spec.Source{source}, Transforms: steps}
	}
	return spec.Spec{Fields: []spec.Field{
		query("random", "rnd", event.BigInt),
		query("product_title", "title", event.String, spec.Transform{Kind: spec.TrimTo}, spec.Transform{Kind: spec.Lower}),
		query("screen", "res", event.String, spec.Transform{Kind: spec.Cut, N: 9}),
		query("member", "uid", event.String, spec.Transform{Kind: spec.SHA256, Salt: "salt of the benchmark"}),
		query("product", "url", event.String, spec.Transform{Kind: spec.Regexp, Pattern: `/products/([0-9]+)`}),
		query("shop_host", "url", event.String, spec.Transform{Kind: spec.URLHost}),
		from("theme", spec.Source{Kind: spec.FromCookie, Names: []string{"theme"}}),
		from("platform", spec.Source{Kind: spec.FromHeader, Names: []string{"Sec-Ch-Ua-Platform"}}, spec.Transform{Kind: spec.Lower}),
		from("source", spec.Source{Kind: spec.FromPage, Names: []string{"utm_source"}}),
		from("brand", spec.Source{Kind: spec.Constant, Value: "shop"}),
	}}
}

// round measures each subject once; who goes first changes.
func round(b *testing.B, d *deliveryStream, subjects []*subject, n int) {
	b.Helper()
	running := make([]*process, len(subjects))
	times := make([][]float64, len(subjects))
	for i := range subjects {
		i = (i + n) % len(subjects)
		s := subjects[i]
		running[i] = launch(b, d, s.dir, s.argv...)
		_, took := running[i].invoke(b, browserEvent)
		s.add(start, ms(running[i].init))
		s.add(first, ms(took))
	}
	for turn := range turns {
		for i := range subjects {
			i = (i + turn) % len(subjects)
			for range turnHits {
				_, took := running[i].invoke(b, browserEvent)
				times[i] = append(times[i], ms(took))
			}
		}
	}
	for i, s := range subjects {
		slices.Sort(times[i])
		s.add(p50, times[i][len(times[i])/2])
		s.add(p99, times[i][len(times[i])*99/100])
		s.add(peak, running[i].peakMemory(b)/1e6)
		running[i].end(b)
	}
}

func (s *subject) add(figure int, v float64) { s.figures[figure] = append(s.figures[figure], v) }

func report(b *testing.B, subjects []*subject) {
	b.Helper()
	for _, s := range subjects {
		for i, unit := range []string{"init-ms", "first-ms", "p50-ms", "p99-ms", "peak-MB"} {
			b.ReportMetric(median(s.figures[i]), s.name+"-"+unit)
		}
	}
	ratio := func(of, to *subject, figure int, unit string) {
		each := make([]float64, len(of.figures[figure]))
		for i := range each {
			each[i] = of.figures[figure][i] / to.figures[figure][i]
		}
		b.ReportMetric(median(each), unit)
	}
	beacon, constant, rich, python := subjects[0], subjects[1], subjects[2], subjects[3]
	ratio(python, beacon, start, "init-python/beacon")
	ratio(python, beacon, p50, "p50-python/beacon")
	ratio(python, beacon, peak, "peak-python/beacon")
	ratio(beacon, constant, p50, "p50-beacon/constant")
	ratio(rich, beacon, start, "init-rich/beacon")
	ratio(rich, beacon, p50, "p50-rich/beacon")
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// The spec that is measured fills all of its columns.
func TestRichSpec(t *testing.T) {
	t.Parallel()
	if err := richSpec().Validate(); err != nil {
		t.Fatal(err)
	}
	f := newSpecFunction(&fake{}, richSpec(), nil)
	f.invoke(t, browserEvent).isImage(t)
	rec := f.fake.records(t)[0]
	for _, field := range richSpec().Fields {
		if rec[field.Name] == nil {
			t.Errorf("%s is empty in %v", field.Name, rec)
		}
	}
	if len(richSpec().Fields) != 10 || rec["product"] != "42" {
		t.Errorf("%v", rec)
	}
}

// nowhere is a putter that takes everything.
type nowhere struct{}

func (nowhere) put(context.Context, [][]byte) ([]int, error) { return nil, nil }

// BenchmarkInvoke is a hit without Runtime API and delivery stream.
func BenchmarkInvoke(b *testing.B) {
	for name, wish := range map[string]spec.Spec{"zero": {}, "rich": richSpec()} {
		b.Run(name, func(b *testing.B) {
			h, raw := newSpecFunction(&fake{}, wish, nil).handler, []byte(browserEvent)
			h.stream = nowhere{}
			b.ReportAllocs()
			for b.Loop() {
				if out, err := h.Invoke(b.Context(), raw); err != nil || !strings.Contains(string(out), "recorded") {
					b.Fatalf("%s: %v", out, err)
				}
			}
		})
	}
}

// BenchmarkPut is what the SDK and loopback cost of a hit.
func BenchmarkPut(b *testing.B) {
	d := newDeliveryStream(b)
	d.set(quick)
	env := map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "token", "AWS_ENDPOINT_URL": d.URL, "PIXELCTL_STREAM": "hits",
	}
	s := newStream(func(name string) string { return env[name] })
	lines := [][]byte{[]byte(strings.Repeat("x", 1200) + "\n")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.put(b.Context(), lines); err != nil {
			b.Fatal(err)
		}
	}
}
