//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package privacy_test

import (
	"strings"
	"testing"

	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// What SQL leaves of a row's URL is what a policy leaves of a hit's.
func TestCutSQL(t *testing.T) {
	t.Parallel()
	e, err := duck.Open(t.Context(), duck.Source{Data: t.TempDir()}, duck.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	cut := ""
	for _, c := range privacy.PersonalColumns(spec.Spec{}) {
		if c.Column == "page_url" {
			cut = c.SQL
		}
	}
	for _, url := range []string{
		"https://a.example/b/c?d=e#f", "https://a.example/b#f?d", "https://a.example?d", "https://anna:pw@a.example/b?c",
		"//a.example/b?c", "/b/c?d", "/b\n?anna\n", "android-app://com.example.mail/", "mailto:anna@a.example", "mailto:anna@a.example?cc=//b", "about:blank", "data:text/html,//anna", "anna",
	} {
		rows, err := e.Query(t.Context(), "SELECT "+cut+" FROM (SELECT '"+url+"' AS page_url)")
		if err != nil {
			t.Fatal(err)
		}
		row, err := rows.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, _ := row[0].(string)
		if want := privacy.WithoutQuery(url); got != want {
			t.Errorf("%s: SQL leaves %q, a policy %q", strings.ReplaceAll(url, "\n", "¶"), got, want)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
