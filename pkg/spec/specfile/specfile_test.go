package specfile

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/spec"
)

func TestRead(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read("full.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	days := 395
	query := func(names ...string) []spec.Source { return []spec.Source{{Kind: spec.FromQuery, Names: names}} }
	want := spec.Spec{
		Fields: []spec.Field{
			{
				Name: "hotel", Type: event.String, Sources: append(query("hotel", "h"), spec.Source{Kind: spec.FromBody, Names: []string{"hotel"}}),
				Transforms: []spec.Transform{{Kind: spec.TrimTo}, {Kind: spec.Lower}, {Kind: spec.Cut, N: 64}}, Default: "unknown", Required: true, Description: "which house",
			},
			{Name: "nights", Type: event.Int, Sources: query("nights"), Default: "1"},
			{Name: "guest", Type: event.String, Sources: query("guest"), Personal: true, Transforms: []spec.Transform{{Kind: spec.SHA256, Salt: "0123456789abcdef"}}},
			{Name: "lang", Type: event.String, Sources: []spec.Source{{Kind: spec.FromHeader, Names: []string{"Accept-Language"}}}, Transforms: []spec.Transform{{Kind: spec.Regexp, Pattern: "^([a-z]+)"}}},
			{Name: "shop", Type: event.String, Sources: []spec.Source{{Kind: spec.Constant, Value: "eu"}}, Transforms: []spec.Transform{{Kind: spec.MapTo, Values: map[string]string{"eu": "Europe", "1": "one"}}}},
			{Name: "old", Type: event.Double, Sources: query("old"), Retired: true, Transforms: []spec.Transform{{Kind: spec.Cut, N: 12}}},
		},
		Drop: []string{"city"}, AllowParams: []string{"plan"}, DenyParams: []string{"email", "phone"}, Sites: []string{"shop", "7"},
		AliasesOff: []string{"matomo", "snowplow"},
		Privacy: spec.Privacy{
			IP: "hash", User: "none", Visitor: "daily", UserAgent: "class", Referrer: "origin", GPC: "drop", DNT: "strip",
			Consent: spec.Consent{Require: "gdpr_consent", Without: "drop"}, NetworkCookie: true, CookieDays: 30, RetentionDays: &days,
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %s\nwant %s", got.JSON(), want.JSON())
	}
}

func TestReadShort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]spec.Spec{
		"":                                   {},
		"# nothing\n":                        {},
		"target: local\nbuffer: [1, {a: b}]": {},
		"fields: []\nprivacy: {}":            {},
		"privacy: {consent: gpp}":            {Privacy: spec.Privacy{Consent: spec.Consent{Require: "gpp"}}},
		"privacy: {network_cookie: on}":      {Privacy: spec.Privacy{NetworkCookie: true}},
		"aliases: off":                       {AliasesOff: spec.Families()},
		"aliases: on":                        {},
		"sites: shop":                        {Sites: []string{"shop"}},
		"aliases: {seed: yes, ga: false}":    {AliasesOff: []string{"ga"}},
	} {
		if got, err := Read("f", []byte(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %s, %v", text, got.JSON(), err)
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"fields:\n  - name: a\n    type: strng\n    source: query:a": `f:3:11: field a: unknown type "strng" | did you mean "string"?`,
		"fields:\n  - nam: a":                               `f:2:5: fields[0]: unknown key "nam" | did you mean "name"?`,
		"fields: {a: b}":                                    "f:1:9: fields is no list | begin each field with - name: NAME",
		"fields:\n  - a":                                    "f:2:5: fields[0] is no mapping | write key: value lines; keys are name, type, source, transform, default, required, personal, description, retired",
		"fields:\n  - {name: a, type: int}":                 "f:2:5: field a has no source | such as source: query:a",
		"fields:\n  - {name: a, type: int, source: qery:a}": `f:2:34: fields[0].source: unknown source "qery" | did you mean "query"?`,
		"fields:\n  - {name: a, type: int, source: [query:a, 'header:Authorization']}":          `f:2:44: field a: header "Authorization" holds a password or a key | records hold no passwords: remove the field`,
		"fields:\n  - {name: a, type: string, source: query:a, transform: uper}":                `f:2:57: field a: unknown transform "uper" | one of lower, trim, cut, sha256, url-host, url-path, map, regexp`,
		"fields:\n  - {name: a, type: string, source: query:a, transform: cut x}":               `f:2:57: fields[0].transform[0]: cut "x" is no number of bytes | such as cut 64`,
		"fields:\n  - {name: a, type: string, source: query:a, transform: sha256}":              "f:2:57: fields[0].transform[0]: sha256 lacks its value | such as {sha256: SALT}, with a salt of 16 characters or more",
		"fields:\n  - {name: a, type: string, source: query:a, transform: {cut: 64, lower: 1}}": "f:2:57: fields[0].transform[0]: one transform an entry | such as [{cut: 64}, lower]",
		"fields:\n  - {name: a, type: string, source: query:a, required: maybe}":                `f:2:56: fields[0].required: "maybe" is neither true nor false | write true or false`,
		"fields:\n  - {name: a, name: b}":                                                       `f:2:15: key "name" is already set in line 2 | set it once`,
		"drop: [citty]":                                                                         `f:1:8: drop: unknown column "citty" | did you mean "city"?`,
		"sites: [[a]]":                                                                          "f:1:9: sites[0] takes a single value | ",
		"sites: ~":                                                                              "f:1:8: sites[0] has no value | write one, or remove the key",
		"privacy:\n  ip: truncat":                                                               `f:2:7: privacy.ip: unknown mode "truncat" | did you mean "truncate"?`,
		"privacy:\n  gcp: strip":                                                                `f:2:3: privacy: unknown key "gcp" | did you mean "gpc"?`,
		"privacy: {retention: soon}":                                                            `f:1:22: privacy.retention: "soon" is no number of days | such as 395d for 13 months, or 0 to keep rows for ever`,
		"privacy: {network_cookie: {days: 400}}":                                                "f:1:34: privacy.network_cookie: 400 days, 1 to 396 are possible | 396 days are 13 months, the most that supervisors of privacy accept",
		"privacy: {network_cookie: {days: 0}}":                                                  "f:1:34: privacy.network_cookie.days: 0 days would be no cookie | write network_cookie: off",
		"privacy: {consent: 'a b'}":                                                             `f:1:20: privacy.consent.require: "a b" has one of & = # , or a space | gdpr_consent, gpp, or the name of a parameter`,
		"aliases: {matmo: off}":                                                                 `f:1:11: aliases: unknown key "matmo" | did you mean "matomo"?`,
		"aliases: 7":                                                                            `f:1:10: aliases: "7" is neither true nor false | write true or false`,
		"privacy: [a]":                                                                          "f:1:10: privacy is no mapping | write key: value lines; keys are ip, user, visitor, user_agent, referrer, gpc, dnt, consent, network_cookie, retention",
		"fields: [":                                                                             "f:1: not YAML: did not find expected node content | ",
		"- a":                                                                                   "f:1:1: not a mapping of settings | write one setting a line, such as: fields: []",
		"fields: &x [*x]":                                                                       "f:1:13: fields[0] is no mapping | write key: value lines; keys are name, type, source, transform, default, required, personal, description, retired",
	} {
		ps := Check("f", []byte(text))
		if len(ps) != 1 {
			t.Errorf("%q: %d mistakes, want 1: %+v", text, len(ps), ps)
			continue
		}
		if got := strings.TrimPrefix(ps[0].Place+": "+ps[0].Message, "f: f") + " | " + ps[0].Hint; got != want {
			t.Errorf("%q\ngot  %s\nwant %s", text, got, want)
		}
		if _, err := Read("f", []byte(text)); fault.KindOf(err) != fault.Usage || fault.HintOf(err) != ps[0].Hint {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// All mistakes are told, in the order of the file.
func TestOrder(t *testing.T) {
	t.Parallel()
	text := "privacy: {ip: no}\nfields:\n  - {name: date, type: x, source: query:a}\ndrop: [nope]\n"
	var places []string
	for _, p := range Check("f", []byte(text)) {
		places = append(places, p.Place)
	}
	if got := strings.Join(places, " "); got != "f:1:15 f:3:12 f:3:24 f:4:8" {
		t.Errorf("got %s", got)
	}
	if _, err := Read("f", []byte(text)); err == nil || !strings.Contains(err.Error(), "and 3 more problems") {
		t.Errorf("got %v", err)
	}
}

func TestPresent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": false, "target: local": false, "fields: []": true, "a: b\nprivacy: {}": true, "[": false, "- fields": false} {
		if got := Present([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// Whatever a file holds, it gives a spec that is valid or mistakes with a place.
func FuzzSpecFile(f *testing.F) {
	data, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	for _, s := range []string{"fields: &a [*a]", "fields:\n- {name: x, type: int, source: const:7}", "aliases: {seed: off}", "a: &x {<<: *x}", "privacy: {consent: ~}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read("f", []byte(text))
		if err == nil {
			if err := s.Validate(); err != nil {
				t.Errorf("%q was taken, but %v", text, err)
			}
			return
		}
		for _, p := range Check("f", []byte(text)) {
			if !strings.HasPrefix(p.Place, "f") || p.Message == "" {
				t.Errorf("%q: %+v", text, p)
			}
		}
	})
}
