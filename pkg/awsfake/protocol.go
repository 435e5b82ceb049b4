package awsfake

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"maps"
	"net/http"

	"github.com/aws/smithy-go/encoding/cbor"

	"pixelctl/pkg/awsfake/wire"
)

// protocol is how a service writes requests and answers.
type protocol int

const (
	awsJSON  protocol = iota // AWS JSON 1.0 and 1.1: X-Amz-Target
	query                    // form in, XML out
	restXML                  // S3
	restJSON                 // Lambda, API Gateway, Scheduler
	rpcCBOR                  // Smithy RPC v2 CBOR
	plain                    // the data plane of an HTTP API
)

// expired is the answer to credentials that have run out.
func (p protocol) expired() wire.Error {
	e := wire.Error{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}
	switch p {
	case query:
		e.Code, e.Status = "ExpiredToken", http.StatusForbidden
	case restXML:
		e.Code, e.Message = "ExpiredToken", "The provided token has expired."
	case restJSON:
		e.Status = http.StatusForbidden
	}
	return wire.AsError(e)
}

// skewed is the answer to a request signed at another time.
func (p protocol) skewed() wire.Error {
	const late = "Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z (20260101T002000Z - 5 min.)"
	switch p {
	case restXML:
		return wire.Error{
			Code: "RequestTimeTooSkewed", Status: http.StatusForbidden,
			Message: "The difference between the request time and the current time is too large.",
		}
	case query:
		return wire.Error{Code: "SignatureDoesNotMatch", Message: late, Status: http.StatusForbidden}
	case restJSON:
		return wire.Error{Code: "InvalidSignatureException", Message: late, Status: http.StatusForbidden}
	}
	return wire.Error{Code: "InvalidSignatureException", Message: late, Status: http.StatusBadRequest}
}

// fail writes an error as the service would.
func (p protocol) fail(w http.ResponseWriter, r *http.Request, id string, err error) {
	e := wire.AsError(err)
	var body []byte
	switch p {
	case query:
		w.Header().Set("Content-Type", "text/xml")
		body = queryError(e, id)
	case restXML:
		w.Header().Set("Content-Type", "application/xml")
		body = storeError(e, id)
	case rpcCBOR:
		w.Header().Set("Content-Type", "application/cbor")
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.Header().Set("X-Amzn-Query-Error", e.Code+";Sender")
		body = cbor.Encode(cbor.Map{"__type": cbor.String(e.Code), "message": cbor.String(e.Message)})
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-Errortype", e.Code)
		body = jsonError(err, e)
	}
	if r.Method == http.MethodHead {
		body = nil
	}
	wire.WriteBody(w, e.Status, body)
}

// jsonError has the members of its own that an error of a service may carry.
func jsonError(err error, e wire.Error) []byte {
	members := map[string]string{"__type": e.Code, "message": e.Message}
	var more interface{ Members() map[string]string }
	if errors.As(err, &more) {
		maps.Copy(members, more.Members())
	}
	return mustJSON(members)
}

func queryError(e wire.Error, id string) []byte {
	kind := "Sender"
	if e.Status >= http.StatusInternalServerError {
		kind = "Receiver"
	}
	return mustXML(struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Type      string   `xml:"Error>Type"`
		Code      string   `xml:"Error>Code"`
		Message   string   `xml:"Error>Message"`
		RequestID string   `xml:"RequestId"`
	}{Type: kind, Code: e.Code, Message: e.Message, RequestID: id})
}

func storeError(e wire.Error, id string) []byte {
	return mustXML(struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
	}{Code: e.Code, Message: e.Message, RequestID: id})
}

// mustJSON and mustXML marshal strings, which cannot fail.
func mustJSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		return []byte("{}")
	}
	return body
}

func mustXML(v any) []byte {
	body, err := xml.Marshal(v)
	if err != nil {
		return []byte("<Error/>")
	}
	return body
}
