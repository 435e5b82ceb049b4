package privacy

import (
	"slices"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// Mode is one setting of a spec's privacy, written key: value; Stripped and
// Dropped are what becomes of a hit that GPC, DNT or a missing consent meets.
type Mode string

// The modes that change a record. What is not here (ip: full, user: keep,
// visitor: page, user_agent: full, referrer: full) leaves it as it came.
const (
	IPTruncate     Mode = "ip: truncate"
	IPHash         Mode = "ip: hash"
	IPNone         Mode = "ip: none"
	UserHash       Mode = "user: hash"
	UserNone       Mode = "user: none"
	VisitorDaily   Mode = "visitor: daily"
	VisitorNone    Mode = "visitor: none"
	UserAgentClass Mode = "user_agent: class"
	ReferrerOrigin Mode = "referrer: origin"
	ReferrerNone   Mode = "referrer: none"
	Stripped       Mode = "strip"
	Dropped        Mode = "drop"
)

// Action is what a mode does to a column.
type Action string

// The actions.
const (
	Kept   Action = "kept"  // as it came
	Cut    Action = "cut"   // shortened: an address to its network, a URL to what the mode leaves
	Hashed Action = "hash"  // HMAC-SHA256 with the day's key
	Blank  Action = "blank" // NULL
	Told   Action = "set"   // says what was done, or stands for what the page did not say
)

// rule is a part of the table: what one mode does to some columns.
type rule struct {
	mode    Mode
	action  Action
	columns string // names, separated by blanks
}

// rules are the table. Every mode but Dropped keeps the columns that it does
// not name; Dropped blanks them, so that a column of tomorrow is safe.
var rules = []rule{
	{IPTruncate, Cut, "ip"},
	{IPTruncate, Told, "ip_mode"},
	{IPHash, Hashed, "ip"},
	{IPHash, Told, "ip_mode"},
	{IPNone, Blank, "ip"},
	{IPNone, Told, "ip_mode"},
	{UserHash, Hashed, "user_id"},
	{UserNone, Blank, "user_id"},
	{VisitorDaily, Told, "visitor_id"},
	{VisitorNone, Blank, "visitor_id network_id session_id"},
	{UserAgentClass, Blank, "user_agent"},
	{ReferrerOrigin, Cut, "referrer_url"},
	{ReferrerNone, Blank, "referrer_url referrer_host"},

	{Stripped, Blank, "user_id visitor_id network_id session_id client_event_id message_id click_id"},
	{Stripped, Blank, "ip city user_agent page_query params path"},
	{Stripped, Told, "ip_mode"},
	{Stripped, Cut, "page_url page_path referrer_url"},

	{Dropped, Kept, "schema_version event_id received_at event site client_class is_bot bot_reason dnt gpc"},
	{Dropped, Kept, "method host truncated collector"},
	{Dropped, Told, "status"},
}

// Modes returns the modes of the table, in its order.
func Modes() []Mode {
	var modes []Mode
	for _, r := range rules {
		if !slices.Contains(modes, r.mode) {
			modes = append(modes, r.mode)
		}
	}
	return modes
}

// Effect returns what mode does to a built-in column.
func Effect(mode Mode, column string) Action {
	for i := range rules {
		if rules[i].mode == mode && hasWord(rules[i].columns, column) {
			return rules[i].action
		}
	}
	if mode == Dropped {
		return Blank
	}
	return Kept
}

// EffectOn returns what mode does to an own column of the spec.
func EffectOn(mode Mode, f spec.Field) Action {
	if mode == Dropped || mode == Stripped && f.Personal {
		return Blank
	}
	return Kept
}

// touched returns the built-in columns on which mode has this effect.
func touched(mode Mode, action Action) []event.Column {
	return slices.DeleteFunc(event.Schema{}.Columns(), func(c event.Column) bool {
		return Effect(mode, c.Name) != action
	})
}

// hasWord says whether word stands in a list separated by blanks.
func hasWord(list, word string) bool {
	for s := range strings.SplitSeq(list, " ") {
		if s == word {
			return true
		}
	}
	return false
}
