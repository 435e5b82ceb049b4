package snippet

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// hostPattern is a DNS name in ASCII or an IPv6 literal. It is narrower than
// net/url, which lets quotes and angle brackets through.
var hostPattern = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?$`)

// parseEndpoint gives the endpoint without its trailing slashes.
func parseEndpoint(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, usage("endpoint %q is not a URL", raw)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, usage("endpoint %q is not an absolute http or https URL", raw)
	case u.User != nil:
		return nil, usage("endpoint must not hold a user name or password: a snippet is public")
	case strings.Contains(raw, "#"):
		return nil, usage("endpoint %q must not have a fragment", raw)
	case u.RawQuery != "" || u.ForceQuery:
		return nil, usage("endpoint %q must not have a query; give parameters as parameters", raw)
	case !hostPattern.MatchString(u.Host):
		return nil, usage("endpoint host %q is not a plain name; write an international name in its xn-- form", u.Host)
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return nil, usage("endpoint port %q is not between 1 and 65535", p)
		}
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	return &url.URL{Scheme: u.Scheme, Host: strings.TrimSuffix(u.Host, ":"), Opaque: path}, nil
}

// origin is the part of an endpoint that a content security policy names.
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// CSP returns the directives that a page's Content-Security-Policy needs to
// load the image and send the beacon, or "" when endpoint is not valid. Where
// the policy forbids style attributes, the image still loads but takes a line.
func CSP(endpoint string) string {
	u, err := parseEndpoint(endpoint)
	if err != nil {
		return ""
	}
	return "img-src " + origin(u) + "; connect-src " + origin(u)
}
