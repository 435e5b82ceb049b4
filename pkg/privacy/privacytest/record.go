package privacytest

import (
	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
)

// Time is when the hit of Record came.
const Time event.Millis = 1_783_242_245_123 // 2026-07-05 09:04:05.123

// Record returns the case's hit as the beacon hands it to a policy: every
// column has a value, the personal ones those that were planted.
func (c Case) Record() event.Record {
	fields := c.Spec.Schema().Fields()
	return event.Record{
		SchemaVersion: event.SchemaVersion, EventID: "e-1", ReceivedAt: Time,
		Event: event.DefaultEvent, Site: "shop", ClientClass: event.ClassUnknown,
		UserID: user, VisitorID: visitor, NetworkID: network, SessionID: session, ClientEventID: eventID,
		Label: "footer", MessageID: message,
		PageURL:  "https://shop.example/rooms?q=" + pageQuery + "#" + pageHash,
		PageHost: "shop.example", PagePath: "/rooms", PageQuery: "q=" + pageQuery, PageTitle: "Rooms",
		ReferrerURL: "https://search.example/" + refPath + "?q=" + refQuery, ReferrerHost: "search.example",
		UTMSource: "news", UTMMedium: "mail", UTMCampaign: "july", UTMTerm: "sea", UTMContent: "top", UTMID: "7",
		ClickID: click, ClickIDPlatform: "google",
		Country: "PT", Region: "11", City: city,
		UserAgent: c.Header.Get("User-Agent"), Browser: "Firefox", BrowserVersion: "140.0", OS: "Linux", OSVersion: "6",
		Device: "desktop", Language: "de-DE", IsBot: event.Some(true), BotReason: "al-missing", DNT: true,
		GPC: c.Header.Get("Sec-Gpc") == "1", Truncated: true, Status: event.StatusRecorded, Method: c.Method, Host: "t.example", Path: "/p.gif",
		ScreenWidth: event.Some[int32](1920), ScreenHeight: event.Some[int32](1080), ClientTS: Time, Value: event.Some(0.5),
		Params: []event.Param{
			{Key: "x", Value: param}, {Key: "guest", Value: guest}, {Key: "hotel", Value: hotel}, {Key: "gdpr_consent", Value: "true"},
		},
		Collector: "pixelctl/test",
		Fields:    []event.Value{{Field: &fields[0], Text: guest}, {Field: &fields[1], Text: hotel}},
	}
}

// Facts returns what the record does not hold.
func (c Case) Facts(keys privacy.Keys) privacy.Facts {
	return privacy.Facts{Peer: c.Peer, Time: Time, Keys: keys}
}
