package compute

import (
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
)

// Event is a request in payload format 2.0 (API Gateway, working with Lambda
// proxy integrations): header names in lower case, duplicates joined by commas,
// cookies apart.
type Event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        Context           `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

// Context is the requestContext of an event.
type Context struct {
	AccountID    string `json:"accountId"`
	APIID        string `json:"apiId"`
	DomainName   string `json:"domainName"`
	DomainPrefix string `json:"domainPrefix"`
	HTTP         struct {
		Method    string `json:"method"`
		Path      string `json:"path"`
		Protocol  string `json:"protocol"`
		SourceIP  string `json:"sourceIp"`
		UserAgent string `json:"userAgent"`
	} `json:"http"`
	RequestID string `json:"requestId"`
	RouteKey  string `json:"routeKey"`
	Stage     string `json:"stage"`
	Time      string `json:"time"`
	TimeEpoch int64  `json:"timeEpoch"` // milliseconds
}

// Answer is what a function returns in payload format 2.0.
type Answer struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers,omitempty"`
	Cookies         []string          `json:"cookies,omitempty"`
	Body            string            `json:"body,omitempty"`
	IsBase64Encoded bool              `json:"isBase64Encoded,omitempty"`
}

// request gives what the beacon takes. id stands in where the event has none.
func (e *Event) request(id string, now time.Time) beacon.Request {
	headers := http.Header{}
	for name, value := range e.Headers {
		headers.Set(name, value)
	}
	if len(e.Cookies) > 0 {
		headers.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	q := beacon.Request{
		Method: e.RequestContext.HTTP.Method, Path: e.RawPath, RawQuery: e.RawQueryString,
		Host: headers.Get("Host"), Time: event.Millis(e.RequestContext.TimeEpoch),
		ID: e.RequestContext.RequestID, Header: headers,
	}
	if peer, err := netip.ParseAddr(e.RequestContext.HTTP.SourceIP); err == nil {
		q.Peer = peer
	}
	if q.Host == "" {
		q.Host = e.RequestContext.DomainName
	}
	if q.Time <= 0 {
		q.Time = event.MillisOf(now)
	}
	if q.ID == "" {
		q.ID = id
	}
	if q.Method == http.MethodPost {
		q.Body = e.body()
	}
	return q
}

func (e *Event) body() []byte {
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		if b, err := base64.StdEncoding.DecodeString(e.Body); err == nil {
			body = b
		}
	}
	return body[:min(len(body), beacon.MaxBody+1)]
}
