package awsfake

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"

	"pixelctl/pkg/awsfake/wire"
)

// service is one service of the fake: operations, or a handler that speaks its
// protocol by itself.
type service struct {
	protocol   protocol
	operations map[string]wire.Operation
	routes     []wire.Route // of restJSON
	namespace  string       // of query
	handler    http.Handler
	name       func(*http.Request) string // operation of a handler that takes no form
}

// parsed is what a request asks for.
type parsed struct {
	operation string
	input     []byte // JSON
}

// parse finds the operation and its input.
func (s *service) parse(r *http.Request, body []byte) (parsed, error) {
	switch s.protocol {
	case query:
		return parseForm(body)
	case restJSON:
		return parsePath(s.routes, r, body)
	case rpcCBOR:
		_, operation, _ := strings.Cut(r.URL.Path, "/operation/")
		input, err := jsonOfCBOR(body)
		return parsed{operation, input}, err
	case awsJSON:
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		return parsed{operation, body}, nil
	}
	return parsed{operation: s.name(r)}, nil
}

func parseForm(body []byte) (parsed, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return parsed{}, wire.Error{Code: "MalformedQueryString", Message: err.Error()}
	}
	members := make(map[string]string, len(form))
	for name := range form {
		members[name] = form.Get(name)
	}
	return parsed{form.Get("Action"), mustJSON(members)}, nil
}

// parsePath joins the members of path, query and body.
func parsePath(routes []wire.Route, r *http.Request, body []byte) (parsed, error) {
	for _, route := range routes {
		path, ok := route.Match(r.Method, r.URL.EscapedPath())
		if !ok {
			continue
		}
		members := map[string]any{}
		if route.Payload != "" {
			members[route.Payload] = json.RawMessage(body)
		} else if len(body) > 0 {
			if err := json.Unmarshal(body, &members); err != nil {
				return parsed{route.Operation, nil}, wire.Error{Code: "SerializationException", Message: err.Error()}
			}
		}
		for name := range r.URL.Query() {
			members[name] = r.URL.Query().Get(name)
		}
		for name, value := range path {
			members[name] = value
		}
		input, err := json.Marshal(members)
		return parsed{route.Operation, input}, err
	}
	return parsed{operation: r.Method + " " + r.URL.Path}, nil
}

// jsonOfCBOR turns a request into JSON; a time, tag 1, becomes its seconds.
func jsonOfCBOR(body []byte) ([]byte, error) {
	if len(body) == 0 {
		return []byte("{}"), nil
	}
	v, err := cbor.Decode(body)
	if err != nil {
		return nil, wire.Error{Code: "SerializationException", Message: err.Error()}
	}
	return json.Marshal(plainValue(v))
}

func plainValue(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.Map:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = plainValue(value)
		}
		return out
	case cbor.List:
		out := make([]any, 0, len(v))
		for _, value := range v {
			out = append(out, plainValue(value))
		}
		return out
	case *cbor.Tag:
		return plainValue(v.Value)
	case cbor.NegInt:
		return -int64(v) //nolint:gosec // the test's own small numbers
	case *cbor.Nil, *cbor.Undefined:
		return nil
	}
	return v
}

// answer runs an operation and writes what it returns.
func (s *service) answer(ctx context.Context, w http.ResponseWriter, id string, p parsed) error {
	run, ok := s.operations[p.operation]
	if !ok {
		return wire.Error{Code: "UnknownOperationException", Message: "The fake has no operation " + p.operation, Status: http.StatusNotFound}
	}
	out, err := run(ctx, p.input)
	if err != nil {
		return err
	}
	body, kind, err := s.marshal(p.operation, id, out)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	if s.protocol == rpcCBOR {
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	}
	wire.WriteBody(w, http.StatusOK, body)
	return nil
}

func (s *service) marshal(operation, id string, out any) (body []byte, kind string, err error) {
	if out == nil {
		out = struct{}{}
	}
	switch s.protocol {
	case query:
		body, err = wire.QueryAnswer(operation, s.namespace, id, out)
		return body, "text/xml", err
	case rpcCBOR:
		if v, ok := out.(cbor.Value); ok {
			return cbor.Encode(v), "application/cbor", nil
		}
	case restJSON:
		body, err = json.Marshal(out)
		return body, "application/json", err
	}
	body, err = json.Marshal(out)
	return body, "application/x-amz-json-1.1", err
}
