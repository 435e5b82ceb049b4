package main

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/beacon"
)

// A request of an event, field by field as the beacon gets it.
func TestRequest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, event                   string
		method, path, query, id, peer string
	}{
		{"2.0 without a query", event2("GET", "/p.gif", ""), "GET", "/p.gif", "", "JKJaXmPLvHcESHA=", "203.0.113.7"},
		{"2.0 with an empty query", event2("GET", "/p.gif", `,"rawQueryString":""`), "GET", "/p.gif", "", "JKJaXmPLvHcESHA=", "203.0.113.7"},
		{
			"duplicates, plus and bad percent stay", event2("GET", "/p.gif", `,"rawQueryString":"a=1&a=2&b=x+y&c=%zz&d=1,2","queryStringParameters":{"a":"1,2","b":"x y"}`),
			"GET", "/p.gif", "a=1&a=2&b=x+y&c=%zz&d=1,2", "JKJaXmPLvHcESHA=", "203.0.113.7",
		},
		{"encoded path stays", event2("GET", "/shop/a%20b.gif", ""), "GET", "/shop/a%20b.gif", "", "JKJaXmPLvHcESHA=", "203.0.113.7"},
		{"1.0", event1(`,"multiValueQueryStringParameters":{"b":["x y"],"a":["1","2"]},"queryStringParameters":{"a":"2","b":"x y"}`), "GET", "/p.gif", "a=1&a=2&b=x+y", "one-1", "203.0.113.7"},
		{"1.0, single values only", event1(`,"multiValueQueryStringParameters":null,"queryStringParameters":{"b":"x&y"}`), "GET", "/p.gif", "b=x%26y", "one-1", "203.0.113.7"},
		{"no id, no time, no address", `{"rawPath":"/p.gif","requestContext":{"http":{"method":"GET","sourceIp":"nowhere"}}}`, "GET", "/p.gif", "", "invocation-1", "invalid IP"},
		{"fields of other types", `{"rawPath":"/p.gif","cookies":"a=b","requestContext":{"timeEpoch":"soon","requestId":7,"http":{"method":"GET","sourceIp":"2001:db8::7"}}}`, "GET", "/p.gif", "", "invocation-1", "2001:db8::7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := decode([]byte(c.event))
			if err != nil {
				t.Fatal(err)
			}
			q := p.request("invocation-1", time.UnixMilli(42))
			if q.Method != c.method || q.Path != c.path || q.RawQuery != c.query || q.ID != c.id || q.Peer.String() != c.peer {
				t.Errorf("got %s %s ? %s, id %s, from %s", q.Method, q.Path, q.RawQuery, q.ID, q.Peer)
			}
			wantTime := int64(1783243800123)
			if c.id == "invocation-1" {
				wantTime = 42
			}
			if int64(q.Time) != wantTime {
				t.Errorf("time %d, want %d", q.Time, wantTime)
			}
		})
	}
}

// withFields is a request that has only what it needs, and further fields.
func withFields(extra string) string {
	return `{"rawPath":"/p.gif","requestContext":{"domainName":"gateway.test","http":{"method":"GET"}}` + extra + `}`
}

// Header names are found however the event writes them.
func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, event, header, want string }{
		{"lower case", withFields(`,"headers":{"user-agent":"a"}`), "User-Agent", "a"},
		{"as sent", withFields(`,"headers":{"User-AGENT":"a","x":"y"}`), "User-Agent", "a"},
		{"joined", withFields(`,"headers":{"accept-language":"de,en"}`), "Accept-Language", "de,en"},
		{"1.0, several values only", `{"httpMethod":"GET","path":"/p.gif","headers":null,"multiValueHeaders":{"Accept":["a","b"]}}`, "Accept", "a,b"},
		{"cookies", withFields(`,"cookies":["a=1","b=2"]`), "Cookie", "a=1; b=2"},
		{"no cookies", withFields(`,"headers":{"cookie":"c=3"}`), "Cookie", "c=3"},
		{"absent", withFields(``), "Dnt", ""},
		{"long name", withFields(`,"headers":{"` + strings.Repeat("x", 100) + `":"a"}`), strings.Repeat("X", 100), "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := decode([]byte(c.event))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.request("", time.Time{}).Header.Get(c.header); got != c.want {
				t.Errorf("%s is %q, want %q", c.header, got, c.want)
			}
		})
	}
}

// The host is the one of the header; without it the gateway's own name.
func TestRequestHost(t *testing.T) {
	t.Parallel()
	for extra, want := range map[string]string{
		``:                                      "gateway.test",
		`,"headers":{"x":"pixel.other.test"}`:   "gateway.test",
		`,"headers":{"host":"pixel.shop.test"}`: "pixel.shop.test",
		`,"headers":{"Host":"Pixel.Shop.TEST"}`: "Pixel.Shop.TEST",
	} {
		p, err := decode([]byte(withFields(extra)))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.request("", time.Time{}).Host; got != want {
			t.Errorf("host %q, want %q", got, want)
		}
	}
}

func TestRequestBody(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", 3*beacon.MaxBody)
	encode := base64.StdEncoding.EncodeToString
	for _, c := range []struct{ name, method, extra, want string }{
		{"none", "POST", ``, ""},
		{"text", "POST", `,"body":"{\"a\":1}","isBase64Encoded":false`, `{"a":1}`},
		{"base64", "POST", `,"body":"` + encode([]byte("a=1&b=\xff")) + `","isBase64Encoded":true`, "a=1&b=\xff"},
		{"no base64", "POST", `,"body":"%%%","isBase64Encoded":true`, "%%%"},
		{"text too long", "POST", `,"body":"` + big + `"`, big[:beacon.MaxBody+1]},
		{"base64 too long", "POST", `,"body":"` + encode([]byte(big)) + `","isBase64Encoded":true`, big[:beacon.MaxBody+1]},
		{"of a GET", "GET", `,"body":"a=1"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := decode([]byte(event2(c.method, "/p.gif", c.extra)))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(p.request("", time.Time{}).Body); got != c.want {
				t.Errorf("body of %d bytes, want %d", len(got), len(c.want))
			}
		})
	}
}

// No event ends the function, and what it passes on keeps the beacon's bounds.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "{}", "null", event2("POST", "/p.gif", `,"body":"[{}]"`), event1("")} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := decode(raw)
		if err != nil {
			return
		}
		q := p.request("id", time.UnixMilli(1))
		if q.Method == "" || q.ID == "" || q.Time <= 0 || len(q.Body) > beacon.MaxBody+1 {
			t.Errorf("%+v", q)
		}
	})
}
