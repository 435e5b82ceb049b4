package main

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"
)

// What each kind of event is answered with, and what it leaves.
func TestInvoke(t *testing.T) {
	t.Parallel()
	post := func(body string) string { return event2("POST", "/p.gif", `,"body":`+quote(body)) }
	for _, c := range []struct {
		name, event string
		code        int
		image       bool
		status      string
		records     []map[string]any // keys of each record that are looked at
	}{
		{"hit", event2("GET", "/p.gif", ""), 200, true, "recorded", []map[string]any{{
			"event_id": "JKJaXmPLvHcESHA=", "received_at": "2026-07-05 09:30:00.123", "ip": "203.0.113.0", "user_agent": "UA/1.0",
			"language": "en-GB", "method": "GET", "path": "/p.gif", "host": "abc.execute-api.eu-west-1.amazonaws.com",
			"collector": "pixelctl/1.2 aws", "event": "view",
		}}},
		{"query", event2("GET", "/p.gif", `,"rawQueryString":"event=buy&title=x+y&rnd=%zz"`), 200, true, "recorded", []map[string]any{{"event": "buy", "page_title": "x y"}}},
		{"named path", event2("GET", "/shop/footer.gif", ""), 200, true, "recorded", []map[string]any{{"site": "shop", "label": "footer"}}},
		{"format 1.0", event1(`,"queryStringParameters":{"event":"buy"}`), 200, true, "recorded", []map[string]any{{"event_id": "one-1", "event": "buy", "user_agent": "UA/1.0"}}},
		{"no image wanted", event2("GET", "/p.gif", `,"rawQueryString":"img=0"`), 204, false, "recorded", []map[string]any{{"event": "view"}}},
		{"HEAD", event2("HEAD", "/p.gif", ""), 200, false, "dropped; reason=head", nil},
		{"OPTIONS", event2("OPTIONS", "/p.gif", ""), 204, false, "dropped; reason=preflight", nil},
		{"DELETE", event2("DELETE", "/p.gif", ""), 405, false, "dropped; reason=method", nil},
		{"POST", post(`{"event":"buy"}`), 204, false, "recorded", []map[string]any{{"event": "buy"}}},
		{"POST in base64", event2("POST", "/p.gif", `,"isBase64Encoded":true,"body":"`+base64.StdEncoding.EncodeToString([]byte(`{"event":"buy"}`))+`"`), 204, false, "recorded", []map[string]any{{"event": "buy"}}},
		{"batch", post(`[{"event":"a"},{"event":"b\nc"}]`), 204, false, "recorded; count=2", []map[string]any{{"event": "a", "event_id": "JKJaXmPLvHcESHA=-1"}, {"event_id": "JKJaXmPLvHcESHA=-2"}}},
		{"batch of one", post(`[{"event":"a"}]`), 204, false, "recorded; count=1", []map[string]any{{"event": "a"}}},
		{"empty batch", post(`[]`), 204, false, "dropped; reason=empty", nil},
		{"another path", event2("GET", "/", ""), 404, false, "dropped; reason=path", nil},
		{"health", event2("GET", "/health", ""), 200, false, "", nil},
		{"empty object", `{}`, 200, true, "dropped; reason=event", nil},
		{"null", `null`, 200, true, "dropped; reason=event", nil},
		{"nothing", ``, 200, true, "dropped; reason=event", nil},
		{"garbage", `<html>`, 200, true, "dropped; reason=event", nil},
		{"an array", `[1,2]`, 200, true, "dropped; reason=event", nil},
		{"cut off", event2("GET", "/p.gif", "")[:200], 200, true, "dropped; reason=event", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newTestFunction(&fake{})
			a := f.invoke(t, c.event)
			if a.StatusCode != c.code || a.status() != c.status {
				t.Errorf("answered %d, %q, want %d, %q", a.StatusCode, a.status(), c.code, c.status)
			}
			if c.image {
				a.isImage(t)
			}
			if a.Headers["Cache-Control"] == "" || a.Headers["Content-Length"] != "" {
				t.Errorf("headers %q", a.Headers)
			}
			if !c.image && c.code == 200 && c.name == "HEAD" && a.Body != "" {
				t.Errorf("a HEAD has the body %q", a.Body)
			}
			got := f.fake.records(t)
			if len(got) != len(c.records) {
				t.Fatalf("%d records, want %d", len(got), len(c.records))
			}
			for i, want := range c.records {
				for k, v := range want {
					if got[i][k] != v {
						t.Errorf("%s is %v, want %v", k, got[i][k], v)
					}
				}
			}
		})
	}
}

