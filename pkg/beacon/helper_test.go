package beacon

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/netip"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

const testID = "req-1"

// testTime is 2026-07-05 09:10:11.123 UTC.
const testTime event.Millis = 1783242611123

// newRequest gives a GET of /p.gif with a query.
func newRequest(query string) *Request {
	return &Request{
		Method: "GET", Path: "/p.gif", RawQuery: query, Host: "px.example.com",
		Peer: netip.MustParseAddr("203.0.113.77"), Time: testTime, ID: testID,
		Header: http.Header{},
	}
}

// newPost gives a POST to /p.gif.
func newPost(query, contentType, body string) *Request {
	req := newRequest(query)
	req.Method, req.Body = "POST", []byte(body)
	if contentType != "" {
		req.Header = http.Header{"Content-Type": {contentType}}
	}
	return req
}

func answer(req *Request) *Result { return answerWith(spec.Spec{}, req) }

// answerWith answers as a stack with this spec would.
func answerWith(s spec.Spec, req *Request) *Result {
	var out Result
	b, err := New(Options{Collector: "pixelctl/test local", Spec: s, Keys: testKeys{}})
	if err != nil {
		return &Result{Reason: err.Error()}
	}
	b.Answer(req, &out)
	return &out
}

// testKeys are keys that tests can know.
type testKeys struct{}

func (testKeys) Day(day int64) (key [32]byte, ok bool) { return [32]byte{byte(day), 1}, true }
func (testKeys) Cookie() (key [32]byte, ok bool)       { return [32]byte{2}, true }

func headersOf(r *Result) map[string]string {
	h := map[string]string{}
	r.Headers(func(name, value string) { h[name] = value })
	return h
}

// row decodes a record's line: what every reader of the lake would see.
func row(t *testing.T, rec *event.Record) map[string]any {
	t.Helper()
	var m map[string]any
	line := rec.AppendLine(nil)
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatalf("record is no JSON: %v\n%s", err, line)
	}
	return m
}

// onlyRow answers req and decodes the one record it must leave.
func onlyRow(t *testing.T, req *Request) map[string]any {
	t.Helper()
	out := answer(req)
	if len(out.Records) != 1 {
		t.Fatalf("%d records, want 1; reason %q", len(out.Records), out.Reason)
	}
	return row(t, &out.Records[0])
}

// cells are columns and what they must hold; nil is an absent column.
type cells map[string]any

// text is a params map as JSON decodes it.
type text = map[string]any

func check(t *testing.T, got map[string]any, want cells) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		if m, isMap := w.(text); isMap {
			gm, _ := g.(map[string]any)
			if !maps.Equal(gm, m) {
				t.Errorf("%s = %v, want %v", name, g, w)
			}
			continue
		}
		if g != w || ok != (w != nil) {
			t.Errorf("%s = %#v, want %#v", name, g, w)
		}
	}
}
