package beacon

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// verify answers req and checks what holds for every answer.
func verify(t *testing.T, req *Request) {
	t.Helper()
	out := answer(req)
	if !slices.Contains([]int{200, 204, 404, 405}, out.Code) {
		t.Errorf("code %d", out.Code)
	}
	if (out.Reason == "") != (out.Dropped == 0) {
		t.Errorf("%d dropped for %q", out.Dropped, out.Reason)
	}
	seen := map[string]bool{}
	out.Headers(func(name, value string) {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) || value == "" {
			t.Errorf("header %s: %q", name, value)
		}
		if seen[name] {
			t.Errorf("header %s twice", name)
		}
		seen[name] = true
	})
	for i := range out.Records {
		verifyLine(t, out.Records[i].AppendLine(nil))
	}
}

func verifyLine(t *testing.T, line []byte) {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil || strings.Count(string(line), "\n") != 1 {
		t.Fatalf("record is no line of JSON: %v\n%q", err, line)
	}
	if len(line) > 5120 {
		t.Errorf("record has %d bytes", len(line))
	}
	for _, name := range []string{"schema_version", "event_id", "received_at", "event", "site", "client_class"} {
		if v := m[name]; v == nil || v == "" {
			t.Errorf("%s is empty", name)
		}
	}
	if m["ip"] != "203.0.113.0" || m["received_at"] != "2026-07-05 09:10:11.123" {
		t.Errorf("ip %v, received_at %v", m["ip"], m["received_at"])
	}
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		"", "site=a&uid=b", "thirdpartyname=a&userid=b", "a=1&a=2&a=3", "x=%", "x=%zz&y=%4", "a+b=c+d", "=&&==&=x",
		"url=https%3A%2F%2Fa.example%2F%3Futm_source%3Db%2526c&ref=data:,x", "ts=1783242611123&cdt=2026-07-05+09:10:11",
		"value=1e308&value=NaN&res=1x2&s=1,2,3", "sid=a&site=b&vid=1&duid=c", "x=%00%0D%0A%FF%C3", "p=%2F%3F&e=1&r=5",
		"gdpr_consent=x&gpp=y&img=0", strings.Repeat("%F0%9F%98%80=%22&", 200), typical().RawQuery,
	} {
		f.Add(s, "GET")
	}
	f.Add("img=0", "HEAD")
	f.Add("site=a", "OPTIONS")
	f.Add("site=a", "P\x00T")
	f.Fuzz(func(t *testing.T, query, method string) {
		req := newRequest(query)
		req.Method = method
		verify(t, req)
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("", "", "", "", "", "")
	f.Add("https://a.example/?utm_source=b", "Mozilla/5.0", "de-DE,de;q=0.9", "https://a.example", "px.example", "id")
	f.Add("data:text/html,x", "a\r\nb", ";,", "null", "[::1]:80", "a\r\nb: c")
	f.Add(strings.Repeat("/", 10_000), strings.Repeat("\x00", 10_000), strings.Repeat("\xff", 10_000), strings.Repeat("a", 600), "ÄÖ\xff", "\x00")
	f.Add("http://[::1", "\xed\xa0\x80", "  ", "https://a\r\nSet-Cookie: b", "", "é")
	f.Fuzz(func(t *testing.T, referer, agent, language, origin, host, id string) {
		for _, method := range []string{"GET", "OPTIONS"} {
			req := newRequest("")
			req.Method, req.Host = method, host
			req.ID = id + "x" // never empty, by contract
			req.Header = http.Header{
				"Referer": {referer}, "User-Agent": {agent}, "Accept-Language": {language}, "Origin": {origin},
				"Dnt": {agent}, "Sec-Gpc": {agent}, "X-Pixelctl-Synthetic": {language},
			}
			verify(t, req)
		}
	})
}

func FuzzBody(f *testing.F) {
	for _, s := range []string{
		"", "site=a&x=1+2", `{"site":"a","n":1.5,"o":{"a":[1,"}"]},"z":null}`, `[{"a":1},2,{"b":"\u00e9"}]`, "[]", "{}", `[[],[{}]]`,
		`{"a":"\\","b":"\"}"}`, `{"a":"\ud800"}`, `{"a"`, "[{", "\ufeff{}", "{\"\":\"\",\"\x7f\":\"\xff\"}", "[1,]", `"x"`, "-1e5",
		"[" + strings.Repeat(`{"x":"y"},`, 600) + "{}]", strings.Repeat("[", 300) + strings.Repeat("]", 300),
	} {
		f.Add("site=q&x=0", "text/plain", []byte(s))
		f.Add("", "application/json", []byte(s))
	}
	f.Add("", "application/x-www-form-urlencoded", []byte("a=%&b=%zz"))
	f.Add("", "multipart/form-data", []byte("--x\r\n"))
	f.Fuzz(func(t *testing.T, query, contentType string, body []byte) {
		req := newPost(query, contentType, string(body))
		verify(t, req)
	})
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{
		"/p.gif", "/i.gif", "/a/b.gif", "/robots.txt", "/health", "/", "", "*", "/%zz/%.gif", "/a%2Fb/c+d.gif", "//.gif", "/a/.gif",
		"/\x00/\r\n.gif", "/" + strings.Repeat("é", 3000) + "/b.gif", "/../../etc/passwd.gif", "/%00/%ff.gif",
	} {
		f.Add(s, "site=a&label=b&sid=c")
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		req := newRequest(query)
		req.Path = path
		verify(t, req)
	})
}
