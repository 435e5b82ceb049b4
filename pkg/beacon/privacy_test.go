package beacon

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// planter is a hit that names a person in every way.
func planter(header http.Header) *Request {
	req := newRequest("uid=planted-u&vid=planted-v&sess=planted-s&url=https%3A%2F%2Fp.example%2Fpage%3Fq%3Dplanted-q&ref=https%3A%2F%2Fr.example%2Fx%3Fy%3Dplanted-r&card=planted-c&x=planted-x")
	h := http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; planted-a) Gecko/20100101 Firefox/144.0"}, "Accept-Language": {"de"}}
	maps.Copy(h, header)
	req.Header = h
	return req
}

func privateSpec(p spec.Privacy) spec.Spec {
	return spec.Spec{Privacy: p, Fields: []spec.Field{
		{Name: "card", Type: event.String, Sources: source(spec.FromQuery, "card"), Personal: true},
		{Name: "lang", Type: event.String, Sources: source(spec.FromHeader, "Accept-Language")},
	}}
}

// planted gives what of the person is in the line.
func planted(line []byte) []string {
	var found []string
	for _, p := range []string{"planted-u", "planted-v", "planted-s", "planted-q", "planted-r", "planted-c", "planted-x", "planted-a", "203.0.113"} {
		if strings.Contains(string(line), p) {
			found = append(found, strings.TrimPrefix(p, "planted-"))
		}
	}
	return found
}

func TestPrivacy(t *testing.T) {
	gpc, dnt := http.Header{"Sec-Gpc": {"1"}}, http.Header{"Dnt": {"1"}}
	all := []string{"u", "v", "s", "q", "r", "c", "x", "a", "203.0.113"}
	but := func(gone ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(gone, s) })
	}
	tests := []struct {
		name   string
		p      spec.Privacy
		header http.Header
		kept   []string
		want   cells
		status string
	}{
		{"default", spec.Privacy{}, nil, all, cells{"ip": "203.0.113.0", "ip_mode": "truncated"}, "recorded"},
		{"full address", spec.Privacy{IP: spec.IPFull}, nil, all, cells{"ip": "203.0.113.77", "ip_mode": "full"}, "recorded"},
		{"hashed address", spec.Privacy{IP: spec.Hash}, nil, but("203.0.113"), cells{"ip_mode": "hashed"}, "recorded"},
		{"no address", spec.Privacy{IP: spec.None}, nil, but("203.0.113"), cells{"ip": nil, "ip_mode": "none"}, "recorded"},
		{"no user", spec.Privacy{User: spec.None}, nil, but("u"), cells{"user_id": nil}, "recorded"},
		{"class only", spec.Privacy{UserAgent: spec.Class}, nil, but("a"), cells{"user_agent": nil, "client_class": "human"}, "recorded"},
		{"GPC strips", spec.Privacy{}, gpc, nil, cells{"gpc": true, "card": nil, "lang": "de", "page_url": "https://p.example/page"}, "recorded"},
		{"GPC drops", spec.Privacy{GPC: spec.DropHit}, gpc, nil, cells{"status": "dropped:gpc", "card": nil, "lang": nil, "page_url": nil, "gpc": true}, "dropped; reason=gpc"},
		{"GPC is recorded", spec.Privacy{GPC: spec.Record}, gpc, all, cells{"gpc": true}, "recorded"},
		{"DNT is recorded", spec.Privacy{}, dnt, all, cells{"dnt": true}, "recorded"},
		{"DNT drops", spec.Privacy{DNT: spec.DropHit}, dnt, nil, cells{"status": "dropped:dnt"}, "dropped; reason=dnt"},
		{"no consent strips", spec.Privacy{Consent: spec.Consent{Require: "gdpr_consent"}}, nil, nil, cells{"status": "recorded", "card": nil}, "recorded"},
		{"no consent drops", spec.Privacy{Consent: spec.Consent{Require: "ok", Without: spec.DropHit}}, nil, nil, cells{"status": "dropped:consent"}, "dropped; reason=consent"},
		{"consent by a parameter", spec.Privacy{Consent: spec.Consent{Require: "x", Without: spec.DropHit}}, nil, all, cells{"status": "recorded"}, "recorded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := answerWith(privateSpec(tt.p), planter(tt.header))
			line := out.Records[0].AppendLine(nil)
			if got := planted(line); !slices.Equal(got, tt.kept) {
				t.Errorf("of the person are kept %q, want %q\n%s", got, tt.kept, line)
			}
			check(t, row(t, &out.Records[0]), tt.want)
			if got := headersOf(out)["X-Pixel-Status"]; got != tt.status {
				t.Errorf("status %q, want %q", got, tt.status)
			}
		})
	}
}

