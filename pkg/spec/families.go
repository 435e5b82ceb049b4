package spec

// The families of parameter names that aliases switches off.
const (
	Snowplow    = "snowplow"
	Matomo      = "matomo"
	GoatCounter = "goatcounter"
	Fathom      = "fathom"
	Plausible   = "plausible"
	Analytics   = "ga"    // utm_* and dl
	Clicks      = "click" // gclid, fbclid and the other click ids of ad networks
	Rudder      = "rudder"
	Clickstream = "clickstream"
	Seed        = "seed" // userid and thirdpartyname, the names of the article
)

// Families returns all families, in the order in which the documentation
// names them. The project's own names belong to none: they are always
// understood.
func Families() []string {
	return []string{Snowplow, Matomo, GoatCounter, Fathom, Plausible, Analytics, Clicks, Rudder, Clickstream, Seed}
}
