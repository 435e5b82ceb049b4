package compute_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/compute"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// rig is an API "abc" in front of a function, whose stream and logs are slices.
type rig struct {
	clock   *wire.Clock
	lambda  *compute.Lambda
	gateway *compute.Gateway
	refuse  int // puts that fail
	lines   []string
	logs    []string
	counts  map[string]int

	zip      []byte // of the function
	secret   string
	noSecret error
	reads    int // of the secret
}

func newRig(t *testing.T, stage compute.Stage, keys ...string) *rig {
	t.Helper()
	return newSpecRig(t, spec.Spec{}, stage, keys...)
}

// newSpecRig has the spec in the function's zip.
func newSpecRig(t *testing.T, s spec.Spec, stage compute.Stage, keys ...string) *rig {
	t.Helper()
	r := &rig{
		zip: zipped(t, "bootstrap", "", "spec.json", string(s.JSON())), secret: `{"day":0,"key":"abcdefghijklmnopqrstuvwxyzabcdef"}`,
		clock: wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)), counts: map[string]int{},
	}
	o := compute.Options{
		Clock: r.clock, Account: "123456789012", Region: "us-east-1",
		Object: func(_, key string) ([]byte, error) {
			if key == "missing" {
				return nil, wire.Error{Code: "NoSuchKey", Message: "The specified key does not exist."}
			}
			return r.zip, nil
		},
		Secret: func(context.Context, string) (string, error) {
			r.reads++
			return r.secret, r.noSecret
		},
		PutSecret: func(_ context.Context, _, _, value string) error { r.secret = value; return nil },
		Put:       r.put,
		PutBatch:  r.putBatch,
		Log:       func(group, _, message string) { r.logs = append(r.logs, group+" "+message) },
		Count:     func(namespace, metric string, d ...string) { r.counts[namespace+" "+metric+" "+strings.Join(d, " ")]++ },
		Measure:   func(string, string, float64, ...string) {},
	}
	r.lambda = compute.NewLambda(o)
	r.gateway = compute.NewGateway(o, r.lambda)
	f := compute.Function{FunctionName: "beacon", Code: compute.Code{S3Bucket: "b", S3Key: "k"}}
	f.LoggingConfig.LogGroup = "/beacon"
	f.Environment.Variables = map[string]string{"PIXELCTL_STREAM": "hits", "PIXELCTL_VERSION": "1", "PIXELCTL_SECRET": "arn:secret"}
	stage.APIID, stage.StageName, stage.AutoDeploy = "abc", "$default", true
	r.gateway.PutAPI("abc", compute.API{Name: "x", ProtocolType: "HTTP"})
	arn := "arn:aws:lambda:us-east-1:123456789012:function:beacon"
	integration := compute.Integration{APIID: "abc", IntegrationURI: arn, PayloadFormatVersion: "2.0"}
	for _, err := range []error{r.lambda.CreateFunction(f), r.gateway.PutIntegration("i", integration), r.gateway.PutStage(stage), r.allow("arn:aws:execute-api:us-east-1:123456789012:abc/*")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range keys {
		if err := r.gateway.PutRoute(key, compute.Route{APIID: "abc", RouteKey: key, Target: "integrations/i"}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// zipped is a zip of entries: name and content in turn.
func zipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func (r *rig) allow(source string) error {
	return r.lambda.AddPermission("p", compute.Permission{
		FunctionName: "beacon", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com", SourceArn: source,
	})
}

func (r *rig) put(_ context.Context, stream string, data []byte) error {
	if r.refuse > 0 {
		r.refuse--
		return errors.New("slow down")
	}
	r.lines = append(r.lines, stream+" "+string(data))
	return nil
}

func (r *rig) putBatch(ctx context.Context, stream string, data [][]byte) ([]error, error) {
	out := make([]error, len(data))
	for i := range data {
		out[i] = r.put(ctx, stream, data[i])
	}
	return out, nil
}

func (r *rig) ask(t *testing.T, text string) *httptest.ResponseRecorder {
	t.Helper()
	req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	req.RemoteAddr = "198.51.100.7:1234"
	w := httptest.NewRecorder()
	r.gateway.Serve(w, req.WithContext(t.Context()), "abc", req.URL.EscapedPath())
	return w
}

func TestRoutes(t *testing.T) {
	cases := []struct {
		keys []string
		line string
		want int
	}{
		{[]string{"GET /p.gif"}, "GET /p.gif", 200},
		{[]string{"GET /p.gif"}, "HEAD /p.gif", 404},
		{[]string{"ANY /p.gif"}, "HEAD /p.gif", 200},
		{[]string{"HEAD /p.gif"}, "HEAD /p.gif", 200},
		{[]string{"GET /p.gif"}, "GET /p.gif/", 404},
		{[]string{"GET /{site}/{label}"}, "GET /site/a.gif", 200},
		{[]string{"GET /{site}/{label}"}, "GET /a.gif", 404},
		{[]string{"GET /{proxy+}"}, "GET /site/a.gif", 200},
		{[]string{"$default"}, "GET /p.gif", 200},
		{nil, "GET /p.gif", 404},
	}
	for _, c := range cases {
		r := newRig(t, compute.Stage{}, c.keys...)
		resp := r.ask(t, c.line+" HTTP/1.1\r\nHost: x\r\n\r\n")
		if resp.Code != c.want {
			t.Errorf("%v, %s: %d, want %d", c.keys, c.line, resp.Code, c.want)
		}
		if c.want == 404 && resp.Body.String() != `{"message":"Not Found"}` && !strings.HasPrefix(c.line, "HEAD") {
			t.Errorf("%v, %s: %s", c.keys, c.line, resp.Body)
		}
	}
}

func TestMostSpecificRoute(t *testing.T) {
	stage := compute.Stage{AccessLogSettings: compute.AccessLog{
		DestinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/access:*", Format: "$context.routeKey $context.status",
	}}
	r := newRig(t, stage, "$default", "GET /{proxy+}", "ANY /{a}/{b}", "GET /{a}/b.gif", "ANY /p.gif", "GET /p.gif")
	want := map[string]string{
		"GET /p.gif": "GET /p.gif", "POST /p.gif": "ANY /p.gif", "GET /x/b.gif": "GET /{a}/b.gif",
		"POST /x/b.gif": "ANY /{a}/{b}", "GET /x/y/z": "GET /{proxy+}", "PUT /x": "$default",
	}
	for line, key := range want {
		r.ask(t, line+" HTTP/1.1\r\nHost: x\r\n\r\n")
		if got := r.logs[len(r.logs)-1]; !strings.HasPrefix(got, "/access "+key+" ") {
			t.Errorf("%s went to %s, want %s", line, got, key)
		}
	}
}

func TestHitLeavesARecord(t *testing.T) {
	r := newRig(t, compute.Stage{}, "GET /p.gif")
	resp := r.ask(t, "GET /p.gif?site=shop&event=view&x=1&x=2 HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 (X11) Firefox/140\r\nCookie: a=1; b=2\r\n\r\n")
	if !strings.HasPrefix(resp.Body.String(), "GIF89a") || resp.Header().Get("Content-Type") != "image/gif" {
		t.Fatalf("%q, %v", resp.Body, resp.Header())
	}
	if len(r.lines) != 1 || !strings.HasPrefix(r.lines[0], "hits {") || !strings.HasSuffix(r.lines[0], "}\n") {
		t.Fatalf("%q", r.lines)
	}
	var record map[string]any
	if err := json.Unmarshal([]byte(strings.TrimPrefix(r.lines[0], "hits ")), &record); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"site": "shop", "event": "view", "host": "abc.execute-api.us-east-1.amazonaws.com", "path": "/p.gif",
		"received_at": "2026-07-05 09:00:00.000", "event_id": resp.Header().Get("Apigw-Requestid"), "collector": "pixelctl/1 aws",
	}
	for name, value := range want {
		if record[name] != value {
			t.Errorf("%s is %v, want %v", name, record[name], value)
		}
	}
	if n := r.counts["AWS/Lambda Invocations FunctionName beacon"]; n != 1 {
		t.Errorf("%d invocations", n)
	}
}

func TestStreamRefuses(t *testing.T) {
	const hit = "GET /p.gif?site=shop HTTP/1.1\r\nHost: x\r\n\r\n"
	r := newRig(t, compute.Stage{}, "GET /p.gif")
	r.refuse = 1
	resp := r.ask(t, hit)
	if len(r.lines) != 1 || len(r.logs) != 0 || !strings.HasPrefix(resp.Header().Get("X-Pixel-Status"), "recorded") {
		t.Errorf("one refusal: %q, %q, %v", r.lines, r.logs, resp.Header())
	}
	r.refuse = 2
	resp = r.ask(t, hit)
	if len(r.lines) != 1 || resp.Code != 200 || resp.Header().Get("X-Pixel-Status") != "dropped; reason=stream" {
		t.Fatalf("two refusals: %q, %v", r.lines, resp.Header())
	}
	var line struct {
		Reason  string
		Records []map[string]any
	}
	_, text, _ := strings.Cut(r.logs[0], " ")
	if err := json.Unmarshal([]byte(text), &line); err != nil || line.Reason != "stream" || line.Records[0]["site"] != "shop" {
		t.Errorf("%s, %v", r.logs, err)
	}
}

func TestThrottle(t *testing.T) {
	rate, burst := 2.0, 3
	r := newRig(t, compute.Stage{DefaultRouteSettings: compute.RouteSettings{ThrottlingRateLimit: &rate, ThrottlingBurstLimit: &burst}}, "GET /p.gif")
	var got []int
	for i := range 6 {
		if i == 5 {
			r.clock.Advance(500 * time.Millisecond)
		}
		resp := r.ask(t, "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n")
		got = append(got, resp.Code)
	}
	if !slices.Equal(got, []int{200, 200, 200, 429, 429, 200}) {
		t.Errorf("%v", got)
	}
	if n := r.counts["AWS/ApiGateway 4xx ApiId abc"]; n != 2 {
		t.Errorf("%d errors counted", n)
	}
}

func TestHeadLimit(t *testing.T) {
	r := newRig(t, compute.Stage{}, "GET /p.gif")
	const line, rest = "GET /p.gif?q=", " HTTP/1.1\r\nHost: x\r\n\r\n"
	for size, want := range map[int]int{10_000: 200, 10_240: 431} {
		resp := r.ask(t, line+strings.Repeat("a", size-len(line))+rest)
		if resp.Code != want {
			t.Errorf("%d bytes: %d, want %d", size, resp.Code, want)
		}
	}
}

func TestWithoutPermission(t *testing.T) {
	r := newRig(t, compute.Stage{}, "GET /p.gif")
	for source, want := range map[string]int{
		"arn:aws:execute-api:us-east-1:123456789012:abc/*/GET/p.gif": 200,
		"arn:aws:execute-api:us-east-1:123456789012:other/*":         500,
	} {
		if err := r.allow(source); err != nil {
			t.Fatal(err)
		}
		resp := r.ask(t, "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n")
		if resp.Code != want {
			t.Errorf("%s: %d, want %d", source, resp.Code, want)
		}
	}
}

func TestMissingZip(t *testing.T) {
	r := newRig(t, compute.Stage{})
	err := r.lambda.CreateFunction(compute.Function{FunctionName: "new", Code: compute.Code{S3Bucket: "b", S3Key: "missing"}})
	if e := wire.AsError(err); e.Code != "InvalidParameterValueException" || !strings.Contains(e.Message, "NoSuchKey") {
		t.Errorf("%v", err)
	}
}

// A function runs the spec of its own zip, and one that is none as strictly as
// it can.
func TestSpecOfTheZip(t *testing.T) {
	own := spec.Spec{Fields: []spec.Field{{
		Name: "room", Type: event.String, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{"room"}}},
	}}}
	r := newSpecRig(t, own, compute.Stage{}, "GET /p.gif")
	const hit = "GET /p.gif?site=shop&uid=u-1&room=sea HTTP/1.1\r\nHost: x\r\n\r\n"
	r.ask(t, hit)
	if !strings.Contains(r.lines[0], `"room":"sea"`) || !strings.Contains(r.lines[0], `"u-1"`) {
		t.Errorf("%s", r.lines)
	}
	again := compute.Function{FunctionName: "beacon", Code: compute.Code{S3Bucket: "b", S3Key: "k"}}
	r.zip = zipped(t, "bootstrap", "", "spec.json", "<html>")
	if err := r.lambda.UpdateFunction(again); err != nil {
		t.Fatal(err)
	}
	r.ask(t, hit)
	if len(r.lines) != 2 || strings.Contains(r.lines[1], "u-1") || strings.Contains(r.lines[1], "sea") {
		t.Errorf("%s", r.lines)
	}
	r.zip = []byte("no zip")
	if err := r.lambda.UpdateFunction(again); wire.AsError(err).Code != "InvalidParameterValueException" {
		t.Errorf("%v", err)
	}
}

