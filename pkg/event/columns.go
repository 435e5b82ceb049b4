package event

// Type is the type of a column, named as Glue names it.
type Type string

// The types a column can have. DuckDB gives the same type on the local target.
const (
	String    Type = "string"
	Int       Type = "int"
	BigInt    Type = "bigint"
	Double    Type = "double"
	Boolean   Type = "boolean"
	Date      Type = "date"      // JSON text yyyy-MM-dd
	Timestamp Type = "timestamp" // milliseconds, UTC; JSON text yyyy-MM-dd HH:mm:ss.SSS
	Map       Type = "map<string,string>"
)

// Glue returns the type as the Glue table and Athena DDL spell it.
func (t Type) Glue() string { return string(t) }

// DuckDB returns the type as DuckDB spells it.
func (t Type) DuckDB() string {
	switch t {
	case Int:
		return "INTEGER"
	case BigInt:
		return "BIGINT"
	case Date:
		return "DATE"
	case Double:
		return "DOUBLE"
	case Boolean:
		return "BOOLEAN"
	case Timestamp:
		return "TIMESTAMP"
	case Map:
		return "MAP(VARCHAR, VARCHAR)"
	case String:
		return "VARCHAR"
	}
	return "VARCHAR"
}

// Rule says when a column is written into the JSON line.
type Rule string

// The JSON rules.
const (
	Always  Rule = "always"       // the key is always there
	Present Rule = "when present" // no key when the value is absent: NULL in SQL
)

// Column is one column of the record, in the order of the table.
type Column struct {
	Name  string // SQL and JSON name, lower snake case
	Field string // name of the field of Record; Fields for a column of the spec
	Type  Type
	Rule  Rule
	Limit int    // most bytes of a string, or of each value of a map; 0 = none
	Doc   string // what it holds, its unit and where it comes from

	// at points at the field: *string, *int32, *bool, *Millis, *[]Param or
	// *Opt[T]; nil for a column of the spec.
	at func(*Record) any
}

