package statement_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy/statement"
	"pixelctl/pkg/spec"
)

func TestCheckGolden(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range []struct {
		name string
		spec spec.Spec
	}{{"default", spec.Spec{}}, {"everything", everything()}} {
		fmt.Fprintf(&b, "%s\n", c.name)
		for _, f := range statement.Check(c.spec, 0) {
			fmt.Fprintf(&b, "  %s: %s -> %s: %s\n", f.Setting, f.Now, f.Strict, f.Why)
		}
	}
	golden(t, "check.txt", b.String())
}

func TestCheckOfAStrictSpec(t *testing.T) {
	t.Parallel()
	if got := statement.Check(strict(), 0); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// One change of a strict spec is one finding.
func TestCheckFindsOneChange(t *testing.T) {
	t.Parallel()
	field := func(personal bool, doc string, kind spec.SourceKind, names ...string) func(*spec.Spec) {
		return func(s *spec.Spec) {
			s.Fields = []spec.Field{{Name: "f", Type: event.String, Personal: personal, Description: doc, Sources: []spec.Source{{Kind: kind, Names: names}}}}
		}
	}
	hashes := func(name string) func(*spec.Spec) {
		return func(s *spec.Spec) {
			field(true, "d", spec.FromQuery, name)(s)
			s.Fields[0].Transforms = []spec.Transform{{Kind: spec.SHA256, Salt: "0123456789abcdef"}}
		}
	}
	for _, c := range []struct {
		want   string
		change func(*spec.Spec)
	}{
		{"privacy.ip", func(s *spec.Spec) { s.Privacy.IP = spec.IPFull }},
		{"privacy.ip", func(s *spec.Spec) { s.Privacy.IP = "" }},
		{"privacy.ip", func(s *spec.Spec) { s.Privacy.IP = spec.Hash }},
		{"privacy.user", func(s *spec.Spec) { s.Privacy.User = "" }},
		{"privacy.user", func(s *spec.Spec) { s.Privacy.User = spec.Hash }},
		{"privacy.visitor", func(s *spec.Spec) { s.Privacy.Visitor = "" }},
		{"privacy.visitor", func(s *spec.Spec) { s.Privacy.Visitor = spec.VisitorDaily }},
		{"privacy.user_agent", func(s *spec.Spec) { s.Privacy.UserAgent = "" }},
		{"privacy.referrer", func(s *spec.Spec) { s.Privacy.Referrer = "" }},
		{"", func(s *spec.Spec) { s.Privacy.Referrer = spec.None }},
		{"privacy.gpc", func(s *spec.Spec) { s.Privacy.GPC = spec.Record }},
		{"", func(s *spec.Spec) { s.Privacy.GPC = "" }},
		{"privacy.dnt", func(s *spec.Spec) { s.Privacy.DNT = "" }},
		{"privacy.consent.require", func(s *spec.Spec) { s.Privacy.Consent = spec.Consent{} }},
		{"privacy.network_cookie", func(s *spec.Spec) { s.Privacy.NetworkCookie = true; s.Privacy.Visitor = spec.None }},
		{"privacy.network_cookie privacy.network_cookie.days", func(s *spec.Spec) { s.Privacy.NetworkCookie = true; s.Privacy.CookieDays = 400 }},
		{"privacy.retention", func(s *spec.Spec) { s.Privacy.RetentionDays = nil }},
		{"privacy.retention", func(s *spec.Spec) { s.Privacy.RetentionDays = new(1000) }},
		{"allow_params", func(s *spec.Spec) { s.AllowParams = nil }},
		{"", func(s *spec.Spec) { s.AllowParams = nil; s.Drop = append(s.Drop, "params") }},
		{"drop drop drop drop", func(s *spec.Spec) { s.Drop = nil }},
		{"fields.f.personal", field(false, "d", spec.FromCookie, "c")},
		{"fields.f.personal", field(false, "d", spec.FromHeader, "User-Agent")},
		{"fields.f.personal", field(false, "d", spec.FromQuery, "hotel", "userId")},
		{"", field(false, "d", spec.FromQuery, "hotel")},
		{"", field(true, "d", spec.FromCookie, "c")},
		{"fields.f.description", field(true, "", spec.FromCookie, "c")},
		{"drop", field(true, "d", spec.FromPath)},
		{"", func(s *spec.Spec) { field(false, "d", spec.FromCookie, "c")(s); s.Fields[0].Retired = true }},
		{"", hashes("uid")},
		{"privacy.user fields.f.transform", func(s *spec.Spec) { hashes("uid")(s); s.Privacy.User = spec.Keep }},
		{"privacy.user", func(s *spec.Spec) { hashes("uid")(s); s.Privacy.User = spec.Hash }},
		{"privacy.visitor fields.f.transform", func(s *spec.Spec) { hashes("vid")(s); s.Privacy.Visitor = "" }},
		{"privacy.user", func(s *spec.Spec) { hashes("hotel")(s); s.Privacy.User = spec.Keep }},
		{"privacy.user", func(s *spec.Spec) { field(true, "d", spec.FromQuery, "uid")(s); s.Privacy.User = spec.Keep }},
	} {
		s := strict()
		s.Drop = slices.Clone(s.Drop)
		c.change(&s)
		var got []string
		for _, f := range statement.Check(s, 0) {
			got = append(got, f.Setting)
			if f.Now == "" || f.Strict == "" || f.Why == "" {
				t.Errorf("%+v says too little", f)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("got %v, want %s", got, c.want)
		}
	}
}
