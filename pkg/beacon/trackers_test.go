package beacon

import (
	"strings"
	"testing"
	"unicode"

	"pixelctl/pkg/event"
)

// Hits as the trackers' own scripts and documents send them.
func TestTrackers(t *testing.T) {
	tests := []struct {
		name, query, body string
		want              cells
	}{
		{"the article", "userid=aws_user&thirdpartyname=example.hightrafficwebsite.com", "", cells{
			"user_id": "aws_user", "site": "example.hightrafficwebsite.com", "event": "view", "params": nil,
		}},
		{"matomo page view", "action_name=Sale%20%7C%20Shop&idsite=3&rec=1&r=829123&h=11&m=10&s=35&url=https%3A%2F%2Fshop.example%2Fsale%3Fmtm_campaign%3Djuly%26mtm_kwd%3Dshoes&urlref=https%3A%2F%2Fwww.google.com%2F&_id=27a1b2c3d4e5f607&_idn=0&send_image=0&_refts=0&pv_id=u3Xq1z&pf_net=12&cookie=1&res=1920x1080", "", cells{
			"site": "3", "event": "view", "visitor_id": "27a1b2c3d4e5f607", "page_title": "Sale | Shop", "page_host": "shop.example",
			"page_path": "/sale", "utm_campaign": "july", "utm_term": "shoes", "referrer_host": "www.google.com",
			"screen_width": 1920.0, "screen_height": 1080.0,
			"params": text{"rec": "1", "r": "829123", "h": "11", "m": "10", "s": "35", "_idn": "0", "_refts": "0", "pv_id": "u3Xq1z", "pf_net": "12", "cookie": "1"},
		}},
		{"matomo event", "idsite=3&rec=1&apiv=1&ca=1&e_c=Video&e_a=play&e_n=Intro&e_v=3&uid=u1&cid=27a1b2c3d4e5f607&rand=71&cdt=2026-07-05%2009:10:11&cip=1.2.3.4", "", cells{
			"site": "3", "event": "play", "value": 3.0, "user_id": "u1", "visitor_id": "27a1b2c3d4e5f607", "client_ts": "2026-07-05 09:10:11.000", "ip": "203.0.113.0",
			"params": text{"rec": "1", "apiv": "1", "ca": "1", "e_c": "Video", "e_n": "Intro", "cip": "1.2.3.4"},
		}},
		{"snowplow", "stm=1783242611200&e=pv&url=https%3A%2F%2Fshop.example%2F&page=Home&refr=https%3A%2F%2Ft.co%2Fx&tv=js-3.23.0&tna=sp&aid=shop&p=web&cookie=1&cs=UTF-8&lang=en-GB&res=1920x1080&dtm=1783242611123&vp=1200x800&eid=6f1c&vid=3&sid=51b4&duid=0c5e&uid=u1", "", cells{
			"event": "view", "site": "shop", "session_id": "51b4", "visitor_id": "0c5e", "user_id": "u1", "client_event_id": "6f1c",
			"page_url": "https://shop.example/", "page_title": "Home", "referrer_host": "t.co", "client_ts": "2026-07-05 09:10:11.123", "screen_width": 1920.0,
			"params": text{"stm": "1783242611200", "tv": "js-3.23.0", "tna": "sp", "p": "web", "cookie": "1", "cs": "UTF-8", "lang": "en-GB", "vp": "1200x800", "vid": "3"},
		}},
		{"goatcounter", "p=%2Fblog%3Futm_source%3Dhn&r=https%3A%2F%2Fnews.example%2F&t=My%20blog&s=2560%2C1440%2C2&b=0&q=%3Futm_source%3Dhn&rnd=k3d9x", "", cells{
			"event": "view", "page_path": "/blog", "page_query": "utm_source=hn", "utm_source": "hn", "page_title": "My blog",
			"referrer_url": "https://news.example/", "screen_width": 2560.0, "screen_height": 1440.0,
			"params": text{"b": "0", "q": "?utm_source=hn"},
		}},
		{"goatcounter event", "p=ext-github&t=Source&e=true&s=2560,1440,2&b=0&rnd=k3d9x", "", cells{
			"event": "event", "page_path": nil, "page_title": "Source", "params": text{"p": "ext-github", "b": "0"},
		}},
		{"fathom", "p=%2Fabout&h=https%3A%2F%2Fshop.example&r=https%3A%2F%2Fa.example%2F&sid=ABCDEF&qs=%7B%7D&cid=84731", "", cells{
			"site": "ABCDEF", "session_id": nil, "page_path": "/about", "referrer_host": "a.example", "visitor_id": "84731",
			"params": text{"h": "https://shop.example", "qs": "{}"},
		}},
		{"like plausible", "", `{"n":"pageview","u":"https://shop.example/","d":"shop.example","r":"https://a.example/x","p":{"plan":"pro"}}`, cells{
			"event": "view", "referrer_host": "a.example",
			"params": text{"n": "pageview", "u": "https://shop.example/", "d": "shop.example", "p": `{"plan":"pro"}`},
		}},
		{"plausible events API", "", `{"name":"signup","url":"https://shop.example/join","domain":"shop.example","props":{"plan":"pro"}}`, cells{
			"page_host": "shop.example", "page_path": "/join",
			"params": text{"name": "signup", "domain": "shop.example", "props": `{"plan":"pro"}`},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := newRequest(tt.query)
			if tt.body != "" {
				req = newPost(tt.query, "text/plain", tt.body)
			}
			check(t, onlyRow(t, req), tt.want)
		})
	}
}

// The table of names is whole, and the index finds each.
func TestNames(t *testing.T) {
	ix := newIndex()
	for f, m := range meanings {
		for rank, text := range m.names {
			if got := ix.lookup(text); got != (name{field(f), uint8(rank)}) {
				t.Errorf("%s means %v, want field %d, rank %d", text, got, f, rank)
			}
		}
		if field(f) != other && len(m.names) == 0 {
			t.Errorf("field %d has no name", f)
		}
		if field(f) >= siteField && (m.column == nil) == (m.set == nil) {
			t.Errorf("field %d needs a column or a conversion", f)
		}
	}
	for n, want := range map[string]name{
		"sid": {siteField, rankSid}, "e": {eventField, rankE}, "vid": {visitorField, rankVid},
		"duid": {visitorField, rankDuid}, "cdt": {clientTime, rankCdt},
	} {
		if got := ix.lookup(n); got != want {
			t.Errorf("%s means %v, want %v", n, got, want)
		}
	}
	if got := len(clickNetworks); got != len(meanings[clickField].names) {
		t.Errorf("%d networks for %d names", got, len(meanings[clickField].names))
	}
}

// Users read the names in the documentation of the columns.
func TestNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, c := range (event.Schema{}).Columns() {
		for _, w := range strings.FieldsFunc(c.Doc, func(r rune) bool {
			return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			documented[w] = true
		}
	}
	for _, m := range meanings[siteField:] {
		for _, n := range m.names {
			if !documented[n] {
				t.Errorf("parameter %s is in no column's documentation", n)
			}
		}
	}
}