// One record is one PutRecord, several are one PutRecordBatch.
func TestInvokeCalls(t *testing.T) {
	t.Parallel()
	many := "[" + strings.Repeat("{},", 600) + "{}]"
	for _, c := range []struct {
		name, event string
		batch       bool
		lines       int
		status      string
	}{
		{"hit", event2("GET", "/p.gif", ""), false, 1, "recorded"},
		{"batch of one", event2("POST", "/p.gif", `,"body":"[{}]"`), false, 1, "recorded; count=1"},
		{"batch", event2("POST", "/p.gif", `,"body":"[{},{},{}]"`), true, 3, "recorded; count=3"},
		{"batch beyond the limit", event2("POST", "/p.gif", `,"body":"`+many+`"`), true, 500, "recorded; count=500; dropped=101; reason=batch"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newTestFunction(&fake{})
			if got := f.invoke(t, c.event).status(); got != c.status {
				t.Errorf("status %q, want %q", got, c.status)
			}
			if len(f.fake.calls) != 1 {
				t.Fatalf("%d calls, want 1", len(f.fake.calls))
			}
			if got := f.fake.calls[0]; got.batch != c.batch || len(got.lines) != c.lines || got.name != "hits" {
				t.Errorf("batch %v of %d lines to %s", got.batch, len(got.lines), got.name)
			}
			if f.log.Len() > 0 {
				t.Errorf("logged %s", f.log)
			}
		})
	}
}

// Of an event that is no request the log tells the size and the names in it,
// bounded, and nothing that it holds.
func TestInvokeUnread(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(`"k":1,`, 1000)
	for raw, keys := range map[string][]string{
		`{"key":"203.0.113.77"}`: {"key"},
		`{"a_b-1":{"in":"Mozilla/5.0 secret"},"bob@shop.example":1,"203.0.113.77":2,"2001:db8::77":3,"z":null}`: {"a_b-1", "z"},
		`{"a":1,"` + strings.Repeat("k", maxLogKey+1) + `":1,"":2}`:                                             {"a"},
		`{` + many + `"k":1}`:        slices.Repeat([]string{"k"}, maxLogKeys),
		`{"a":1,"b":`:                {"a", "b"},
		`["203.0.113.77"]`:           {},
		"no JSON\n":                  {},
		strings.Repeat("<", 1<<20):   {},
		"\xff\xfe":                   {},
		"":                           {},
		`"Mozilla/5.0 203.0.113.77"`: {},
	} {
		f := newTestFunction(&fake{})
		f.invoke(t, raw).isImage(t)
		lines := f.logged(t)
		if len(lines) != 1 || f.log.Len() > 8<<10 {
			t.Fatalf("%d lines, %d bytes", len(lines), f.log.Len())
		}
		l := lines[0]
		if l.Event == nil || l.Event.Bytes != len(raw) || !slices.Equal(l.Event.Keys, keys) ||
			l.Reason != "event" || l.Level != "ERROR" || l.Error == "" || l.RequestID == "" {
			t.Errorf("%.100s: logged %s", raw, f.log)
		}
		for _, personal := range []string{"203.0.113", "2001:db8", "bob@", "Mozilla", "secret", "<<"} {
			if strings.Contains(f.log.String(), personal) {
				t.Errorf("the log holds %s: %s", personal, f.log)
			}
		}
	}
}

// An answer leaves nothing to the next.
func TestInvokeAgain(t *testing.T) {
	t.Parallel()
	f := newTestFunction(&fake{})
	batch := event2("POST", "/p.gif", `,"body":"[{\"event\":\"a\"},{},1]"`)
	want := f.invoke(t, event2("GET", "/p.gif", ""))
	for range 3 {
		f.invoke(t, batch)
		f.invoke(t, `{}`)
		if got := f.invoke(t, event2("GET", "/p.gif", "")); !maps.Equal(got.Headers, want.Headers) || got.Body != want.Body {
			t.Errorf("answered %+v, want %+v", got, want)
		}
	}
	if n := len(f.fake.records(t)); n != 1+3*3 {
		t.Errorf("%d records, want 10", n)
	}
}

// What an Origin header holds cannot break the answer.
func TestInvokeOrigin(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{`https://a.test`, `a"b\c`, "a\nb", "\u00e9", strings.Repeat(`"`, 500)} {
		a := newTestFunction(&fake{}).invoke(t, withFields(`,"headers":{"origin":`+quote(origin)+`}`))
		got := a.Headers["Access-Control-Allow-Origin"]
		if got != origin && got != "*" {
			t.Errorf("origin %q is echoed as %q", origin, got)
		}
	}
}
