package compute

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// event is the request in payload format 2.0.
func (g *Gateway) event(v *visit, r *http.Request, body []byte) Event {
	now := g.o.Clock.Now()
	e := Event{
		Version: "2.0", RouteKey: v.route.RouteKey, RawPath: v.path, RawQueryString: r.URL.RawQuery,
		Headers: map[string]string{}, QueryStringParameters: joinedQuery(r.URL.RawQuery),
		RequestContext: Context{
			AccountID: g.o.Account, APIID: v.api.id, DomainName: g.Host(v.api.id), DomainPrefix: v.api.id,
			RequestID: v.id, RouteKey: v.route.RouteKey, Stage: v.stage.StageName,
			Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		},
	}
	for name, values := range r.Header {
		if name == PeerHeader {
			continue
		}
		if name == "Cookie" {
			e.Cookies = cookies(values)
			continue
		}
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	peer := sourceIP(r)
	e.Headers["host"] = g.Host(v.api.id)
	e.Headers["x-forwarded-for"] = strings.TrimPrefix(e.Headers["x-forwarded-for"]+", "+peer, ", ")
	e.Headers["x-forwarded-port"], e.Headers["x-forwarded-proto"] = "443", "https"
	e.Headers["content-length"] = strconv.Itoa(len(body))
	http2 := &e.RequestContext.HTTP
	http2.Method, http2.Path, http2.Protocol = r.Method, v.path, r.Proto
	http2.SourceIP, http2.UserAgent = peer, r.UserAgent()
	e.setBody(body)
	return e
}

// setBody sends text as it is and all else in base64.
func (e *Event) setBody(body []byte) {
	kind := e.Headers["content-type"]
	text := strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json") || strings.Contains(kind, "xml")
	if text && utf8.Valid(body) {
		e.Body = string(body)
		return
	}
	if len(body) > 0 {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
}

func cookies(headers []string) []string {
	var out []string
	for _, h := range headers {
		for part := range strings.SplitSeq(h, ";") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// joinedQuery joins the values of a key by commas; nil when there is no query.
func joinedQuery(raw string) map[string]string {
	query, err := url.ParseQuery(raw)
	if len(query) == 0 && err == nil {
		return nil
	}
	out := make(map[string]string, len(query))
	for k, v := range query {
		out[k] = strings.Join(v, ",")
	}
	return out
}

// PeerHeader is where a test says from which address its request comes: its own
// connections all come from this machine. The function does not see the header.
const PeerHeader = "X-Awsfake-Peer"

// sourceIP is the peer of the connection, or the one that a test's request says.
func sourceIP(r *http.Request) string {
	if peer := r.Header.Get(PeerHeader); peer != "" {
		return peer
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// accessLog writes a line of the stage's format. Variables without a value
// are a hyphen.
func (g *Gateway) accessLog(v *visit, r *http.Request, out Answer) {
	_, group, ok := strings.Cut(v.stage.AccessLogSettings.DestinationArn, ":log-group:")
	if !ok {
		return
	}
	now := g.o.Clock.Now()
	line := strings.NewReplacer(
		"$context.requestId", v.id, "$context.identity.sourceIp", sourceIP(r), "$context.httpMethod", r.Method,
		"$context.routeKey", v.route.RouteKey, "$context.status", strconv.Itoa(out.StatusCode),
		"$context.protocol", r.Proto, "$context.path", v.path, "$context.stage", v.stage.StageName,
		"$context.requestTimeEpoch", strconv.FormatInt(now.UnixMilli(), 10),
		"$context.requestTime", now.Format("02/Jan/2006:15:04:05 -0700"),
		"$context.responseLength", strconv.Itoa(len(out.Body)),
		"$context.integrationErrorMessage", "-", "$context.error.message", "-", "$context.responseLatency", "1",
		"$context.integrationLatency", "1", "$context.integrationStatus", "200",
	).Replace(v.stage.AccessLogSettings.Format)
	g.o.Log(strings.TrimSuffix(group, ":*"), v.api.id+"/"+v.stage.StageName, line)
}

// IDOf finds the API in a host name such as <id>.execute-api.<region>.amazonaws.com.
func IDOf(host string) (id string, ok bool) {
	id, rest, ok := strings.Cut(host, ".")
	return id, ok && strings.HasPrefix(rest, "execute-api.")
}

// dataPath is where the APIs lie below the fake's own URL.
const dataPath = "/_aws/execute-api/"

// SplitPath finds the API and its path in /_aws/execute-api/<id>/path.
func SplitPath(r *http.Request) (id, path string, ok bool) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), dataPath)
	if !ok {
		return "", "", false
	}
	id, path, _ = strings.Cut(rest, "/")
	return id, "/" + path, true
}
