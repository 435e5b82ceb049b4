// Package event is the record of one pixel hit: one ordered table of columns
// of which the JSON line, the Glue columns, the DuckDB columns and the field
// documentation are views. It does no I/O.
package event

// SchemaVersion is written into every record. It rises when the meaning of an
// existing column changes; a new column alone does not raise it.
const SchemaVersion = 1

// Values of fields that are never absent.
const (
	DefaultEvent = "view"    // event of a hit that names none
	DefaultSite  = "default" // site of a hit that names none

	ClassHuman     = "human"      // client_class of people: browsers, mail clients, applications
	ClassMailProxy = "mail_proxy" // client_class of proxies that load images for readers of mail
	ClassPrefetch  = "prefetch"   // client_class of browsers that load ahead of a visit
	ClassBot       = "bot"        // client_class of programs
	ClassSynthetic = "synthetic"  // client_class of hits that pixelctl sent itself
	ClassUnknown   = "unknown"    // client_class of requests that do not tell

	StatusRecorded = "recorded"

	IPTruncated = "truncated" // ip_mode: IPv4 cut to /24, IPv6 to /48
)

// Opt is a value that may be absent (NULL in SQL, no key in JSON).
type Opt[T any] struct {
	V   T
	Set bool
}

// Some returns a value that is present.
func Some[T any](v T) Opt[T] { return Opt[T]{V: v, Set: true} }

// Param is one entry of the params map. Of entries with one key only the
// first is written.
type Param struct{ Key, Value string }

// Record is one hit. An empty string, a zero Millis and an unset Opt are
// absent values. The column table (Columns) documents each field.
type Record struct {
	SchemaVersion int32
	EventID       string
	ReceivedAt    Millis
	Event         string
	Site          string
	ClientClass   string

	UserID        string
	VisitorID     string
	NetworkID     string
	SessionID     string
	ClientEventID string
	Label         string
	MessageID     string

	PageURL      string
	PageHost     string
	PagePath     string
	PageQuery    string
	PageTitle    string
	ReferrerURL  string
	ReferrerHost string

	UTMSource       string
	UTMMedium       string
	UTMCampaign     string
	UTMTerm         string
	UTMContent      string
	UTMID           string
	ClickID         string
	ClickIDPlatform string

	IP      string
	IPMode  string
	Country string
	Region  string
	City    string

	UserAgent      string
	Browser        string
	BrowserVersion string
	OS             string
	OSVersion      string
	Device         string
	Language       string
	IsBot          Opt[bool]
	BotReason      string
	DNT            bool
	GPC            bool

	Status string
	Method string
	Host   string
	Path   string

	ScreenWidth  Opt[int32]
	ScreenHeight Opt[int32]
	ClientTS     Millis
	Value        Opt[float64]
	Params       []Param
	Truncated    bool
	Collector    string

	Fields []Value // columns of the spec that are present, in the order of the spec
}
