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
	names  []string
	column func(*event.Record) *string
	set    func(*event.Record, *pair) bool
}

// Ranks of names with a meaning of their own within their field.
const (
	rankSid  = 3 // siteField
	rankE    = 1 // eventField
	rankVid  = 0 // visitorField
	rankDuid = 1
	rankCdt  = 3 // clientTime
)

// meanings is what parameters can be called: the project's own name first,
// then those of other trackers.
var meanings = [fieldCount]meaning{
	unstored:  {names: []string{"rnd", "rand"}},
	imageWish: {names: []string{"img", "send_image"}},
	consent:   {names: []string{"gdpr_consent", "gpp"}},

	siteField:        {names: []string{"site", "aid", "idsite", "sid", "appId", "thirdpartyname"}, column: func(r *event.Record) *string { return &r.Site }},
	eventField:       {names: []string{"event", "e", "e_a"}, set: setEvent},
	userField:        {names: []string{"uid", "userid", "user_id", "userId"}, column: func(r *event.Record) *string { return &r.UserID }},
	visitorField:     {names: []string{"vid", "duid", "_id", "cid", "anonymousId"}, column: func(r *event.Record) *string { return &r.VisitorID }},
	sessionField:     {names: []string{"sess"}, column: func(r *event.Record) *string { return &r.SessionID }},
	clientEventField: {names: []string{"eid"}, column: func(r *event.Record) *string { return &r.ClientEventID }},
	labelField:       {names: []string{"label"}, column: func(r *event.Record) *string { return &r.Label }},
	messageField:     {names: []string{"mid"}, column: func(r *event.Record) *string { return &r.MessageID }},

	urlField:      {names: []string{"url", "dl"}, column: func(r *event.Record) *string { return &r.PageURL }},
	pathField:     {names: []string{"p"}, set: setPath},
	titleField:    {names: []string{"title", "page", "action_name", "t"}, column: func(r *event.Record) *string { return &r.PageTitle }},
	referrerField: {names: []string{"ref", "refr", "urlref", "r"}, set: setReferrer},

	utmSource:   {names: []string{"utm_source", "mtm_source", "pk_source"}, column: func(r *event.Record) *string { return &r.UTMSource }},
	utmMedium:   {names: []string{"utm_medium", "mtm_medium", "pk_medium"}, column: func(r *event.Record) *string { return &r.UTMMedium }},
	utmCampaign: {names: []string{"utm_campaign", "mtm_campaign", "pk_campaign"}, column: func(r *event.Record) *string { return &r.UTMCampaign }},
	utmTerm:     {names: []string{"utm_term", "mtm_keyword", "mtm_kwd", "pk_keyword", "pk_kwd"}, column: func(r *event.Record) *string { return &r.UTMTerm }},
	utmContent:  {names: []string{"utm_content", "mtm_content", "pk_content"}, column: func(r *event.Record) *string { return &r.UTMContent }},
	utmID:       {names: []string{"utm_id", "mtm_cid", "pk_cid"}, column: func(r *event.Record) *string { return &r.UTMID }},

	clickPlatform: {names: []string{"clid_platform"}, column: func(r *event.Record) *string { return &r.ClickIDPlatform }},
	clickField:    {names: []string{"clid", "gclid", "dclid", "wbraid", "gbraid", "msclkid", "fbclid", "ttclid", "twclid", "li_fat_id", "yclid"}, set: setClick},

	screenField: {names: []string{"res", "s"}, set: setScreen},
	clientTime:  {names: []string{"ts", "dtm", "stm", "cdt"}, set: setTime},
	valueField:  {names: []string{"value", "e_v"}, set: setValue},
}

// clickNetworks are the networks of clickField's names, in their order.
var clickNetworks = [...]string{"", "google", "google", "google", "google", "microsoft", "facebook", "tiktok", "twitter", "linkedin", "yandex"}

// name is what one parameter name means; rank is its place among the names
// of its field.
type name struct {
	field field
	rank  uint8
}

// maxName is the length of the longest known name, thirdpartyname.
const maxName = 14

// known is one parameter name.
type known struct {
	text string
	name
}

// index finds names by length, then by comparison: quicker than a map for so
// few, and most unknown names end at their length or first byte.
type index [maxName + 1][]known

func newIndex() index {
	var ix index
	for f, m := range meanings {
		for rank, text := range m.names {
			n := name{field: field(f), rank: uint8(rank)}
			ix[len(text)] = append(ix[len(text)], known{text, n})
		}
	}
	return ix
}

// lookup gives what key means.
func (ix *index) lookup(key string) name {
	if len(key) == 0 || len(key) > maxName {
		return name{}
	}
	for i := range ix[len(key)] {
		if k := &ix[len(key)][i]; k.text[0] == key[0] && k.text == key {
			return k.name
		}
	}
	return name{}
}
