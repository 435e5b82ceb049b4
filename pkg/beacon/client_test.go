package beacon

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	tests := []struct{ peer, ip, mode any }{
		{"203.0.113.77", "203.0.113.0", "truncated"},
		{"::ffff:203.0.113.77", "203.0.113.0", "truncated"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1::", "truncated"},
		{"fe80::1%eth0", "fe80::", "truncated"},
		{nil, nil, nil},
	}
	for _, tt := range tests {
		req := newRequest("")
		req.Peer = netip.Addr{}
		if s, ok := tt.peer.(string); ok {
			req.Peer = netip.MustParseAddr(s)
		}
		check(t, onlyRow(t, req), cells{"ip": tt.ip, "ip_mode": tt.mode})
	}
}

func TestClientHeaders(t *testing.T) {
	tests := []struct {
		name   string
		header http.Header
		want   cells
	}{
		{"none", nil, cells{"user_agent": nil, "language": nil, "dnt": false, "gpc": false, "is_bot": true, "bot_reason": "ua-missing", "client_class": "bot", "device": "bot"}},
		{"agent", http.Header{"User-Agent": {"curl/8.5"}}, cells{"user_agent": "curl/8.5"}},
		{"language", http.Header{"Accept-Language": {"de-CH, de;q=0.9"}}, cells{"language": "de-CH"}},
		{"language with weight", http.Header{"Accept-Language": {" fr ;q=0.5"}}, cells{"language": "fr"}},
		{"dnt", http.Header{"Dnt": {"1"}}, cells{"dnt": true, "gpc": false}},
		{"dnt off", http.Header{"Dnt": {"0"}}, cells{"dnt": false}},
		{"gpc", http.Header{"Sec-Gpc": {"1"}}, cells{"dnt": false, "gpc": true}},
		{"synthetic", http.Header{"X-Pixelctl-Synthetic": {"1"}}, cells{"client_class": "synthetic", "is_bot": true, "bot_reason": "synthetic"}},
		{"forwarded address is not believed", http.Header{"X-Forwarded-For": {"198.51.100.1"}}, cells{"ip": "203.0.113.0"}},
		{"page", http.Header{"Referer": {"https://A.example/b?c=d&utm_source=e"}}, cells{"page_url": "https://A.example/b?c=d&utm_source=e", "page_host": "a.example", "page_path": "/b", "page_query": "c=d&utm_source=e", "utm_source": "e"}},
		{"long", http.Header{"User-Agent": {strings.Repeat("u", 10_000)}, "Referer": {"https://a.example/" + strings.Repeat("r", 10_000)}}, cells{"truncated": true, "page_host": "a.example"}},
		{"control characters", http.Header{"User-Agent": {"a\r\n\x00\x1b\xff"}}, cells{"user_agent": "a\r\n\ufffd\x1b\ufffd"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := newRequest("")
			req.Header = tt.header
			check(t, onlyRow(t, req), tt.want)
		})
	}
}

// The address of the page that a page gives beats the Referer.
func TestPageBeforeReferer(t *testing.T) {
	tests := []struct {
		query string
		want  cells
	}{
		{"url=https://b.example/x", cells{"page_url": "https://b.example/x", "page_host": "b.example", "page_path": "/x"}},
		{"url=", cells{"page_url": "https://a.example/", "page_path": "/"}},
		{"p=/x", cells{"page_url": "https://a.example/", "page_host": "a.example", "page_path": "/x"}},
	}
	for _, tt := range tests {
		req := newRequest(tt.query)
		req.Header = http.Header{"Referer": {"https://a.example/"}}
		check(t, onlyRow(t, req), tt.want)
	}
}

func TestRequestColumns(t *testing.T) {
	req := newRequest("a=b")
	req.Path, req.Host = "/My%20Shop/x.gif", "PX.Example.com:8080"
	check(t, onlyRow(t, req), cells{
		"schema_version": 1.0, "event_id": testID, "received_at": "2026-07-05 09:10:11.123",
		"event": "view", "site": "My Shop", "client_class": "bot", "status": "recorded",
		"method": "GET", "host": "px.example.com:8080", "path": "/My%20Shop/x.gif",
		"collector": "pixelctl/test local",
	})
}

// The least a host can pass still gives image and record.
func TestNilHeader(t *testing.T) {
	out := answer(&Request{Method: "GET", Path: "/p.gif", ID: "x"})
	if out.Code != 200 || len(out.Records) != 1 {
		t.Fatalf("code %d, %d records", out.Code, len(out.Records))
	}
	check(t, row(t, &out.Records[0]), cells{"event": "view", "site": "default", "ip": nil, "ip_mode": nil, "host": nil})
}
