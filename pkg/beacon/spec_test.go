package beacon

import (
	"net/http"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// source is a source of parameters.
func source(kind spec.SourceKind, names ...string) []spec.Source {
	return []spec.Source{{Kind: kind, Names: names}}
}

// hotels is a spec with a field of each source.
func hotels() spec.Spec {
	return spec.Spec{Fields: []spec.Field{
		{Name: "hotel", Type: event.String, Sources: source(spec.FromQuery, "hotel", "h"), Transforms: []spec.Transform{{Kind: spec.Lower}}},
		{Name: "nights", Type: event.Int, Sources: source(spec.FromQuery, "nights")},
		{Name: "price", Type: event.Double, Sources: source(spec.FromBody, "price")},
		{Name: "plan", Type: event.String, Sources: source(spec.FromHeader, "x-plan")},
		{Name: "theme", Type: event.String, Sources: source(spec.FromCookie, "theme"), Default: "light"},
		{Name: "shop", Type: event.String, Sources: []spec.Source{{Kind: spec.FromPath, Segment: 1}}},
		{Name: "room", Type: event.BigInt, Sources: source(spec.FromPage, "room")},
		{Name: "region", Type: event.String, Sources: []spec.Source{{Kind: spec.Constant, Value: "eu"}}},
		{Name: "old", Type: event.String, Sources: source(spec.FromQuery, "old"), Retired: true},
	}}
}

func TestFields(t *testing.T) {
	tests := []struct {
		name, query string
		header      http.Header
		want        cells
	}{
		{"all", "hotel=LISBON&nights=7&url=https%3A%2F%2Fa.example%2F%3Froom%3D12", http.Header{"X-Plan": {"pro"}, "Cookie": {"a=b; theme=dark"}}, cells{
			"hotel": "lisbon", "nights": 7.0, "price": nil, "plan": "pro", "theme": "dark", "shop": nil, "room": 12.0, "region": "eu", "params": nil,
		}},
		{"none", "", nil, cells{"hotel": nil, "nights": nil, "plan": nil, "theme": "light", "room": nil, "region": "eu", "params": nil}},
		{"first listed wins", "h=b&hotel=a", nil, cells{"hotel": "a", "params": text{"h": "b"}}},
		{"first of a name wins", "hotel=a&hotel=b", nil, cells{"hotel": "a", "params": text{"hotel": "b"}}},
		{"empty is none", "hotel=&h=b", nil, cells{"hotel": "b", "params": text{"hotel": ""}}},
		{"what does not fit stays", "nights=seven", nil, cells{"nights": nil, "params": text{"nights": "seven"}}},
		{"body is not query", "price=1.5", nil, cells{"price": nil, "params": text{"price": "1.5"}}},
		{"retired", "old=x", nil, cells{"old": nil, "params": text{"old": "x"}}},
		{"page is the Referer", "", http.Header{"Referer": {"https://a.example/?room=3&hotel=x"}}, cells{"room": 3.0, "hotel": nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := newRequest(tt.query)
			req.Header = tt.header
			out := answerWith(hotels(), req)
			check(t, row(t, &out.Records[0]), tt.want)
		})
	}
}

// A field may read what fills a built-in column: both have it.
func TestFieldOfABuiltIn(t *testing.T) {
	s := spec.Spec{Fields: []spec.Field{{Name: "customer", Type: event.String, Sources: source(spec.FromQuery, "uid")}}}
	out := answerWith(s, newRequest("uid=u1"))
	check(t, row(t, &out.Records[0]), cells{"user_id": "u1", "customer": "u1", "params": nil})
}

func TestFieldsOfBodies(t *testing.T) {
	out := answerWith(hotels(), newPost("hotel=q&nights=2", "text/plain", `{"price":12.5,"hotel":"body"}`))
	check(t, row(t, &out.Records[0]), cells{"price": 12.5, "hotel": "q", "nights": 2.0, "params": text{"hotel": "body"}})

	out = answerWith(hotels(), newPost("hotel=q", "text/plain", `[{"price":1},{"nights":3},{"price":"x"}]`))
	for i, want := range []cells{
		{"price": 1.0, "hotel": "q", "nights": nil, "params": nil},
		{"price": nil, "hotel": "q", "params": text{"nights": "3"}},
		{"price": nil, "hotel": "q", "params": text{"price": "x"}},
	} {
		check(t, row(t, &out.Records[i]), want)
	}
}

func TestFieldOfThePath(t *testing.T) {
	req := newRequest("")
	req.Path = "/my%20shop/footer.gif"
	out := answerWith(hotels(), req)
	check(t, row(t, &out.Records[0]), cells{"shop": "my shop", "site": "my shop"})
}

// A record without a required field is kept and says so.
func TestRequired(t *testing.T) {
	s := hotels()
	for i := range s.Fields {
		s.Fields[i].Required = s.Fields[i].Name == "hotel" || s.Fields[i].Name == "nights"
	}
	tests := []struct{ name, query, status, missing string }{
		{"there", "hotel=a&nights=1", "recorded", ""},
		{"one", "hotel=a", "recorded; missing=nights", "nights"},
		{"both, one does not fit", "nights=x", "recorded; missing=hotel,nights", "hotel,nights"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := answerWith(s, newRequest(tt.query+"&a=1"))
			got := row(t, &out.Records[0])
			params, _ := got["params"].(map[string]any)
			missing, _ := params["_missing"].(string)
			if missing != tt.missing || params["a"] != "1" || got["status"] != "recorded" {
				t.Errorf("params %v, status %v; want missing %q", params, got["status"], tt.missing)
			}
			if h := headersOf(out)["X-Pixel-Status"]; h != tt.status {
				t.Errorf("X-Pixel-Status %q, want %q", h, tt.status)
			}
		})
	}
	// A batch names what any of its records lacks, each record what it lacks itself.
	out := answerWith(s, newPost("", "", `[{"a":1},{"a":2}]`))
	if h := headersOf(out)["X-Pixel-Status"]; h != "recorded; count=2; missing=hotel,nights" {
		t.Errorf("X-Pixel-Status %q", h)
	}
	// A stripped record says so as well: names of fields tell about nobody.
	req := newRequest("a=1")
	req.Header = http.Header{"Sec-Gpc": {"1"}}
	out = answerWith(s, req)
	check(t, row(t, &out.Records[0]), cells{"params": text{"_missing": "hotel,nights"}, "gpc": true, "status": "recorded"})
	// It stands even where the record has no room for more parameters.
	out = answerWith(s, newRequest("_missing=forged&"+strings.Repeat("x&", 1)+manyKeys(event.MaxParams+5)))
	params, _ := row(t, &out.Records[0])["params"].(map[string]any)
	if params["_missing"] != "hotel,nights" || len(params) != event.MaxParams-1 {
		t.Errorf("%d params, _missing %v", len(params), params["_missing"])
	}
}

