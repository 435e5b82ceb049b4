package beacon

import "pixelctl/pkg/event"

// field is what a parameter means. Fields are filled in this order.
type field uint8

const (
	other     field = iota // goes to params under its own name
	unstored               // cache busters
	imageWish              // img=0: no image wanted
	consent                // stored as present only
	siteField
	eventField
	userField
	visitorField
	sessionField
	clientEventField
	labelField
	messageField
	urlField
	pathField // after urlField, which beats it
	titleField
	referrerField
	utmSource // campaign fields: also read from the query of page_url
	utmMedium
	utmCampaign
	utmTerm
	utmContent
	utmID
	clickPlatform // before clickField, which fills it when it is empty
	clickField
	screenField
	clientTime
	valueField
	fieldCount
)

// meaning is one field: its parameter names, first listed first, and the
// column it fills, either directly or by a conversion that can refuse.
type meaning struct {
	fills  string // the column, or what becomes of the parameter
	names  []alias
	column func(*event.Record) *string
	set    func(*event.Record, *pair) bool
}

// alias is one parameter name.
type alias struct {
	text string
	of   family // 0: the project's own name, always understood
	in   form   // the form of hit in which it has this meaning
}

// Ranks of names with a meaning of their own within their field.
const (
	rankSid    = 4 // siteField
	rankE      = 1 // eventField
	rankNamed  = 3 // eventField: from here on, trackers' names of a page view are views
	rankVid    = 0 // visitorField
	rankDuid   = 1
	rankCid    = 3
	rankCdt    = 3 // clientTime
	rankWidths = 3 // screenField: from here on, a width alone
)

