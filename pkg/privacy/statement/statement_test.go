package statement_test

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/privacy/statement"
	"pixelctl/pkg/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it anew. got:\n%s", file, got)
	}
}

// strict is a spec that a strict reading has nothing to ask about.
func strict() spec.Spec {
	retention := 90
	return spec.Spec{
		Fields: []spec.Field{{
			Name: "hotel", Type: event.String, Description: "house of the chain",
			Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{"hotel"}}},
		}},
		Drop:        []string{"page_url", "page_query", "click_id", "city"},
		AllowParams: []string{"theme"},
		Privacy: spec.Privacy{
			IP: spec.None, User: spec.None, Visitor: spec.None, UserAgent: spec.Class, Referrer: spec.Origin,
			GPC: spec.DropHit, DNT: spec.Strip, Consent: spec.Consent{Require: "gdpr_consent"}, RetentionDays: &retention,
		},
	}
}

// everything is a spec in which all is on, and texts that are markup.
func everything() spec.Spec {
	return spec.Spec{
		Fields: []spec.Field{
			{
				Name: "guest_mail", Type: event.String, Personal: true, Description: "guest's <b>address</b> | *of mail*",
				Sources:    []spec.Source{{Kind: spec.FromCookie, Names: []string{"guest"}}, {Kind: spec.FromPage, Names: []string{"guest", "g"}}},
				Transforms: []spec.Transform{{Kind: spec.Lower}, {Kind: spec.SHA256, Salt: "secret salt"}},
			},
			{Name: "shop_host", Type: event.String, Sources: []spec.Source{{Kind: spec.FromHeader, Names: []string{"Origin"}}}, Transforms: []spec.Transform{{Kind: spec.URLHost}}},
			{Name: "room", Type: event.Int, Sources: []spec.Source{{Kind: spec.FromPath, Segment: 2}, {Kind: spec.Constant, Value: "1"}}},
			{Name: "gone", Type: event.Int, Retired: true, Sources: []spec.Source{{Kind: spec.FromCookie, Names: []string{"gone"}}}},
		},
		DenyParams: []string{"email"},
		Sites:      []string{"lisbon", "porto"},
		Privacy: spec.Privacy{
			IP: spec.Hash, User: spec.Hash, Visitor: spec.VisitorDaily, GPC: spec.Record, DNT: spec.DropHit,
			Consent: spec.Consent{Require: "agree", Without: spec.DropHit}, NetworkCookie: true,
		},
	}
}

func lives() map[string]statement.Live {
	return map[string]statement.Live{
		"default": {
			Stack: "pixel", Target: "local", Location: "/home/anna/.pixelctl/pixel", Endpoint: "http://127.0.0.1:8080",
			Buffer: time.Minute, Readers: []string{"Whoever can read the directory on this machine."},
		},
		"strict": {
			Stack: "hotels", Target: "aws", Location: "region eu-west-1, bucket hotels-data", Endpoint: "https://p.example",
			Spec: strict(), Buffer: 15 * time.Minute, RetentionDays: 90, ErrorsDays: 90, LogDays: 14, ResultsDays: 7,
			Readers: []string{"Roles of the account that may read the bucket.", "Amazon Web Services, as the processor that stores it."},
		},
		"everything": {
			Stack: "<b>x</b>", Target: "aws", Location: "<script>alert(1)</script> *eu*", Endpoint: "https://p.example/?a&b",
			Spec: everything(), Buffer: 90 * time.Second, RetentionDays: 1, Readers: []string{"1. <i>Everybody</i>", "# nobody"},
		},
	}
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	for name, live := range lives() {
		d := statement.Of(live)
		golden(t, name+".md", d.Markdown())
		page, err := d.HTML()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".html", page)
	}
}