// manyKeys gives n parameters.
func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + strings.Repeat("x", i) + "=1&")
	}
	return b.String()
}

func TestParamLists(t *testing.T) {
	allow, deny := []string{"a", "props"}, []string{"email", "b"}
	tests := []struct {
		name        string
		s           spec.Spec
		query, body string
		want        text
	}{
		{"allow", spec.Spec{AllowParams: allow}, "a=1&b=2&A=3", "", text{"a": "1"}},
		{"deny", spec.Spec{DenyParams: deny}, "a=1&b=2&email=x", "", text{"a": "1"}},
		{"both", spec.Spec{AllowParams: []string{"a", "b"}, DenyParams: deny}, "a=1&b=2&c=3", "", text{"a": "1"}},
		{"deny an encoded name", spec.Spec{DenyParams: deny}, "%65mail=x&a=1", "", text{"a": "1"}},
		{"deny in a body", spec.Spec{DenyParams: deny}, "", `{"email":"x","a":1}`, text{"a": "1"}},
		{"deny deep in a body", spec.Spec{DenyParams: deny}, "", `{"props":{"email":"x","c":[{"email":"y","d":1},{"email":2}],"e":{ }}}`, text{"props": `{"c":[{"d":1},{}],"e":{}}`}},
		{"deny an escaped key", spec.Spec{DenyParams: deny}, "", `{"props":{"em\u0061il":"x","a":1}}`, text{"props": `{"a":1}`}},
		{"allow does not look inside", spec.Spec{AllowParams: allow}, "", `{"props":{"x":"y"},"b":1}`, text{"props": `{"x":"y"}`}},
		{"deny takes what cannot be read", spec.Spec{DenyParams: deny}, "", `{"email":"x",`, nil},
		{"allow takes what cannot be read", spec.Spec{AllowParams: allow}, "", `{"email":"x",`, nil},
		{"deny a consent", spec.Spec{DenyParams: []string{"gdpr_consent"}}, "gdpr_consent=CPz&a=1", "", text{"a": "1"}},
		{"a column that lost is a param", spec.Spec{DenyParams: []string{"idsite"}}, "site=a&idsite=b&aid=c", "", text{"aid": "c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := newRequest(tt.query)
			if tt.body != "" {
				req = newPost(tt.query, "application/json", tt.body)
			}
			out := answerWith(tt.s, req)
			check(t, row(t, &out.Records[0]), cells{"params": tt.want, "truncated": false})
		})
	}
}

