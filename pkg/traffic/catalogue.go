package traffic

import "math"

// The case of the catalogue: a hotel chain whose pixel stands on its own site
// and on a travel portal that belongs to somebody else.
const (
	portal = "https://www.travel-portal.example"
	chain  = "https://www.example-hotels.example"
)

// page is a page that shows the pixel. Its rank is its place in the table.
type page struct {
	origin string
	path   string
	title  string
	label  string // placement of the pixel
	event  string // what a hit on it reports; empty is a view
}

var pages = []page{
	{portal, "/hotels/lisbon", "Hotels in Lisbon", "list", ""},
	{portal, "/hotels/barcelona", "Hotels in Barcelona", "list", ""},
	{chain, "/", "Example Company Hotels", "hero", ""},
	{portal, "/hotel/example-grand-lisbon", "Example Grand Lisbon", "card", ""},
	{chain, "/search?city=lisbon", "Find a room", "search", "search"},
	{chain, "/hotels/grand-lisbon", "Grand Lisbon", "room", ""},
	{portal, "/hotel/example-marina-barcelona", "Example Marina Barcelona", "card", ""},
	{portal, "/hotels/munich", "Hotels in Munich", "list", ""},
	{chain, "/hotels/marina-barcelona", "Marina Barcelona", "room", ""},
	{chain, "/offers", "Offers", "offers", ""},
	{chain, "/booking/confirmed", "Thank you for your booking", "checkout", "booking"},
	{chain, "/search?city=barcelona", "Find a room", "search", "search"},
	{portal, "/hotel/example-alt-munich", "Example Alt München", "card", ""},
	{chain, "/booking/room", "Choose your room", "checkout", "select"},
	{chain, "/hotels/alt-munich", "Alt München", "room", ""},
	{portal, "/guides/48-hours-in-lisbon", "48 hours in Lisbon", "article", ""},
	{chain, "/offers/stay-3-pay-2", "Stay 3, pay 2", "offers", ""},
	{chain, "/hotels/harbour-kyoto", "Harbour Kyoto 京都", "room", ""},
	{portal, "/guides/tapas", "Where to eat tapas", "article", ""},
	{chain, "/loyalty", "Example Rewards", "footer", ""},
}

// campaign is an advertisement or a source without one (name empty). launch
// is the part of the window after which it starts, at a day's beginning;
// half is the number of days after which only half is left, 0 means steady.
type campaign struct {
	name, source, medium string
	referrer             string
	weight               float64
	launch, half         float64
}

var campaigns = []campaign{
	{"", "", "", "", 22, 0, 0},
	{"", "google", "organic", "https://www.google.com/", 18, 0, 0},
	{"brand-search", "google", "cpc", "https://www.google.com/", 12, 0, 0},
	{"portal-listing", "travel-portal", "referral", "https://www.travel-portal.example/", 10, 0, 0},
	{"early-bird", "newsletter", "email", "", 60, 0.2, 0.6},
	{"city-breaks", "instagram", "paid_social", "https://l.instagram.com/", 9, 0.4, 0},
	{"double-points", "newsletter", "email", "", 45, 0.6, 0.6},
	{"flash-sale", "facebook", "paid_social", "https://l.facebook.com/", 50, 0.75, 0.4},
}

// mailings are what mail clients open.
var mailings = []campaign{
	{"booking-reminder", "transactional", "email", "", 6, 0, 0},
	{"early-bird", "newsletter", "email", "", 60, 0.2, 0.6},
	{"double-points", "newsletter", "email", "", 45, 0.6, 0.6},
}

// share is the weight of the campaign at a moment of a window of days. Without
// days a campaign that fades has a quarter of its weight at launch.
func (c campaign) share(at float64, days int) float64 {
	age := at - math.Floor(c.launch*float64(days))
	switch {
	case days == 0 && c.half > 0:
		return c.weight / 4
	case days == 0:
		return c.weight
	case age < 0:
		return 0
	case c.half == 0:
		return c.weight
	}
	return c.weight * math.Exp2(-age/c.half)
}

// dayVolume is the weight of all campaigns at the middle of a day.
func dayVolume(day, days int) float64 {
	sum := 0.0
	for _, c := range campaigns {
		sum += c.share(float64(day)+0.5, days)
	}
	return sum
}

// Languages and screens, most frequent first.
var (
	languages      = []string{"en-GB,en;q=0.9", "de-DE,de;q=0.9,en;q=0.7", "es-ES,es;q=0.9", "en-US,en;q=0.9", "pt-PT,pt;q=0.9,en;q=0.6", "fr-FR,fr;q=0.9", "it-IT,it;q=0.9", "ja-JP,ja;q=0.9"}
	desktopScreens = []string{"1920x1080", "1536x864", "1440x900", "2560x1440", "1366x768"}
	mobileScreens  = []string{"390x844", "393x852", "412x915", "430x932", "360x800"}
	cities         = []string{"lisbon", "barcelona", "munich", "kyoto"}
)
