// Package traffic makes synthetic hits and sends them. The same seed makes the
// same hits; each is marked by a header, so that it never passes for a person.
package traffic

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/fault"
)

// SyntheticHeader marks a request as made by this package; its value is 1.
const SyntheticHeader = "X-Pixelctl-Synthetic"

// Profile is the kind of clients that ask for the pixel.
type Profile string

// The profiles.
const (
	Web   Profile = "web"   // browsers: images, and beacons sent with POST
	Mail  Profile = "mail"  // mail clients and the image proxies of mail services
	Bots  Profile = "bots"  // crawlers, link previews, scripts
	Mixed Profile = "mixed" // of 100 hits 80 web, 12 mail, 8 bots
)

// Profiles returns the profiles in the order to show them.
func Profiles() []Profile { return []Profile{Web, Mail, Bots, Mixed} }

const (
	defaultConcurrency = 8
	maxConcurrency     = 1024
	maxRate            = 1e6
	maxDays            = 3660
	maxName            = 256 // bytes of a campaign or site
)

// DefaultSite is the site of hits that are asked to name none.
const DefaultSite = "hotels"

// Options says what to make and how to send it.
type Options struct {
	Endpoint    string  // absolute http or https URL of the collector; for Send
	Count       int     // hits, at least 1
	Rate        float64 // hits per second; 0 is as fast as Concurrency allows
	Concurrency int     // requests under way at once; 0 means 8
	Seed        uint64
	Campaign    string  // utm_campaign of all hits; empty means those of the catalogue
	Site        string  // site of all hits; empty means DefaultSite
	Profile     Profile // empty means Mixed
	Days        int     // spread the client times over the days before Now; 0 means around Now

	Now        func() time.Time                                // nil means time.Now; read once
	Client     *http.Client                                    // nil means one made for Concurrency
	OnAnswer   func(Answer)                                    // of each hit, from several goroutines at once; must not block
	OnProgress func(done, total int)                           // called in order, one call at a time; must not block
	OnHour     func(ctx context.Context, hour time.Time) error // called before the first hit of each hour, when all earlier ones are answered
}

func (o Options) withDefaults() Options {
	if o.Concurrency == 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Site == "" {
		o.Site = DefaultSite
	}
	if o.Profile == "" {
		o.Profile = Mixed
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func usage(format string, args ...any) *fault.Error {
	return fault.New(fault.Usage, format, args...)
}

// Validate checks everything that can be checked before the first hit. Every
// error is of kind fault.Usage.
func Validate(o Options) error {
	if err := checkEndpoint(o.Endpoint); err != nil {
		return err
	}
	if err := checkNumbers(o); err != nil {
		return err
	}
	if len(o.Campaign) > maxName || len(o.Site) > maxName {
		return usage("campaign and site must not be longer than %d bytes", maxName)
	}
	return checkProfile(o.Profile)
}

func checkEndpoint(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return usage("endpoint %q is not an absolute http or https URL", raw)
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return usage("endpoint %q must have neither query nor fragment", raw)
	}
	return nil
}

func checkNumbers(o Options) error {
	switch {
	case o.Count < 1:
		return usage("count is %d, must be at least 1", o.Count)
	case !(o.Rate >= 0 && o.Rate <= maxRate): // refuses NaN too
		return usage("rate is %v, must be between 0 and %d hits per second", o.Rate, int(maxRate))
	case o.Concurrency < 0 || o.Concurrency > maxConcurrency:
		return usage("concurrency is %d, must be between 1 and %d", o.Concurrency, maxConcurrency)
	case o.Days < 0 || o.Days > maxDays:
		return usage("days is %d, must be between 0 and %d", o.Days, maxDays)
	}
	return nil
}

func checkProfile(p Profile) error {
	if p == "" {
		return nil
	}
	names := make([]string, 0, len(Profiles()))
	for _, known := range Profiles() {
		if p == known {
			return nil
		}
		names = append(names, string(known))
	}
	err := usage("unknown profile %q", string(p)).WithHint("use one of %s", strings.Join(names, ", "))
	if near := fault.Nearest(string(p), names); near != "" {
		err = err.WithHint("did you mean %s? known are %s", near, strings.Join(names, ", "))
	}
	return err
}

// ParseRate reads hits per second, minute or hour: 50, 50/s, 3000/m, 1e5/h.
// The result is in hits per second.
func ParseRate(s string) (float64, error) {
	number, unit, found := strings.Cut(s, "/")
	seconds := map[string]float64{"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}[strings.TrimSpace(unit)]
	if !found {
		seconds = 1
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || seconds == 0 || n < 0 || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, usage("rate %q is not a rate", s).WithHint("write 50/s, 3000/m or 7200/h; 0 is as fast as allowed")
	}
	return n / seconds, nil
}
