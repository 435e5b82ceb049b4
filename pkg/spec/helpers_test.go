package spec

import (
	"strings"
	"testing"

	"pixelctl/pkg/event"
)

const salt = "0123456789abcdef"

// hotel is a valid field.
func hotel() Field {
	return Field{Name: "hotel", Type: event.String, Sources: []Source{{Kind: FromQuery, Names: []string{"hotel", "h"}}}}
}

func nights() Field {
	return Field{Name: "nights", Type: event.Int, Sources: []Source{{Kind: FromBody, Names: []string{"nights"}}}}
}

// with returns hotel changed.
func with(change func(*Field)) Spec {
	f := hotel()
	change(&f)
	return Spec{Fields: []Field{f}}
}

// full is a valid spec with every key.
func full() Spec {
	days := 395
	return Spec{
		Fields: []Field{
			{
				Name: "hotel", Type: event.String, Default: "unknown", Required: true, Description: "which house, in <short>",
				Sources:    []Source{{Kind: FromQuery, Names: []string{"hotel", "h"}}, {Kind: FromPath, Segment: 2}, {Kind: Constant, Value: "none"}},
				Transforms: []Transform{{Kind: TrimTo}, {Kind: Lower}, {Kind: Cut, N: 64}},
			},
			{Name: "guest", Type: event.String, Personal: true, Sources: []Source{{Kind: FromCookie, Names: []string{"guest"}}}, Transforms: []Transform{{Kind: SHA256, Salt: salt}}},
			{Name: "lang", Type: event.String, Sources: []Source{{Kind: FromHeader, Names: []string{"Accept-Language"}}}, Transforms: []Transform{{Kind: MapTo, Values: map[string]string{"de": "German", "fr": "French"}}}},
			{Name: "room", Type: event.Int, Sources: []Source{{Kind: FromPage, Names: []string{"room"}}}, Transforms: []Transform{{Kind: URLPath}, {Kind: Regexp, Pattern: `^/(\d+)$`}}},
			{Name: "old_price", Type: event.Double, Retired: true},
		},
		Drop: []string{"city", "region"}, AllowParams: []string{"plan", "page size"}, DenyParams: []string{"email"},
		Sites: []string{"shop", "blog"}, AliasesOff: []string{Matomo},
		Privacy: Privacy{
			IP: Hash, User: Hash, Visitor: VisitorDaily, UserAgent: Class, Referrer: Origin, GPC: DropHit, DNT: Strip,
			Consent: Consent{Require: "gdpr_consent", Without: Strip}, NetworkCookie: true, CookieDays: 30, RetentionDays: &days,
		},
	}
}

// text is a problem as the tests have it: path: message | hint.
func text(p Problem) string { return p.Path + ": " + p.Message + " | " + p.Hint }

func wantProblems(t *testing.T, s Spec, want ...string) {
	t.Helper()
	got := make([]string, 0, len(want))
	for _, p := range s.Problems() {
		got = append(got, text(p))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
