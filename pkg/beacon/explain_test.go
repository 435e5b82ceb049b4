package beacon

import (
	"net/http"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// explain gives value and source of each column of the one record.
func explain(t *testing.T, s spec.Spec, req *Request) map[string][2]string {
	t.Helper()
	b, err := New(Options{Collector: "pixelctl/test local", Spec: s, Keys: testKeys{}})
	if err != nil {
		t.Fatal(err)
	}
	records, out := b.Explain(req)
	if len(records) != 1 || len(out.Records) != 1 {
		t.Fatalf("%d records explained of %d", len(records), len(out.Records))
	}
	if got, want := len(records[0]), len(s.Schema().Columns()); got != want {
		t.Errorf("%d columns, want %d", got, want)
	}
	columns := map[string][2]string{}
	for i, e := range records[0] {
		if name := s.Schema().Names()[i]; e.Column != name {
			t.Errorf("column %d is %s, want %s", i, e.Column, name)
		}
		columns[e.Column] = [2]string{e.Value, e.Source}
	}
	return columns
}

// No mode stands behind an address that is kept as it came.
func TestExplainWholeAddress(t *testing.T) {
	got := explain(t, spec.Spec{Privacy: spec.Privacy{IP: spec.IPFull}}, newRequest(""))
	if want := [2]string{"203.0.113.77", "peer"}; got["ip"] != want {
		t.Errorf("got %q, want %q", got["ip"], want)
	}
}

func TestExplain(t *testing.T) {
	req := newRequest("userid=u1&p=%2Fx&nights=7&hotel=LISBON&gclid=g&e=1&tid=G-1&en=buy&value=2&res=1x2&ts=1783242611123&a=b&utm_source=mail")
	req.Header = http.Header{
		"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"}, "Accept-Language": {"de"},
		"Referer": {"https://a.example/y?utm_medium=email&room=12"}, "Cookie": {"theme=dark"},
	}
	got := explain(t, hotels(), req)
	for column, want := range map[string][2]string{
		"event_id":    {testID, "the collector"},
		"received_at": {"2026-07-05 09:10:11.123", "the collector's clock"},
		"event":       {"event", "query:e (snowplow, goatcounter)"},
		"site":        {"G-1", "query:tid (ga)"},
		"user_id":     {"u1", "query:userid (seed)"},
		"page_url":    {"https://a.example/y?utm_medium=email&room=12", "header:Referer"},
		"page_host":   {"a.example", "page_url"},
		"page_path":   {"/x", "query:p (goatcounter, fathom)"},
		"page_query":  {"utm_medium=email&room=12", "page_url"},
		"utm_source":  {"mail", "query:utm_source (ga)"},
		"utm_medium":  {"email", "page:utm_medium (ga)"},
		"click_id":    {"g", "query:gclid (click)"}, "click_id_platform": {"google", "query:gclid (click)"},
		"ip": {"203.0.113.0", "peer; privacy ip: truncate"}, "ip_mode": {"truncated", "privacy ip: truncate"},
		"user_agent":   {req.Header.Get("User-Agent"), "header:User-Agent"},
		"browser":      {"Firefox", classSource},
		"client_class": {"human", classSource},
		"language":     {"de", "header:Accept-Language"},
		"dnt":          {"false", "header:DNT"},
		"status":       {"recorded", "the collector"},
		"value":        {"2", "query:value"}, "screen_width": {"1", "query:res"}, "screen_height": {"2", "query:res"},
		"client_ts": {"2026-07-05 09:10:11.123", "query:ts"},
		"params":    {`{"en":"buy","a":"b"}`, "parameters that are no column"},
		"path":      {"/p.gif", "request"}, "host": {"px.example.com", "header:Host"},
		"hotel": {"lisbon", "query:hotel, lower"}, "nights": {"7", "query:nights"}, "theme": {"dark", "cookie:theme"},
		"room": {"12", "page:room"}, "region": {"eu", "const:eu"}, "plan": {"", ""}, "old": {"", ""}, "city": {"", ""},
	} {
		if got[column] != want {
			t.Errorf("%s = %q, want %q", column, got[column], want)
		}
	}
}

