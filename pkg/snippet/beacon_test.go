package snippet

import (
	"net/url"
	"testing"

	"pixelctl/pkg/beacon"
)

// The beacon must read the very names that the snippet was made with.
func TestTheBeaconReadsTheURL(t *testing.T) {
	b, err := beacon.New(beacon.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []Form{URL, AMP} {
		for _, name := range hostile {
			o := Options{Endpoint: "https://e.example", Form: form, Campaign: name, Site: name, Label: name}
			target, err := newTarget(o)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(target.url())
			if err != nil {
				t.Fatal(err)
			}
			var out beacon.Result
			b.Answer(&beacon.Request{Method: "GET", Path: u.EscapedPath(), RawQuery: u.RawQuery, ID: "id"}, &out)
			if len(out.Records) != 1 {
				t.Fatalf("%s, %q: %d records", form, name, len(out.Records))
			}
			if r := out.Records[0]; r.UTMCampaign != name || r.Site != name || r.Label != name {
				t.Errorf("%s, %q: campaign %q, site %q, label %q", form, name, r.UTMCampaign, r.Site, r.Label)
			}
		}
	}
}
