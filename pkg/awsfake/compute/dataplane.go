package compute

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"pixelctl/pkg/awsfake/wire"
)

// Quotas of an HTTP API, in bytes: request line with headers, and body.
const (
	maxHead = 10_240
	maxBody = 10 << 20
)

// visit is one request on its way through an API.
type visit struct {
	api         *API
	stage       Stage
	integration Integration
	route       Route
	path        string // without the stage
	id          string // request id
}

// Serve answers a request to the API id, whose path is given apart.
func (g *Gateway) Serve(w http.ResponseWriter, r *http.Request, id, path string) {
	v := visit{path: path}
	out, status := Answer{}, g.find(&v, r, id)
	var body []byte
	if status == 0 {
		body, status = readBody(w, r)
	}
	if status == 0 {
		out, status = g.integrate(&v, r, body)
	}
	if status != 0 {
		out = refusal(status)
	}
	g.count(&v, out.StatusCode)
	g.accessLog(&v, r, out)
	w.Header().Set("Apigw-Requestid", v.id)
	write(w, r, out)
}

// find fills v; a status that is not 0 ends the request.
func (g *Gateway) find(v *visit, r *http.Request, id string) int {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.requests++
	v.id = base64.RawURLEncoding.EncodeToString([]byte("request"+strconv.FormatInt(g.requests, 36))) + "="
	a, ok := g.apis[id]
	if !ok || a.DisableExecuteAPIEndpoint {
		return http.StatusNotFound
	}
	v.api = a
	stage := a.stage(v)
	if stage == nil || !stage.AutoDeploy && stage.DeploymentID == "" {
		return http.StatusNotFound
	}
	v.stage = *stage
	if headBytes(r) > maxHead {
		return http.StatusRequestHeaderFieldsTooLarge
	}
	if v.route, ok = a.match(r.Method, v.path); !ok {
		return http.StatusNotFound
	}
	if !stage.bucket.take(g.o.Clock.Now()) {
		return http.StatusTooManyRequests
	}
	v.integration = a.integrations[strings.TrimPrefix(v.route.Target, "integrations/")]
	return 0
}

// stage takes the first part of the path for a stage's name, else $default.
func (a *API) stage(v *visit) *Stage {
	first, rest, _ := strings.Cut(strings.TrimPrefix(v.path, "/"), "/")
	if s, ok := a.stages[first]; ok {
		v.path = "/" + rest
		return s
	}
	return a.stages["$default"]
}

func headBytes(r *http.Request) int {
	n := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len("  \r\n") + len("host: \r\n") + len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			n += len(name) + len(value) + len(": \r\n")
		}
	}
	return n
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusBadRequest
	}
	return body, 0
}

// integrate calls the function. What it may not, or what comes back unreadable,
// is a 500.
func (g *Gateway) integrate(v *visit, r *http.Request, body []byte) (Answer, int) {
	method, path, ok := strings.Cut(v.route.RouteKey, " ")
	if !ok {
		method, path = "$default", "/$default"
	}
	source := "arn:aws:execute-api:" + g.o.Region + ":" + g.o.Account + ":" + v.api.id + "/" + v.stage.StageName + "/" + method + path
	if v.route.RouteKey == "$default" {
		source = strings.TrimSuffix(source, "/$default")
	}
	uri := v.integration.IntegrationURI // an ARN of a function, or one of its invocation around it
	if _, inner, ok := strings.Cut(uri, "/functions/"); ok {
		uri = strings.TrimSuffix(inner, "/invocations")
	}
	g.lambda.lock.Lock()
	f, err := g.lambda.find(uri)
	allowed := err == nil && f.allows(source)
	g.lambda.lock.Unlock()
	if !allowed {
		return Answer{}, http.StatusInternalServerError
	}
	payload, err := json.Marshal(g.event(v, r, body))
	if err != nil {
		return Answer{}, http.StatusInternalServerError
	}
	raw, err := g.lambda.Invoke(r.Context(), uri, payload)
	var out Answer
	if err != nil || json.Unmarshal(raw, &out) != nil || out.StatusCode == 0 {
		return Answer{}, http.StatusInternalServerError
	}
	return out, 0
}

// refusal is an answer of the gateway itself.
func refusal(status int) Answer {
	message := map[int]string{
		http.StatusInternalServerError: "Internal Server Error", http.StatusTooManyRequests: "Too Many Requests",
		http.StatusNotFound: "Not Found", http.StatusRequestEntityTooLarge: "Request Entity Too Large",
	}[status]
	if message == "" {
		message = http.StatusText(status)
	}
	return Answer{
		StatusCode: status, Headers: map[string]string{"Content-Type": "application/json"},
		Body: `{"message":"` + message + `"}`,
	}
}

func (g *Gateway) count(v *visit, status int) {
	if v.api == nil {
		return
	}
	names := []string{"Count"}
	switch {
	case status >= 500:
		names = append(names, "5xx")
	case status >= 400:
		names = append(names, "4xx")
	}
	for _, name := range names {
		g.o.Count("AWS/ApiGateway", name, "ApiId", v.api.id)
		if v.stage.StageName != "" {
			g.o.Count("AWS/ApiGateway", name, "ApiId", v.api.id, "Stage", v.stage.StageName)
		}
	}
}

// write sends an answer; that to HEAD has no body.
func write(w http.ResponseWriter, r *http.Request, out Answer) {
	body := []byte(out.Body)
	if out.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(out.Body)
		if err != nil {
			wire.WriteBody(w, http.StatusInternalServerError, nil)
			return
		}
		body = decoded
	}
	for name, value := range out.Headers {
		w.Header().Set(name, value)
	}
	for _, cookie := range out.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	if r.Method == http.MethodHead {
		body = nil
	}
	wire.WriteBody(w, out.StatusCode, body)
}
