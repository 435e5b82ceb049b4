package beacon

import (
	"strings"
	"testing"
)

func TestBodies(t *testing.T) {
	tests := []struct {
		name, query, contentType, body string
		want                           cells
	}{
		{"form", "", "application/x-www-form-urlencoded", "site=a&x=1+2", cells{"site": "a", "method": "POST", "params": text{"x": "1 2"}}},
		{"form that looks like JSON", "", "application/x-www-form-urlencoded", `{"site":"a"}`, cells{"site": "default", "params": text{`{"site":"a"}`: ""}}},
		{"text as query", "", "text/plain;charset=UTF-8", "site=a", cells{"site": "a", "params": nil}},
		{"text as JSON", "", "text/plain;charset=UTF-8", " \r\n{\"site\":\"a\"}", cells{"site": "a", "params": nil}},
		{"no type, query", "", "", "site=a", cells{"site": "a"}},
		{"no type, JSON", "", "", `{"site":"a"}`, cells{"site": "a"}},
		{"JSON", "", "Application/JSON; charset=utf-8", `{"site":"a"}`, cells{"site": "a"}},
		{"another JSON type", "", "application/csp-report", `{"site":"a"}`, cells{"site": "a"}},
		{"another type", "", "multipart/form-data; boundary=x", "--x\r\n", cells{"params": text{"_body": "--x"}}},
		{"no body", "site=a", "application/json", "", cells{"site": "a", "params": nil}},
		{"body before query", "site=q&uid=u&x=2", "text/plain", "site=b&x=1", cells{"site": "b", "user_id": "u", "params": text{"site": "q", "x": "1,2"}}},

		{"scalars", "", "application/json", `{"value": 1.50, "a": true, "b": false, "c": null, "d": "", "res": "3x4", "ts": 1783242611123}`, cells{"value": 1.5, "screen_width": 3.0, "client_ts": "2026-07-05 09:10:11.123", "params": text{"a": "true", "b": "false", "d": ""}}},
		{"number as it stands", "", "application/json", `{"n": 10000000000000000000001e-2}`, cells{"params": text{"n": "10000000000000000000001e-2"}}},
		{"nested", "", "application/json", `{"o": { "a" : [1, "}] "] }, "l":[ ], "site":"s"}`, cells{"site": "s", "params": text{"o": `{"a":[1,"}] "]}`, "l": "[]"}}},
		{"escapes", "", "application/json", `{"t\u0069tle":"\u00e9\ud83d\ude00\"\\\/\n", "x":"\ud800"}`, cells{"page_title": "é😀\"\\/\n", "params": text{"x": "\ufffd"}}},
		{"escaped quote ends nothing", "", "application/json", `{"x":"a\\\",\"site\":\"b","y":"\\"}`, cells{"site": "default", "params": text{"x": `a\","site":"b`, "y": `\`}}},
		{"percent is literal", "", "application/json", `{"title":"100%25+1"}`, cells{"page_title": "100%25+1"}},
		{"duplicate keys", "", "application/json", `{"site":"a","site":"b","x":1,"x":2}`, cells{"site": "a", "params": text{"site": "b", "x": "1,2"}}},
		{"empty key", "", "application/json", `{"":"a"}`, cells{"params": nil}},
		{"empty object", "", "application/json", `{}`, cells{"site": "default", "params": nil}},

		{"malformed", "site=q", "application/json", `{"site":"a",}`, cells{"site": "q", "status": "recorded", "params": text{"_body": `{"site":"a",}`}}},
		{"malformed text", "", "text/plain", `[{"a":1}`, cells{"params": text{"_body": `[{"a":1}`}}},
		{"two documents", "", "application/json", `{} {}`, cells{"params": text{"_body": `{} {}`}}},
		{"scalar document", "", "application/json", `42`, cells{"params": text{"_body": "42"}}},
		{"malformed is cut", "", "application/json", strings.Repeat("[", 2000), cells{"params": text{"_body": strings.Repeat("[", 1024)}}},
		{"too deep", "", "application/json", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), cells{"params": text{"_body": strings.Repeat("[", 1024)}}},

		{"as long as allowed", "", "text/plain", "site=a&x=" + strings.Repeat(" ", MaxBody-10) + "y", cells{"site": "a"}},
		{"one byte too long", "", "text/plain", "site=a&b=" + strings.Repeat("&", MaxBody-8), cells{"site": "a", "truncated": true}},
		{"cut JSON", "site=q", "application/json", `{"site":"` + strings.Repeat("a", MaxBody) + `"}`, cells{"site": "q", "truncated": true}},
		{"too many keys", "", "application/json", "{" + strings.Repeat(`"x":1,`, maxPairs) + `"y":1}`, cells{"truncated": true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, onlyRow(t, newPost(tt.query, tt.contentType, tt.body)), tt.want)
		})
	}
}

func TestBatch(t *testing.T) {
	tests := []struct {
		name, query, body string
		records, dropped  int
		reason, status    string
	}{
		{"one", "", `[{"a":1}]`, 1, 0, "", "recorded; count=1"},
		{"three", "", " [ {}, {} , {} ] ", 3, 0, "", "recorded; count=3"},
		{"not objects", "", `[{"a":1},2,"{}",null,[{}],{"b":2}]`, 2, 4, "entry", "recorded; count=2; dropped=4; reason=entry"},
		{"no object", "", `[1,2]`, 0, 2, "entry", "dropped; reason=entry"},
		{"empty", "", `[]`, 0, 1, "empty", "dropped; reason=empty"},
		{"full", "", "[" + strings.Repeat("{},", MaxBatch-1) + "{}]", 500, 0, "", "recorded; count=500"},
		{"too many", "", "[" + strings.Repeat("{},", MaxBatch+20) + "{}]", 500, 21, "batch", "recorded; count=500; dropped=21; reason=batch"},
		{"too many and not objects", "", "[1," + strings.Repeat("{},", MaxBatch) + "{}]", 500, 2, "batch", "recorded; count=500; dropped=2; reason=batch"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := answer(newPost(tt.query, "text/plain", tt.body))
			if len(out.Records) != tt.records || out.Dropped != tt.dropped || out.Reason != tt.reason || out.Code != 204 {
				t.Errorf("%d records, %d dropped for %q, code %d; want %d, %d, %q, 204",
					len(out.Records), out.Dropped, out.Reason, out.Code, tt.records, tt.dropped, tt.reason)
			}
			if got := headersOf(out)["X-Pixel-Status"]; got != tt.status {
				t.Errorf("status %q, want %q", got, tt.status)
			}
		})
	}
}

// Entries share request and query but not each other's values; ids tell the
// place in the array.
func TestBatchRows(t *testing.T) {
	out := answer(newPost("site=q&x=0", "text/plain", `[{"event":"a","x":1,"uid":"u"},7,{"site":"s"}]`))
	want := []cells{
		{"event_id": "req-1-1", "event": "a", "site": "q", "user_id": "u", "params": text{"x": "1,0"}},
		{"event_id": "req-1-3", "event": "view", "site": "s", "user_id": nil, "params": text{"site": "q", "x": "0"}},
	}
	if len(out.Records) != len(want) {
		t.Fatalf("%d records, want %d", len(out.Records), len(want))
	}
	for i := range want {
		check(t, row(t, &out.Records[i]), want[i])
	}
	if id := headersOf(out)["X-Pixel-Event"]; id != testID {
		t.Errorf("X-Pixel-Event = %q, want %q", id, testID)
	}
}

// One entry that was cut marks itself, a cut query marks every entry.
func TestBatchTruncated(t *testing.T) {
	long := "{" + strings.Repeat(`"x":1,`, maxPairs) + `"y":1}`
	tests := []struct {
		query string
		want  []bool
	}{
		{"", []bool{false, true, false}},
		{strings.Repeat("x=1&", maxPairs+1), []bool{true, true, true}},
	}
	for _, tt := range tests {
		out := answer(newPost(tt.query, "", "[{},"+long+",{}]"))
		for i, want := range tt.want {
			if got := out.Records[i].Truncated; got != want {
				t.Errorf("entry %d with %d bytes of query: truncated %v, want %v", i+1, len(tt.query), got, want)
			}
		}
	}
}

func TestDropBatch(t *testing.T) {
	out := answer(newPost("", "", `[{},{},3]`))
	out.Drop("storage")
	if out.Dropped != 3 || out.Reason != "storage" || len(out.Records) != 0 {
		t.Errorf("dropped %d for %q, %d records", out.Dropped, out.Reason, len(out.Records))
	}
	if got := headersOf(out)["X-Pixel-Status"]; got != "dropped; reason=storage" {
		t.Errorf("status %q", got)
	}
}

// The body belongs to the host, which reads the next one into it.
func TestBodyIsNotKept(t *testing.T) {
	for _, body := range []string{"site=abc&x=def", `{"site":"abc","x":"def"}`, `[{"site":"abc","x":"def"}]`, "{def"} {
		req := newPost("", "", body)
		out := answer(req)
		before := string(out.Records[0].AppendLine(nil))
		for i := range req.Body {
			req.Body[i] = '#'
		}
		if after := string(out.Records[0].AppendLine(nil)); after != before {
			t.Errorf("%s: record changed with the body:\n%s%s", body, before, after)
		}
	}
}
