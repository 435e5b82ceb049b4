package beacon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// mark stands in every place where a client can name a person.
const mark = "pl4nted-p3rson"

// richSpecs have all sources, transforms and modes of privacy between them.
func richSpecs() []spec.Spec {
	fields := []spec.Field{
		{Name: "f_sha", Sources: source(spec.FromQuery, "uid", "q"), Transforms: []spec.Transform{{Kind: spec.TrimTo}, {Kind: spec.SHA256, Salt: "s"}}, Required: true},
		{Name: "f_cut", Sources: source(spec.FromBody, "q", "a"), Transforms: []spec.Transform{{Kind: spec.Lower}, {Kind: spec.Cut, N: 9}}, Personal: true},
		{Name: "f_page", Sources: source(spec.FromPage, "q"), Personal: true},
		{Name: "f_head", Sources: source(spec.FromHeader, "x-fuzz"), Transforms: []spec.Transform{{Kind: spec.URLHost}}, Default: "none"},
		{Name: "f_cookie", Sources: source(spec.FromCookie, "c"), Transforms: []spec.Transform{{Kind: spec.Regexp, Pattern: `^(\S+)`}}, Personal: true},
		{Name: "f_path", Sources: []spec.Source{{Kind: spec.FromPath, Segment: 2}, {Kind: spec.Constant, Value: "c"}}},
		{Name: "f_url", Sources: source(spec.FromQuery, "url"), Transforms: []spec.Transform{{Kind: spec.URLPath}}, Personal: true},
		{Name: "f_map", Sources: source(spec.FromQuery, "q"), Transforms: []spec.Transform{{Kind: spec.MapTo, Values: map[string]string{"a": "b"}}}, Required: true},
	}
	for i := range fields {
		fields[i].Type = event.String
	}
	for _, kind := range []event.Type{event.Int, event.BigInt, event.Double, event.Boolean, event.Timestamp, event.Date} {
		fields = append(fields, spec.Field{Name: "n_" + string(kind), Type: kind, Sources: source(spec.FromQuery, "q", "value"), Required: true})
	}
	return []spec.Spec{
		{Fields: fields},
		{Fields: fields, Sites: []string{"shop"}, DenyParams: []string{"email"}, AliasesOff: []string{spec.Fathom}},
		{Fields: fields, AllowParams: []string{"q", "_body"}, Drop: []string{"language", "params"}, Privacy: spec.Privacy{
			IP: spec.Hash, User: spec.Hash, Visitor: spec.VisitorDaily, Referrer: spec.Origin, NetworkCookie: true, GPC: spec.DropHit, DNT: spec.Strip,
		}},
		{Fields: fields, Privacy: spec.Privacy{
			IP: spec.None, User: spec.None, Visitor: spec.None, UserAgent: spec.Class, Referrer: spec.None, GPC: spec.Record, DNT: spec.DropHit,
			Consent: spec.Consent{Require: "ok", Without: spec.DropHit},
		}},
		{Fields: fields, Privacy: spec.Privacy{IP: spec.IPFull, Consent: spec.Consent{Require: "gdpr_consent"}}},
	}
}

// FuzzSpec sends hits that name a person everywhere to stacks with rich specs.
func FuzzSpec(f *testing.F) {
	var beacons []*Beacon
	for _, s := range richSpecs() {
		b, err := New(Options{Collector: "fuzz", Spec: s, Keys: testKeys{}})
		if err != nil {
			f.Fatal(err)
		}
		beacons = append(beacons, b)
	}
	for _, s := range []string{
		"", "site=shop&q=a", "q=7&value=8", "ok=1&gdpr_consent=CPz", "site=other", "img=0", "tid=UA-1&t=event", "n=a&d=b&u=/c", strings.Repeat("q=%F0%9F%98%80&", 60),
		"p=/x&sid=y&cid=7", "email=a&_missing=b&_body=c",
	} {
		f.Add(s, "", "c=1; d", uint8(0))
		f.Add(s, `{"q":"1","a":{"email":"x","b":[1]},"site":"shop"}`, "", uint8(1))
		f.Add(s, `[{"q":"x"},{"email":[]},3]`, "c=\"x\"", uint8(2))
		f.Add(s, `{"email":`, ";;c=", uint8(3))
	}
	f.Fuzz(func(t *testing.T, query, body, cookie string, flags uint8) {
		req := newRequest(query + "&uid=" + mark + "&vid=" + mark + "&url=https%3A%2F%2Fa.example%2Fx%3Fq%3D" + mark + "&ref=https%3A%2F%2Fb.example%2F" + mark + "&email=" + mark + "&y=" + mark)
		header := http.Header{
			"User-Agent": {"Mozilla/5.0 " + mark}, "X-Fuzz": {"https://" + mark + "/"}, "Cookie": {cookie + "; c=" + mark}, "Referer": {"https://c.example/" + mark},
		}
		if flags&1 != 0 {
			header["Sec-Gpc"] = []string{"1"}
		}
		if flags&2 != 0 {
			header["Dnt"] = []string{"1"}
		}
		req.Header = header
		if flags&4 != 0 {
			req.Path = "/shop/label.gif"
		}
		if body != "" {
			req.Method, req.Body = "POST", []byte(body)
		}
		for i, b := range beacons {
			var out Result
			b.Answer(req, &out)
			verifyRich(t, fmt.Sprintf("spec %d", i), req, &out)
		}
	})
}

// verifyRich checks what holds for every spec.
func verifyRich(t *testing.T, name string, req *Request, out *Result) {
	t.Helper()
	if image := out.Code == 200 && len(out.Body) == len(gifImage); req.Method == "GET" && !image && out.Code != 204 {
		t.Errorf("%s: code %d with a body of %d", name, out.Code, len(out.Body))
	}
	recorded, dropped := out.Tally()
	if recorded+dropped == 0 || (out.Reason == "") != (dropped == 0) {
		t.Errorf("%s: %d recorded, %d dropped for %q", name, recorded, dropped, out.Reason)
	}
	out.Headers(func(header, value string) {
		if len(value) > 512 || !isPrintable(value) {
			t.Errorf("%s: header %s: %q", name, header, value)
		}
	})
	if c := out.Cookie(); c != "" && !isPrintable(c) {
		t.Errorf("%s: cookie %q", name, c)
	}
	for i := range out.Records {
		rec := &out.Records[i]
		line := rec.AppendLine(nil)
		if !json.Valid(line) || len(line) > event.MaxJSON+1 {
			t.Fatalf("%s: line of %d bytes: %.200q", name, len(line), line)
		}
		if rec.Status != event.StatusRecorded && strings.Contains(string(line), mark) {
			t.Errorf("%s: a dropped row names the person:\n%s", name, line)
		}
	}
}

func isPrintable(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
