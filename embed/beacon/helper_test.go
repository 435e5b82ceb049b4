package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pixelctl/pkg/spec"
)

// fake is a delivery stream's API. refuse tells for each call which of its
// records fail; an error fails the call; without it everything is taken.
type fake struct {
	calls  []call
	refuse func(call int, lines []string) ([]int, error)
	slow   bool // never answers
}

type call struct {
	batch bool
	name  string
	lines []string
}

func (f *fake) take(ctx context.Context, c call) ([]int, error) {
	f.calls = append(f.calls, c)
	if f.slow {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if f.refuse == nil {
		return nil, nil
	}
	return f.refuse(len(f.calls), c.lines)
}

// call plays Firehose.
func (f *fake) call(ctx context.Context, operation string, in []byte) ([]byte, error) {
	var body struct {
		DeliveryStreamName string
		Record             struct{ Data []byte }
		Records            []struct{ Data []byte }
	}
	dec := json.NewDecoder(bytes.NewReader(in))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil {
		return nil, err
	}
	c := call{batch: operation == "PutRecordBatch", name: body.DeliveryStreamName}
	if !c.batch {
		body.Records = append(body.Records, body.Record)
	}
	for _, r := range body.Records {
		c.lines = append(c.lines, string(r.Data))
	}
	refused, err := f.take(ctx, c)
	switch {
	case err != nil:
		return nil, err
	case !c.batch && len(refused) > 0:
		return nil, refusedError{"ServiceUnavailableException", "slow down"}
	case !c.batch:
		return []byte(`{"RecordId":"1"}`), nil
	}
	out := make([]string, len(c.lines))
	for i := range out {
		out[i] = `{"RecordId":"1"}`
		if slices.Contains(refused, i) {
			out[i] = `{"ErrorCode":"ServiceUnavailableException","ErrorMessage":"slow down"}`
		}
	}
	return []byte(`{"FailedPutCount":` + strconv.Itoa(len(refused)) + `,"RequestResponses":[` + strings.Join(out, ",") + `]}`), nil
}

// down fails every call.
func down(int, []string) ([]int, error) { return nil, errors.New("stream is down") }

// function is a handler with what it leaves behind.
type function struct {
	*handler
	fake *fake
	log  *bytes.Buffer
}

func newTestFunction(f *fake) function {
	return newSpecFunction(f, spec.Spec{}, nil)
}

// newSpecFunction runs a spec, with the keys of a vault when there is one.
func newSpecFunction(f *fake, s spec.Spec, v vault) function {
	log := &bytes.Buffer{}
	l := logger{log}
	h := &handler{stream: &stream{firehose: f, name: "hits"}, logger: l}
	if v != nil {
		h.keys = &keyring{vault: v, fail: l.noKeys}
	}
	var err error
	if h.beacon, err = compile(s, h.keys, "1.2", l); err != nil {
		l.noSpec(err) // shows in every test that looks at the log
	}
	return function{h, f, log}
}

// answer is the function's reply as API Gateway reads it.
type answer struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Cookies    []string          `json:"cookies"`
	Base64     bool              `json:"isBase64Encoded"`
	Body       string            `json:"body"`
}

func readAnswer(t *testing.T, raw []byte) answer {
	t.Helper()
	var a answer
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return a
}

func (f function) invoke(t *testing.T, event string) answer {
	t.Helper()
	raw, err := f.Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, raw)
}

func (a answer) status() string { return a.Headers["X-Pixel-Status"] }

// isImage wants the image of 43 bytes.
func (a answer) isImage(t *testing.T) {
	t.Helper()
	body, err := base64.StdEncoding.DecodeString(a.Body)
	if err != nil || a.StatusCode != 200 || !a.Base64 || len(body) != 43 ||
		!strings.HasPrefix(string(body), "GIF89a") || a.Headers["Content-Type"] != "image/gif" {
		t.Errorf("answered %+v (%v), want the image", a, err)
	}
}

// records decodes all lines of all calls. Each must be one line of JSON.
func (f *fake) records(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, c := range f.calls {
		for _, line := range c.lines {
			out = append(out, parse(t, line))
		}
	}
	return out
}

func parse(t *testing.T, line string) map[string]any {
	t.Helper()
	if strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "}\n") {
		t.Errorf("%q is not one line with a newline at its end", line)
	}
	var r map[string]any
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return r
}

// logged gives the lines of the log.
func (f function) logged(t *testing.T) []logLine {
	t.Helper()
	var out []logLine
	for line := range bytes.Lines(f.log.Bytes()) {
		var l logLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, l)
	}
	return out
}

// event2 is a request in payload format 2.0; extra are further fields, such as
// `,"rawQueryString":"a=b"`.
func event2(method, path, extra string) string {
	return `{"version":"2.0","routeKey":"$default","rawPath":` + quote(path) + `,
	"headers":{"host":"abc.execute-api.eu-west-1.amazonaws.com","user-agent":"UA/1.0","accept-language":"en-GB,en","content-type":"application/json"},
	"requestContext":{"accountId":"123456789012","domainName":"abc.execute-api.eu-west-1.amazonaws.com","stage":"$default",
	"http":{"method":"` + method + `","path":"/x","protocol":"HTTP/1.1","sourceIp":"203.0.113.7","userAgent":"UA/1.0"},
	"requestId":"JKJaXmPLvHcESHA=","time":"05/Jul/2026:09:30:00 +0000","timeEpoch":1783243800123}` + extra + `}`
}

// event1 is a request in payload format 1.0.
func event1(extra string) string {
	return `{"version":"1.0","resource":"/p.gif","path":"/p.gif","httpMethod":"GET",
	"headers":{"Host":"abc.example","User-Agent":"UA/1.0"},
	"requestContext":{"requestId":"one-1","requestTimeEpoch":1783243800123,"identity":{"sourceIp":"203.0.113.7"}}` + extra + `}`
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always has a form
	return string(b)
}