// What a field keeps as a hash is nowhere as it came: not under its second name,
// not a second time, not deep in a body, and not when the field is retired.
func TestHashedParams(t *testing.T) {
	hashed := []spec.Transform{{Kind: spec.Regexp, Pattern: "^[0-9]+$"}, {Kind: spec.SHA256, Salt: "0123456789abcdef"}}
	s := spec.Spec{Fields: []spec.Field{
		{Name: "member", Type: event.String, Sources: append(source(spec.FromQuery, "member", "loyalty"), source(spec.FromBody, "card")...), Transforms: hashed},
		{Name: "old", Type: event.String, Sources: source(spec.FromQuery, "old"), Transforms: hashed, Retired: true},
	}}
	for _, query := range []string{"member=4711", "member=4711&member=4711&loyalty=4711", "loyalty=x4711", "card=4711", "old=4711"} {
		out := answerWith(s, newRequest(query+"&a=1"))
		check(t, row(t, &out.Records[0]), cells{"params": text{"a": "1"}})
	}
	out := answerWith(s, newPost("", "application/json", `{"card":"4711","member":"4711","a":{"card":"4711","b":1}}`))
	check(t, row(t, &out.Records[0]), cells{"params": text{"a": `{"b":1}`}})
}

// Keys that are not kept do not use up the room of those that are.
func TestDeniedParamsTakeNoRoom(t *testing.T) {
	out := answerWith(spec.Spec{AllowParams: []string{"last"}}, newRequest(manyKeys(event.MaxParams+10)+"last=1"))
	check(t, row(t, &out.Records[0]), cells{"params": text{"last": "1"}, "truncated": false})
}

func TestDropList(t *testing.T) {
	s := spec.Spec{Drop: []string{"user_agent", "ip", "params", "value", "is_bot", "client_ts", "screen_width", "none_such"}}
	req := newRequest("uid=u&value=3&ts=1783242611123&res=1x2&a=b")
	req.Header = http.Header{"User-Agent": {"curl/8.5"}}
	out := answerWith(s, req)
	check(t, row(t, &out.Records[0]), cells{
		"user_agent": nil, "ip": nil, "params": nil, "value": nil, "is_bot": nil, "client_ts": nil, "screen_width": nil,
		"screen_height": 2.0, "user_id": "u", "client_class": "bot", "bot_reason": "ua-library",
	})
}

// A hit of another site is answered, and leaves a row without a person.
func TestSites(t *testing.T) {
	s := hotels()
	s.Sites = []string{"a", "b"}
	req := newRequest("site=evil&uid=u&hotel=x&url=https%3A%2F%2Fp.example%2Fsecret&a=b")
	req.Header = http.Header{"User-Agent": {"Planted/1.0"}}
	out := answerWith(s, req)
	if out.Code != 200 || len(out.Body) != 43 || len(out.Records) != 1 {
		t.Fatalf("code %d, body of %d, %d records", out.Code, len(out.Body), len(out.Records))
	}
	got := row(t, &out.Records[0])
	check(t, got, cells{"status": "dropped:site", "site": "evil", "user_id": nil, "hotel": nil, "page_url": nil, "page_host": nil, "user_agent": nil, "ip": nil, "params": nil, "event_id": testID})
	h := headersOf(out)
	if h["X-Pixel-Status"] != "dropped; reason=site" || out.Reason != "site" {
		t.Errorf("status %q, reason %q", h["X-Pixel-Status"], out.Reason)
	}
	if recorded, dropped := out.Tally(); recorded != 0 || dropped != 1 {
		t.Errorf("tally %d, %d", recorded, dropped)
	}
	for query, want := range map[string]string{"site=a": "recorded", "site=b": "recorded", "site=A": "dropped:site", "": "dropped:site"} {
		out := answerWith(s, newRequest(query))
		check(t, row(t, &out.Records[0]), cells{"status": want})
	}
}

// A batch counts what is recorded and what is not.
func TestSitesOfABatch(t *testing.T) {
	s := spec.Spec{Sites: []string{"a"}}
	out := answerWith(s, newPost("", "", `[{"site":"a"},{"site":"b","uid":"u"},7,{"site":"a"}]`))
	if recorded, dropped := out.Tally(); recorded != 2 || dropped != 2 || len(out.Records) != 3 || out.Dropped != 1 {
		t.Errorf("tally %d, %d; %d records, %d left none", recorded, dropped, len(out.Records), out.Dropped)
	}
	if h := headersOf(out)["X-Pixel-Status"]; h != "recorded; count=2; dropped=2; reason=entry" {
		t.Errorf("status %q", h)
	}
	out.Drop("storage")
	if recorded, dropped := out.Tally(); recorded != 0 || dropped != 4 {
		t.Errorf("after Drop: tally %d, %d", recorded, dropped)
	}
	if h := headersOf(out)["X-Pixel-Status"]; h != "dropped; reason=storage" {
		t.Errorf("after Drop: status %q", h)
	}
}

func TestNewRefuses(t *testing.T) {
	_, err := New(Options{Spec: spec.Spec{Fields: []spec.Field{{Name: "x", Type: event.String, Sources: source(spec.FromQuery)}}}})
	if err == nil || err.Error() != "make beacon: compile field x: source query names no parameter" {
		t.Errorf("error %v", err)
	}
}