func TestConsentValues(t *testing.T) {
	s := spec.Spec{Privacy: spec.Privacy{Consent: spec.Consent{Require: "gdpr_consent", Without: spec.DropHit}}}
	for query, want := range map[string]string{
		"gdpr_consent=CPzHq4A": "recorded", "gdpr_consent=": "dropped:consent", "gdpr_consent=0": "dropped:consent",
		"gdpr_consent=$%7BGDPR_CONSENT%7D": "dropped:consent", "gdpr_consent=no&gdpr_consent=CPz": "recorded", "gpp=DBA": "dropped:consent",
	} {
		out := answerWith(s, newRequest(query))
		if got := out.Records[0].Status; got != want {
			t.Errorf("%s: status %s, want %s", query, got, want)
		}
	}
	// Each entry of a batch brings its own, those of the URL hold for all.
	out := answerWith(s, newPost("", "", `[{"gdpr_consent":"CPz"},{}]`))
	if a, b := out.Records[0].Status, out.Records[1].Status; a != "recorded" || b != "dropped:consent" {
		t.Errorf("statuses %s, %s", a, b)
	}
}

// Classes are told before the user agent goes, hashes made before the address.
func TestOrderOfPrivacy(t *testing.T) {
	req := newRequest("")
	req.Header = http.Header{"User-Agent": {"curl/8.5"}}
	out := answerWith(spec.Spec{Privacy: spec.Privacy{UserAgent: spec.Class, IP: spec.None, Visitor: spec.VisitorDaily}}, req)
	got := row(t, &out.Records[0])
	check(t, got, cells{"user_agent": nil, "browser": "curl", "client_class": "bot", "ip": nil})
	if id, _ := got["visitor_id"].(string); len(id) != 16 {
		t.Errorf("visitor_id %v, want 16 hex digits", got["visitor_id"])
	}
}

func TestNetworkCookie(t *testing.T) {
	on := spec.Privacy{NetworkCookie: true, CookieDays: 30}
	first := answerWith(spec.Spec{Privacy: on}, newRequest(""))
	cookie := first.Cookie()
	if !strings.HasPrefix(cookie, privacy.CookieName+"=") || !strings.Contains(cookie, "; Max-Age=2592000; Secure; HttpOnly; SameSite=None; Partitioned") {
		t.Fatalf("cookie %q", cookie)
	}
	first.Headers(func(name, _ string) {
		if name == "Set-Cookie" {
			t.Error("the cookie is among the headers")
		}
	})
	id, _ := row(t, &first.Records[0])["network_id"].(string)
	if len(id) != 32 {
		t.Errorf("network_id %q, want 32 hex digits", id)
	}
	value, _, _ := strings.Cut(cookie, ";")
	tests := []struct {
		name   string
		p      spec.Privacy
		header http.Header
		id     any
		issued bool
	}{
		{"comes back", on, http.Header{"Cookie": {"a=b; " + value}}, id, false},
		{"forged", on, http.Header{"Cookie": {value[:len(value)-2] + "AA"}}, nil, true},
		{"off", spec.Privacy{}, http.Header{"Cookie": {value}}, nil, false},
		{"GPC", on, http.Header{"Cookie": {value}, "Sec-Gpc": {"1"}}, nil, false},
		{"GPC, new", on, http.Header{"Sec-Gpc": {"1"}}, nil, false},
		{"no visitor", spec.Privacy{NetworkCookie: true, Visitor: spec.None}, nil, nil, false},
		{"no consent", spec.Privacy{NetworkCookie: true, Consent: spec.Consent{Require: "ok"}}, nil, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := newRequest("")
			req.Header = tt.header
			out := answerWith(spec.Spec{Privacy: tt.p}, req)
			got := row(t, &out.Records[0])["network_id"]
			if tt.id != nil && got != tt.id || tt.id == nil && !tt.issued && got != nil || tt.issued && got == id {
				t.Errorf("network_id %v", got)
			}
			if (out.Cookie() != "") != tt.issued {
				t.Errorf("cookie %q", out.Cookie())
			}
		})
	}
	// Not without a key, a record that was stored, or a hit.
	b, err := New(Options{Spec: spec.Spec{Privacy: on}})
	if err != nil {
		t.Fatal(err)
	}
	var out Result
	b.Answer(newRequest(""), &out)
	if out.Cookie() != "" {
		t.Error("a cookie without a key")
	}
	first.Drop("storage")
	if first.Cookie() != "" {
		t.Error("a cookie without a record")
	}
	head := newRequest("")
	head.Method = "HEAD"
	if out := answerWith(spec.Spec{Privacy: on}, head); out.Cookie() != "" {
		t.Error("a cookie for HEAD")
	}
}
