package cloudformation

import (
	"encoding/xml"
	"net/http"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

const namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"

// stamp writes a time as AWS does: UTC with milliseconds, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

type metadata struct {
	RequestID string `xml:"RequestId"`
}

// writeAnswer wraps out as <ActionResponse><ActionResult>; out may be nil.
func writeAnswer(w http.ResponseWriter, id, action string, out any) {
	w.Header().Set("Content-Type", "text/xml")
	e := xml.NewEncoder(w)
	outer := xml.StartElement{Name: xml.Name{Space: namespace, Local: action + "Response"}}
	inner := xml.StartElement{Name: xml.Name{Local: action + "Result"}}
	if out == nil {
		out = struct{}{}
	}
	// A client that is gone is no failure of the fake.
	_ = e.EncodeToken(outer)
	_ = e.EncodeElement(out, inner)
	_ = e.EncodeElement(metadata{id}, xml.StartElement{Name: xml.Name{Local: "ResponseMetadata"}})
	_ = e.EncodeToken(outer.End())
	_ = e.Flush()
}

type errorResponse struct {
	XMLName   xml.Name `xml:"http://cloudformation.amazonaws.com/doc/2010-05-15/ ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

func writeError(w http.ResponseWriter, id string, err error) {
	known := wire.AsError(err)
	kind := "Sender"
	if known.Status >= http.StatusInternalServerError {
		kind = "Receiver"
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(known.Status)
	_ = xml.NewEncoder(w).Encode(errorResponse{Type: kind, Code: known.Code, Message: known.Message, RequestID: id})
}