// meanings is what parameters can be called: the project's own name first,
// then those of other trackers. Some names mean one thing to one tracker and
// another to the next:
//
//	p    GoatCounter and Fathom: the path, which starts with a slash;
//	     Snowplow: the platform (web, mob); Plausible: properties as JSON.
//	     A path is the path, anything else goes to params.
//	sid  Fathom: the site; Snowplow, GA4: the session. It is the session where
//	     something better names the site, and beside tid.
//	vid  Snowplow: the count of visits, where duid names the visitor.
//	cid  Matomo, Google: the visitor; Fathom: a random number, which is no
//	     visitor, so that digits beside Fathom's sid go to params.
//	e    Snowplow: the event's kind (pv, se, ue); GoatCounter: a flag.
//	r    GoatCounter, Fathom, Plausible: the referrer; Matomo: a random
//	     number, so that digits alone go to params.
//	t    GoatCounter: the title; Google beside tid: the kind of hit.
//	u    Plausible beside n and d: the page; Fathom: a flag, left in params.
//	s    GoatCounter: the screen; Matomo: the second, left in params.
//	tid  Google: the property (UA-…, G-…), which makes the hit one of Google's;
//	     Snowplow: a random number, left in params.
//	cs   Google beside tid: the campaign's source; Snowplow, Matomo: the
//	     character set, left in params.
//	h, q, z, v, w, name, domain: only in the form of hit that owns them.
//	uid, url, res, event mean the same to all who use them.
var meanings = [fieldCount]meaning{
	unstored:  {fills: "not stored", names: []alias{{"rnd", 0, plain}, {"rand", matomo, plain}, {"z", ga, google}}},
	imageWish: {fills: "the answer: 0 is without an image", names: []alias{{"img", 0, plain}, {"send_image", matomo, plain}}},
	consent:   {fills: "params, as true", names: []alias{{"gdpr_consent", 0, plain}, {"gpp", 0, plain}}},

	siteField: {fills: "site", names: []alias{
		{"site", 0, plain},
		{"aid", snowplow, plain},
		{"idsite", matomo, plain},
		{"tid", ga, google},
		{"sid", fathom, plain},
		{"appId", clickstream, plain},
		{"app_id", clickstream, plain},
		{"d", plausible, short},
		{"domain", plausible, short},
		{"thirdpartyname", seed, plain},
	}, column: func(r *event.Record) *string { return &r.Site }},
	eventField: {fills: "event", names: []alias{
		{"event", 0, plain},
		{"e", snowplow | goatcounter, plain},
		{"e_a", matomo, plain},
		{"event_type", clickstream, plain},
		{"n", plausible, short},
		{"name", plausible, short},
		{"en", ga, google},
		{"ea", ga, google},
		{"t", ga, google},
	}, set: setEvent},
	userField: {fills: "user_id", names: []alias{
		{"uid", 0, plain}, {"userid", seed, plain}, {"user_id", 0, plain}, {"userId", rudder, plain},
	}, column: func(r *event.Record) *string { return &r.UserID }},
	visitorField: {fills: "visitor_id", names: []alias{
		{"vid", 0, plain},
		{"duid", snowplow, plain},
		{"_id", matomo, plain},
		{"cid", matomo | ga, plain},
		{"anonymousId", rudder, plain},
		{"unique_id", clickstream, plain},
	}, column: func(r *event.Record) *string { return &r.VisitorID }},
	sessionField: {fills: "session_id", names: []alias{
		{"sess", 0, plain}, {"sid", snowplow, plain}, {"sid", ga, google},
	}, column: func(r *event.Record) *string { return &r.SessionID }},
	clientEventField: {fills: "client_event_id", names: []alias{
		{"eid", 0, plain}, {"messageId", rudder, plain},
	}, column: func(r *event.Record) *string { return &r.ClientEventID }},
	labelField:   {fills: "label", names: []alias{{"label", 0, plain}}, column: func(r *event.Record) *string { return &r.Label }},
	messageField: {fills: "message_id", names: []alias{{"mid", 0, plain}}, column: func(r *event.Record) *string { return &r.MessageID }},

	urlField: {fills: "page_url", names: []alias{
		{"url", 0, plain}, {"dl", ga, plain}, {"u", plausible, short}, {"context.page.url", rudder, plain},
	}, column: func(r *event.Record) *string { return &r.PageURL }},
	pathField: {fills: "page_path", names: []alias{
		{"p", goatcounter | fathom, plain}, {"context.page.path", rudder, plain}, {"dp", ga, google},
	}, set: setPath},
	titleField: {fills: "page_title", names: []alias{
		{"title", 0, plain},
		{"page", snowplow, plain},
		{"action_name", matomo, plain},
		{"t", goatcounter, plain},
		{"context.page.title", rudder, plain},
		{"dt", ga, google},
	}, column: func(r *event.Record) *string { return &r.PageTitle }},
	referrerField: {fills: "referrer_url", names: []alias{
		{"ref", 0, plain},
		{"refr", snowplow, plain},
		{"urlref", matomo, plain},
		{"r", goatcounter | fathom | plausible, plain},
		{"referrer", plausible, plain},
		{"context.page.referrer", rudder, plain},
		{"dr", ga, google},
	}, set: setReferrer},

	utmSource: {fills: "utm_source", names: []alias{
		{"utm_source", ga, plain}, {"mtm_source", matomo, plain}, {"pk_source", matomo, plain}, {"cs", ga, google},
	}, column: func(r *event.Record) *string { return &r.UTMSource }},
	utmMedium: {fills: "utm_medium", names: []alias{
		{"utm_medium", ga, plain}, {"mtm_medium", matomo, plain}, {"pk_medium", matomo, plain}, {"cm", ga, google},
	}, column: func(r *event.Record) *string { return &r.UTMMedium }},
	utmCampaign: {fills: "utm_campaign", names: []alias{
		{"utm_campaign", ga, plain}, {"mtm_campaign", matomo, plain}, {"pk_campaign", matomo, plain}, {"_rcn", matomo, plain}, {"cn", ga, google},
	}, column: func(r *event.Record) *string { return &r.UTMCampaign }},
	utmTerm: {fills: "utm_term", names: []alias{
		{"utm_term", ga, plain},
		{"mtm_keyword", matomo, plain},
		{"mtm_kwd", matomo, plain},
		{"pk_keyword", matomo, plain},
		{"pk_kwd", matomo, plain},
		{"_rck", matomo, plain},
		{"ck", ga, google},
	}, column: func(r *event.Record) *string { return &r.UTMTerm }},
	utmContent: {fills: "utm_content", names: []alias{
		{"utm_content", ga, plain}, {"mtm_content", matomo, plain}, {"pk_content", matomo, plain}, {"cc", ga, google},
	}, column: func(r *event.Record) *string { return &r.UTMContent }},
	utmID: {fills: "utm_id", names: []alias{
		{"utm_id", ga, plain}, {"mtm_cid", matomo, plain}, {"pk_cid", matomo, plain}, {"ci", ga, google},
	}, column: func(r *event.Record) *string { return &r.UTMID }},

	clickPlatform: {fills: "click_id_platform", names: []alias{{"clid_platform", 0, plain}}, column: func(r *event.Record) *string { return &r.ClickIDPlatform }},
	clickField: {fills: "click_id", names: []alias{
		{"clid", 0, plain},
		{"gclid", click, plain},
		{"dclid", click, plain},
		{"wbraid", click, plain},
		{"gbraid", click, plain},
		{"msclkid", click, plain},
		{"fbclid", click, plain},
		{"ttclid", click, plain},
		{"twclid", click, plain},
		{"li_fat_id", click, plain},
		{"yclid", click, plain},
		{"rdt_cid", click, plain},
		{"epik", click, plain},
		{"ScCid", click, plain},
	}, set: setClick},

	screenField: {fills: "screen_width", names: []alias{
		{"res", 0, plain},
		{"s", goatcounter, plain},
		{"sr", ga, google},
		{"w", plausible, short},
		{"screen_width", plausible, short},
		{"context.screen.width", rudder, plain},
	}, set: setScreen},
	clientTime: {fills: "client_ts", names: []alias{
		{"ts", 0, plain}, {"dtm", snowplow, plain}, {"stm", snowplow, plain}, {"cdt", matomo, plain},
	}, set: setTime},
	valueField: {fills: "value", names: []alias{
		{"value", 0, plain}, {"e_v", matomo, plain}, {"se_va", snowplow, plain}, {"ev", ga, google},
	}, set: setValue},
}

// clickNetworks are the networks of clickField's names, in their order.
var clickNetworks = [...]string{
	"", "google", "google", "google", "google", "microsoft", "facebook", "tiktok", "twitter", "linkedin",
	"yandex", "reddit", "pinterest", "snapchat",
}

// hideable are the columns, by field, that a mode of privacy can hide.
var hideable = map[field]string{
	userField: "user_id", visitorField: "visitor_id", sessionField: "session_id", referrerField: "referrer_url",
}