// The keys come from the secret, which the first event of a day moves on.
func TestKeysOfTheSecret(t *testing.T) {
	hashing := spec.Spec{Privacy: spec.Privacy{User: spec.Hash, NetworkCookie: true}}
	r := newSpecRig(t, hashing, compute.Stage{}, "GET /p.gif")
	const hit = "GET /p.gif?site=shop&uid=u-1 HTTP/1.1\r\nHost: x\r\n\r\n"
	user := func(line string) string {
		var record struct {
			User string `json:"user_id"`
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "hits ")), &record); err != nil {
			t.Fatal(err)
		}
		return record.User
	}
	first := r.ask(t, hit)
	r.ask(t, hit)
	if a, b := user(r.lines[0]), user(r.lines[1]); len(a) != 32 || a != b || r.reads != 1 || strings.Contains(r.secret, `"day":0`) {
		t.Errorf("%q and %q after %d reads; %s", a, b, r.reads, r.secret)
	}
	if !strings.HasPrefix(first.Header().Get("Set-Cookie"), "pxid=") {
		t.Errorf("%v", first.Header())
	}
	stored := r.secret
	r.clock.Advance(24 * time.Hour)
	r.ask(t, hit)
	if c := user(r.lines[2]); len(c) != 32 || c == user(r.lines[0]) || r.secret == stored || r.reads != 2 {
		t.Errorf("%q after %d reads; %s", c, r.reads, r.secret)
	}
	r = newSpecRig(t, hashing, compute.Stage{}, "GET /p.gif")
	r.noSecret = errors.New("no")
	resp := r.ask(t, hit)
	if user(r.lines[0]) != "" || resp.Code != 200 || len(r.logs) != 1 || !strings.Contains(r.logs[0], `"reason":"secret"`) {
		t.Errorf("%s, %s", r.lines, r.logs)
	}
}

func TestPostedBody(t *testing.T) {
	r := newRig(t, compute.Stage{}, "POST /p.gif")
	body := `[{"event":"a","site":"s"},{"event":"b","site":"s"}]`
	resp := r.ask(t, "POST /p.gif HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 51\r\n\r\n"+body)
	if len(body) != 51 || len(r.lines) != 2 {
		t.Errorf("%d, %q, %v", resp.Code, r.lines, resp.Header())
	}
}