// What an owner writes stays text in both forms.
func TestOwnersTextIsNoMarkup(t *testing.T) {
	t.Parallel()
	d := statement.Of(lives()["everything"])
	page, err := d.HTML()
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	texts := ""
	for n := range root.Descendants() {
		switch {
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "b" || n.Data == "i" || n.Data == "img"):
			t.Errorf("an element <%s> came in", n.Data)
		case n.Type == html.TextNode:
			texts += n.Data
		}
	}
	for _, want := range []string{"<script>alert(1)</script>", "guest's <b>address</b> | *of mail*", "1. <i>Everybody</i>"} {
		if !strings.Contains(texts, want) {
			t.Errorf("the page lacks the text %q", want)
		}
	}
	markdown := d.Markdown()
	for _, markup := range []string{"<script>", "<b>", "<i>", " *of", "- # ", "- 1. "} {
		if strings.Contains(markdown, markup) {
			t.Errorf("the Markdown has %q", markup)
		}
	}
	if strings.Contains(markdown+page, "secret salt") {
		t.Error("the statement shows the salt")
	}
}

// The page loads nothing: no address in an attribute, and a policy that says so.
func TestPageLoadsNothing(t *testing.T) {
	t.Parallel()
	for name, live := range lives() {
		page, err := statement.Of(live).HTML()
		if err != nil {
			t.Fatal(err)
		}
		_, style, _ := strings.Cut(page, "<style>")
		style, _, _ = strings.Cut(style, "</style>")
		sum := sha256.Sum256([]byte(style))
		if hash := html.EscapeString(base64.StdEncoding.EncodeToString(sum[:])); !strings.Contains(strings.ReplaceAll(page, "&#43;", "+"), "sha256-"+hash) {
			t.Errorf("%s: the policy does not allow the page's own style, %s", name, hash)
		}
		for _, part := range []string{" src=", " href=", "url(", "@import", " style="} {
			if strings.Contains(page, part) {
				t.Errorf("%s: %q in the page", name, part)
			}
		}
		for _, part := range []string{`<html lang="en">`, `content="default-src &#39;none&#39;; style-src &#39;sha256-`, "@media print", "color-scheme: light dark"} {
			if !strings.Contains(page, part) {
				t.Errorf("%s: no %q in the page", name, part)
			}
		}
	}
}

// Every column is told of once: as stored or as left empty.
func TestEveryColumnIsToldOf(t *testing.T) {
	t.Parallel()
	for name, live := range lives() {
		d := statement.Of(live)
		stored := map[string]bool{}
		absent := ""
		for _, s := range d.Sections {
			for _, b := range s.Blocks {
				for _, row := range b.Rows {
					stored[row[0]] = true
				}
				if s.ID == "absent" {
					absent += strings.Join(b.Items, "\n")
				}
			}
		}
		_, list, _ := strings.Cut(absent, "these columns stay empty: ")
		for _, c := range (event.Schema{}).Names() {
			empty := strings.Contains(" "+strings.ReplaceAll(list, ".", ",")+",", " "+c+",")
			if stored[c] == empty {
				t.Errorf("%s: %s is stored: %v, empty: %v", name, c, stored[c], empty)
			}
		}
		for _, f := range live.Spec.Fields {
			if stored[f.Name] == f.Retired {
				t.Errorf("%s: field %s is told of: %v", name, f.Name, stored[f.Name])
			}
		}
	}
}

// The statement follows each setting: another one, another text.
func TestStatementFollowsTheModes(t *testing.T) {
	t.Parallel()
	specs := map[string]spec.Spec{"open": privacytest.Spec()}
	for _, m := range privacy.Modes() {
		specs[string(m)] = privacytest.Spec(m)
	}
	for name, p := range map[string]spec.Privacy{
		"default": {}, "dnt: strip": {DNT: spec.Strip}, "dnt: drop": {DNT: spec.DropHit}, "consent": {Consent: spec.Consent{Require: "gpp"}},
		"consent: drop": {Consent: spec.Consent{Require: "gpp", Without: spec.DropHit}}, "cookie": {NetworkCookie: true},
		"cookie of 30 days": {NetworkCookie: true, CookieDays: 30},
	} {
		specs[name] = spec.Spec{Privacy: p}
	}
	seen := map[string]string{}
	for name, s := range specs {
		text := statement.Of(statement.Live{Spec: s}).Markdown()
		if other, ok := seen[text]; ok {
			t.Errorf("%s has the statement of %s", name, other)
		}
		if strings.Contains(text, "Mode ") {
			t.Errorf("%s: a mode has no words", name)
		}
		seen[text] = name
	}
}
