package snippet

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// row is one line of an answer, by column name.
type row map[string]any

// Names and values as somebody who does not know of escaping would choose, or
// who knows it well.
const (
	meanCampaign = `Été "50%" off & 'more' </script><!-- <b>🏨`
	meanSite     = `shop & "co's" 店`
	meanTitle    = `5 < 6 & "7" </title> 🏨`
	pageQuery    = "?utm_source=news&utm_campaign=of+the+page&q=%22a%26b%22"
	fromPage     = "http://news.example/story?id=7"
)

// tells says whether a script reads the page for the hit.
func (c browserCase) tells() bool { return c.form == JS && !c.noScripts }

// wantRow is what each row of a case must hold; nil is NULL.
func (r *browserRig) wantRow(c browserCase, f facts, address string) row {
	method, _, _ := strings.Cut(c.requests[0], " ")
	want := row{
		"event": "view", "site": meanSite, "label": c.label, "method": method,
		"host": strings.TrimPrefix(r.endpoint, "http://"), "path": "/" + meanSite + "/" + c.label + ".gif",
		"utm_campaign": meanCampaign, "utm_source": "news", "q": meanCampaign, "others": int64(1),
		"page_url": address, "page_host": "localhost", "page_path": "/" + c.name,
		"page_title": nil, "referrer_url": nil, "referrer_host": nil, "screen_width": nil, "screen_height": nil,
		"language": "en-US", "truncated": false, "status": "recorded",
	}
	if strings.Contains(c.label, "/") {
		want["path"] = "/p.gif"
	}
	if c.origin {
		want["page_url"], want["page_path"], want["utm_source"] = r.site+"/", "/", nil
	}
	if c.tells() {
		want["page_title"], want["screen_width"], want["screen_height"] = meanTitle, f.Width, f.Height
		want["referrer_url"], want["referrer_host"] = f.Referrer, "news.example"
	}
	return want
}

func checkRow(t *testing.T, got, want row) {
	t.Helper()
	path, _ := got["path"].(string)
	if decoded, err := url.PathUnescape(path); err == nil {
		got["path"] = decoded
	}
	for _, column := range slices.Sorted(maps.Keys(want)) {
		if got[column] != want[column] {
			t.Errorf("%s is %#v, want %#v", column, got[column], want[column])
		}
	}
	if agent, _ := got["user_agent"].(string); !strings.Contains(agent, "Chrome/") {
		t.Errorf("user_agent is %q", agent)
	}
}

// checkClientTime allows a minute: browsers may blur their clock.
func checkClientTime(t *testing.T, got row, tells bool) {
	t.Helper()
	received, _ := got["received_at"].(time.Time)
	client, given := got["client_ts"].(time.Time)
	if given != tells {
		t.Errorf("client_ts is %v", got["client_ts"])
	}
	if given && received.Sub(client).Abs() > time.Minute {
		t.Errorf("client_ts is %s, received_at %s", client, received)
	}
}
