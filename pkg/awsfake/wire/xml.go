package wire

import (
	"bytes"
	"encoding/xml"
)

// QueryAnswer is the answer of an operation of the query protocol: the result
// as XML between the elements that the protocol puts around it.
func QueryAnswer(operation, namespace, requestID string, result any) ([]byte, error) {
	outer := element(operation + "Response")
	outer.Attr = []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: namespace}}
	var buf bytes.Buffer
	enc := xml.NewEncoder(&buf)
	if err := enc.EncodeToken(outer); err != nil {
		return nil, err
	}
	if err := enc.EncodeElement(result, element(operation+"Result")); err != nil {
		return nil, err
	}
	metadata := struct {
		RequestID string `xml:"RequestId"`
	}{requestID}
	if err := enc.EncodeElement(metadata, element("ResponseMetadata")); err != nil {
		return nil, err
	}
	if err := enc.EncodeToken(outer.End()); err != nil {
		return nil, err
	}
	return buf.Bytes(), enc.Close()
}

func element(name string) xml.StartElement {
	return xml.StartElement{Name: xml.Name{Local: name}}
}