// What was taken away says by what.
func TestExplainPrivacy(t *testing.T) {
	s := spec.Spec{
		Drop:    []string{"language"},
		Privacy: spec.Privacy{User: spec.Hash, Visitor: spec.VisitorDaily, IP: spec.None, Referrer: spec.Origin},
		Fields:  []spec.Field{{Name: "card", Type: event.String, Sources: source(spec.FromQuery, "card"), Default: "none"}},
	}
	req := newRequest("uid=u1&ref=https%3A%2F%2Fr.example%2Fx&site=shop")
	req.Header = http.Header{"Accept-Language": {"de"}, "User-Agent": {"curl/8.5"}}
	got := explain(t, s, req)
	for column, source := range map[string]string{
		"user_id": "query:uid; privacy user: hash", "visitor_id": "privacy visitor: daily", "ip_mode": "privacy ip: none",
		"referrer_url": "query:ref; privacy referrer: origin", "language": "header:Accept-Language; drop", "card": "default",
	} {
		if got[column][1] != source {
			t.Errorf("%s <- %q, want %q", column, got[column][1], source)
		}
	}
	if got["user_id"][0] == "u1" || got["language"][0] != "" || got["ip"][0] != "" {
		t.Errorf("user_id %q, language %q, ip %q", got["user_id"], got["language"], got["ip"])
	}
	req.Header = http.Header{"Sec-Gpc": {"1"}}
	got = explain(t, s, req)
	if got["user_id"] != [2]string{"", "query:uid; privacy strips for gpc"} {
		t.Errorf("user_id %q", got["user_id"])
	}
	got = explain(t, spec.Spec{Sites: []string{"other"}}, req)
	if got["user_id"] != [2]string{"", "query:uid; sites: not listed"} || got["status"] != [2]string{"dropped:site", "the collector; sites: not listed"} {
		t.Errorf("user_id %q, status %q", got["user_id"], got["status"])
	}
}

// Explain tells what Answer does: each record of a batch, and what leaves none.
func TestExplainAsAnswered(t *testing.T) {
	s := hotels()
	b, err := New(Options{Spec: s})
	if err != nil {
		t.Fatal(err)
	}
	records, out := b.Explain(newPost("hotel=q", "", `[{"price":1,"url":"https://a.example/"},{"uid":"u"}]`))
	var plainly Result
	b.Answer(newPost("hotel=q", "", `[{"price":1,"url":"https://a.example/"},{"uid":"u"}]`), &plainly)
	if len(records) != 2 || len(out.Records) != 2 {
		t.Fatalf("%d records explained of %d", len(records), len(out.Records))
	}
	for i, columns := range records {
		want := snapshot(&plainly.Records[i])
		for _, e := range columns {
			if e.Value != want[e.Column] {
				t.Errorf("record %d: %s = %q, want %q", i, e.Column, e.Value, want[e.Column])
			}
			if e.Value != "" && e.Source == "" {
				t.Errorf("record %d: nobody knows where %s = %q is from", i, e.Column, e.Value)
			}
		}
	}
	if got := records[1]; value(got, "user_id") != "body:uid" || value(got, "hotel") != "query:hotel, lower" || value(got, "event_id") == "" {
		t.Errorf("user_id <- %q, hotel <- %q", value(got, "user_id"), value(got, "hotel"))
	}
	head := newRequest("")
	head.Method = "HEAD"
	if records, out := b.Explain(head); len(records) != 0 || out.Reason != "head" {
		t.Errorf("%d records for HEAD, reason %q", len(records), out.Reason)
	}
}

func value(columns []Explained, name string) string {
	for _, e := range columns {
		if e.Column == name {
			return e.Source
		}
	}
	return ""
}