// columns is the ordered table of the built-in columns, partition keys
// excluded. Columns are only ever appended: Trino reads ORC by position.
var columns = []Column{
	{"schema_version", "SchemaVersion", Int, Always, 0, "version of the record's meaning; constant", func(r *Record) any { return &r.SchemaVersion }},
	{"event_id", "EventID", String, Always, limitName, "unique id given by the collector; -n is added for entry n of a batch", func(r *Record) any { return &r.EventID }},
	{"received_at", "ReceivedAt", Timestamp, Always, 0, "when the collector got the request, UTC, milliseconds; the collector's clock", func(r *Record) any { return &r.ReceivedAt }},
	{"event", "Event", String, Always, limitName, "what happened: parameter event (e, Matomo e_a); view when none is given", func(r *Record) any { return &r.Event }},
	{"site", "Site", String, Always, limitName, "site or app: first path segment or parameter site (aid, idsite, sid, appId, thirdpartyname); default when none is given", func(r *Record) any { return &r.Site }},
	{"client_class", "ClientClass", String, Always, limitName, "who asked: human, mail_proxy, prefetch, bot, synthetic or unknown", func(r *Record) any { return &r.ClientClass }},
	{"user_id", "UserID", String, Present, limitText, "user named by the page: parameter uid (userid, user_id, userId)", func(r *Record) any { return &r.UserID }},
	{"visitor_id", "VisitorID", String, Present, limitText, "visitor named by the page: parameter vid (duid, _id, cid, anonymousId)", func(r *Record) any { return &r.VisitorID }},
	{"network_id", "NetworkID", String, Present, limitText, "id from the collector's own cookie; only when that cookie is switched on", func(r *Record) any { return &r.NetworkID }},
	{"session_id", "SessionID", String, Present, limitText, "session named by the page: parameter sess (Snowplow sid)", func(r *Record) any { return &r.SessionID }},
	{"client_event_id", "ClientEventID", String, Present, limitText, "event id named by the page: parameter eid", func(r *Record) any { return &r.ClientEventID }},
	{"label", "Label", String, Present, limitText, "placement: second path segment without .gif, or parameter label", func(r *Record) any { return &r.Label }},
	{"message_id", "MessageID", String, Present, limitText, "message or mailing: parameter mid", func(r *Record) any { return &r.MessageID }},
	{"page_url", "PageURL", String, Present, limitURL, "page that shows the pixel: parameter url (dl), else the Referer header", func(r *Record) any { return &r.PageURL }},
	{"page_host", "PageHost", String, Present, limitText, "host of page_url, lower case, without port", func(r *Record) any { return &r.PageHost }},
	{"page_path", "PagePath", String, Present, limitURL, "path of page_url, or parameter p (GoatCounter, Fathom)", func(r *Record) any { return &r.PagePath }},
	{"page_query", "PageQuery", String, Present, limitURL, "query of page_url without the question mark", func(r *Record) any { return &r.PageQuery }},
	{"page_title", "PageTitle", String, Present, limitTitle, "title of the page: parameter title (page, action_name, t)", func(r *Record) any { return &r.PageTitle }},
	{"referrer_url", "ReferrerURL", String, Present, limitURL, "page before this one: parameter ref (refr, urlref, r)", func(r *Record) any { return &r.ReferrerURL }},
	{"referrer_host", "ReferrerHost", String, Present, limitText, "host of referrer_url, lower case, without port", func(r *Record) any { return &r.ReferrerHost }},
	{"utm_source", "UTMSource", String, Present, limitText, "campaign source: parameter utm_source (mtm_source, pk_source) of the pixel, else of page_url", func(r *Record) any { return &r.UTMSource }},
	{"utm_medium", "UTMMedium", String, Present, limitText, "campaign medium: parameter utm_medium (mtm_medium, pk_medium) of the pixel, else of page_url", func(r *Record) any { return &r.UTMMedium }},
	{"utm_campaign", "UTMCampaign", String, Present, limitText, "campaign name: parameter utm_campaign (mtm_campaign, pk_campaign) of the pixel, else of page_url", func(r *Record) any { return &r.UTMCampaign }},
	{"utm_term", "UTMTerm", String, Present, limitText, "campaign term: parameter utm_term (mtm_keyword, mtm_kwd, pk_keyword, pk_kwd) of the pixel, else of page_url", func(r *Record) any { return &r.UTMTerm }},
	{"utm_content", "UTMContent", String, Present, limitText, "campaign content: parameter utm_content (mtm_content, pk_content) of the pixel, else of page_url", func(r *Record) any { return &r.UTMContent }},
	{"utm_id", "UTMID", String, Present, limitText, "campaign id: parameter utm_id (mtm_cid, pk_cid) of the pixel, else of page_url", func(r *Record) any { return &r.UTMID }},
	{"click_id", "ClickID", String, Present, limitText, "ad click: parameter clid, or the first of gclid, dclid, wbraid, gbraid, msclkid, fbclid, ttclid, twclid, li_fat_id, yclid", func(r *Record) any { return &r.ClickID }},
	{"click_id_platform", "ClickIDPlatform", String, Present, limitName, "network of click_id: parameter clid_platform, or google, microsoft, facebook, tiktok, twitter, linkedin, yandex", func(r *Record) any { return &r.ClickIDPlatform }},
	{"ip", "IP", String, Present, limitName, "address of the client, cut as ip_mode says", func(r *Record) any { return &r.IP }},
	{"ip_mode", "IPMode", String, Present, limitName, "how ip was stored: full, truncated (/24 or /48), hashed or none", func(r *Record) any { return &r.IPMode }},
	{"country", "Country", String, Present, limitName, "country code given by a trusted front", func(r *Record) any { return &r.Country }},
	{"region", "Region", String, Present, limitName, "region code given by a trusted front", func(r *Record) any { return &r.Region }},
	{"city", "City", String, Present, limitName, "city given by a trusted front", func(r *Record) any { return &r.City }},
	{"user_agent", "UserAgent", String, Present, limitUserAgent, "User-Agent header", func(r *Record) any { return &r.UserAgent }},
	{"browser", "Browser", String, Present, limitName, "browser family, from user_agent", func(r *Record) any { return &r.Browser }},
	{"browser_version", "BrowserVersion", String, Present, limitName, "browser version, from user_agent", func(r *Record) any { return &r.BrowserVersion }},
	{"os", "OS", String, Present, limitName, "operating system, from user_agent", func(r *Record) any { return &r.OS }},
	{"os_version", "OSVersion", String, Present, limitName, "operating system version, from user_agent", func(r *Record) any { return &r.OSVersion }},
	{"device", "Device", String, Present, limitName, "kind of device, from user_agent", func(r *Record) any { return &r.Device }},
	{"language", "Language", String, Present, limitLanguage, "first tag of the Accept-Language header", func(r *Record) any { return &r.Language }},
	{"is_bot", "IsBot", Boolean, Present, 0, "true when client_class is prefetch or bot or synthetic; NULL before classification", func(r *Record) any { return &r.IsBot }},
	{"bot_reason", "BotReason", String, Present, limitName, "why client_class is not human", func(r *Record) any { return &r.BotReason }},
	{"dnt", "DNT", Boolean, Always, 0, "header DNT: 1 was sent", func(r *Record) any { return &r.DNT }},
	{"gpc", "GPC", Boolean, Always, 0, "header Sec-GPC: 1 was sent", func(r *Record) any { return &r.GPC }},
	{"status", "Status", String, Always, limitName, "recorded, or dropped:reason (such rows keep no personal columns)", func(r *Record) any { return &r.Status }},
	{"method", "Method", String, Present, limitName, "HTTP method of the request", func(r *Record) any { return &r.Method }},
	{"host", "Host", String, Present, limitText, "Host header of the request", func(r *Record) any { return &r.Host }},
	{"path", "Path", String, Present, limitURL, "path of the request as sent", func(r *Record) any { return &r.Path }},
	{"screen_width", "ScreenWidth", Int, Present, 0, "screen width in pixels: parameter res as WxH (s)", func(r *Record) any { return &r.ScreenWidth }},
	{"screen_height", "ScreenHeight", Int, Present, 0, "screen height in pixels: parameter res as WxH (s)", func(r *Record) any { return &r.ScreenHeight }},
	{"client_ts", "ClientTS", Timestamp, Present, 0, "time on the client, UTC, milliseconds: parameter ts (dtm, stm, cdt)", func(r *Record) any { return &r.ClientTS }},
	{"value", "Value", Double, Present, 0, "number given with the event: parameter value (e_v)", func(r *Record) any { return &r.Value }},
	{"params", "Params", Map, Present, MaxParamValue, "every other parameter; values of one key are joined by commas", func(r *Record) any { return &r.Params }},
	{"truncated", "Truncated", Boolean, Always, 0, "something of this hit was cut to keep the limits", func(r *Record) any { return &r.Truncated }},
	{"collector", "Collector", String, Present, limitName, "name, version and target of the collector", func(r *Record) any { return &r.Collector }},
}
