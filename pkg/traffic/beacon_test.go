package traffic

import (
	"testing"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
)

// What is sent must arrive: the beacon has to read every hit as it was meant.
func TestTheBeaconReadsTheHits(t *testing.T) {
	for _, profile := range Profiles() {
		b, err := beacon.New(beacon.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out beacon.Result
		for _, h := range collect(Options{Count: 300, Seed: 2, Profile: profile, Site: "été/1", Days: 3, Now: fixed(noon)}) {
			b.Answer(&beacon.Request{
				Method: h.Method, Path: h.Path, RawQuery: h.Query, Header: h.Header, Body: h.Body,
				Time: event.Millis(noon.UnixMilli()), ID: "id",
			}, &out)
			if len(out.Records) != 1 {
				t.Fatalf("%s: hit %s leaves %d records", profile, h.ID, len(out.Records))
			}
			p, r := parameters(t, h), out.Records[0]
			if r.GPC { // strips what tells about a person, and so is the default
				if r.ClientEventID != "" || r.UserID != "" || r.VisitorID != "" || r.MessageID != "" {
					t.Fatalf("%s: hit with Sec-GPC keeps a person:\n%+v", profile, r)
				}
				h.ID = ""
				p.Del("uid")
				p.Del("vid")
				p.Del("mid")
			}
			if r.ClientEventID != h.ID || r.ClientClass != event.ClassSynthetic || r.Truncated ||
				r.ClientTS != event.Millis(h.At.UnixMilli()) || r.Site != "été/1" || r.Label == "" ||
				r.UTMCampaign != p.Get("utm_campaign") || r.UserID != p.Get("uid") || r.VisitorID != p.Get("vid") ||
				r.MessageID != p.Get("mid") || r.Value.Set != p.Has("value") {
				t.Fatalf("%s: hit\n%s\nis read as\n%+v", profile, text(h), r)
			}
		}
	}
}
