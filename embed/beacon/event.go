package main

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// payload is what an HTTP API or a function URL sends, of payload format 2.0,
// and what format 1.0 has in other places. Fields nobody reads are left out.
type payload struct {
	RawPath        string            `json:"rawPath"`
	RawQueryString string            `json:"rawQueryString"`
	Cookies        []string          `json:"cookies"`
	Headers        map[string]string `json:"headers"`
	Body           string            `json:"body"`
	Base64         bool              `json:"isBase64Encoded"`
	Context        requestContext    `json:"requestContext"`

	Method       string              `json:"httpMethod"`                      // 1.0
	Path         string              `json:"path"`                            // 1.0
	MultiHeaders map[string][]string `json:"multiValueHeaders"`               // 1.0
	MultiQuery   map[string][]string `json:"multiValueQueryStringParameters"` // 1.0
	Query        map[string]string   `json:"queryStringParameters"`           // both, read for 1.0
}

type requestContext struct {
	RequestID  string `json:"requestId"`
	DomainName string `json:"domainName"`
	TimeEpoch  int64  `json:"timeEpoch"` // milliseconds
	HTTP       struct {
		Method   string `json:"method"`
		SourceIP string `json:"sourceIp"`
	} `json:"http"`

	TimeEpoch1 int64 `json:"requestTimeEpoch"` // 1.0
	Identity   struct {
		SourceIP string `json:"sourceIp"`
	} `json:"identity"` // 1.0
}

// errNoRequest tells an event that comes from elsewhere, such as a test event
// of the console.
var errNoRequest = errors.New("the event is no HTTP request")

// decode reads an event and moves what format 1.0 says to where 2.0 says it. A
// field of another type than documented is as if it were absent.
func decode(raw []byte) (payload, error) {
	var p payload
	var wrongType *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, &p); err != nil && !errors.As(err, &wrongType) {
		return payload{}, err
	}
	if p.Context.HTTP.Method == "" && p.Method != "" {
		p.fromV1()
	}
	if p.Context.HTTP.Method == "" {
		return payload{}, errNoRequest
	}
	p.Headers = lowered(p.Headers)
	return p, nil
}

// fromV1 fills the fields of 2.0. The query comes decoded and without order, so
// that it can only be rebuilt.
func (p *payload) fromV1() {
	p.Context.HTTP.Method = p.Method
	p.Context.HTTP.SourceIP = p.Context.Identity.SourceIP
	p.Context.TimeEpoch = p.Context.TimeEpoch1
	p.RawPath = p.Path
	query := url.Values(p.MultiQuery)
	if query == nil {
		query = make(url.Values, len(p.Query))
		for k, v := range p.Query {
			query.Set(k, v)
		}
	}
	p.RawQueryString = query.Encode()
	if p.Headers == nil {
		p.Headers = make(map[string]string, len(p.MultiHeaders))
		for k, v := range p.MultiHeaders {
			p.Headers[k] = strings.Join(v, ",")
		}
	}
}

// lowered gives headers with names in lower case, as 2.0 has them.
func lowered(h map[string]string) map[string]string {
	for k := range h {
		if k == strings.ToLower(k) {
			continue
		}
		out := make(map[string]string, len(h))
		for k, v := range h {
			out[strings.ToLower(k)] = v
		}
		return out
	}
	return h
}
