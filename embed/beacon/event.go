package main

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// payload is what an HTTP API or a function URL sends, of payload format 2.0.
// Fields nobody reads are left out.
type payload struct {
	RawPath        string            `json:"rawPath"`
	RawQueryString string            `json:"rawQueryString"`
	Cookies        []string          `json:"cookies"`
	Headers        map[string]string `json:"headers"`
	Body           string            `json:"body"`
	Base64         bool              `json:"isBase64Encoded"`
	Context        struct {
		RequestID  string `json:"requestId"`
		DomainName string `json:"domainName"`
		TimeEpoch  int64  `json:"timeEpoch"` // milliseconds
		HTTP       struct {
			Method   string `json:"method"`
			SourceIP string `json:"sourceIp"`
		} `json:"http"`
	} `json:"requestContext"`

	old bool // it came in format 1.0
}

// payload1 is what format 1.0 has in other places.
type payload1 struct {
	Method       string              `json:"httpMethod"`
	Path         string              `json:"path"`
	MultiHeaders map[string][]string `json:"multiValueHeaders"`
	MultiQuery   map[string][]string `json:"multiValueQueryStringParameters"`
	Query        map[string]string   `json:"queryStringParameters"`
	Context      struct {
		TimeEpoch int64 `json:"requestTimeEpoch"` // milliseconds
		Identity  struct {
			SourceIP string `json:"sourceIp"`
		} `json:"identity"`
	} `json:"requestContext"`
}

// errNoRequest tells an event that comes from elsewhere, such as a test event
// of the console.
var errNoRequest = errors.New("the event is no HTTP request")

// decode reads an event.
func decode(raw []byte) (payload, error) {
	var p payload
	if err := unmarshal(raw, &p); err != nil {
		return payload{}, err
	}
	if p.Context.HTTP.Method == "" {
		if err := p.fromV1(raw); err != nil {
			return payload{}, err
		}
	}
	p.Headers = lowered(p.Headers)
	return p, nil
}

// unmarshal takes a field of another type than documented as absent.
func unmarshal(raw []byte, to any) error {
	var wrongType *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, to); err != nil && !errors.As(err, &wrongType) {
		return err
	}
	return nil
}

// fromV1 fills the fields of 2.0. The query comes decoded and without order, so
// that it can only be rebuilt.
func (p *payload) fromV1(raw []byte) error {
	var old payload1
	if err := unmarshal(raw, &old); err != nil {
		return err
	}
	if old.Method == "" {
		return errNoRequest
	}
	p.old = true
	p.Context.HTTP.Method = old.Method
	p.Context.HTTP.SourceIP = old.Context.Identity.SourceIP
	p.Context.TimeEpoch = old.Context.TimeEpoch
	p.RawPath = old.Path
	query := url.Values(old.MultiQuery)
	if len(query) == 0 {
		query = make(url.Values, len(old.Query))
		for k, v := range old.Query {
			query.Set(k, v)
		}
	}
	p.RawQueryString = query.Encode()
	if p.Headers == nil {
		p.Headers = make(map[string]string, len(old.MultiHeaders))
		for k, v := range old.MultiHeaders {
			p.Headers[k] = strings.Join(v, ",")
		}
	}
	return nil
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
