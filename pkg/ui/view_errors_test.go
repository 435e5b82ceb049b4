package ui

import (
	"encoding/json"
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
)

// errorReport has a record that could steer a terminal, and one that is no text.
func errorReport() pipeline.ErrorReport {
	at := time.Date(2026, 7, 5, 9, 20, 30, 0, time.UTC)
	hostile := "{\"event_id\":\"a\",\"hotel\":\"\x1b]0;owned\a\u202egpj\"}"
	const source = "errors/format-conversion-failed/year=2026/month=7/day=5/shop-DeliveryStream-1x2y3z-2-2026-07-05-09-20-30-0f1e2d3c"
	return pipeline.ErrorReport{
		Records: 1230, Files: 2,
		Groups: []pipeline.ErrorGroup{
			{Reason: "MalformedData", Column: "hotel", Records: 1228, Fit: 1228, First: at, Last: at.Add(26 * time.Hour), Message: "hotel: not a int", Example: hostile},
			{Reason: "ParseError", Records: 2, First: at, Last: at, Message: "not one JSON object: byte 1", Example: "GET / HTTP/1.1\r\n"},
		},
		Shown: []pipeline.Rejected{
			{At: at, Reason: "MalformedData", Column: "hotel", Message: "hotel: not a int", Source: source, EventID: "a", Raw: []byte(hostile), Fits: true},
			{At: at, Reason: "ParseError", Message: "invalid UTF-8", Source: source, Raw: []byte("\xff\x00\tx")},
		},
		Notes: []string{"lines under s3://shop-databucket-1x2y3z/errors/ that are no error lines: 1"},
	}
}

// A program gets every byte of a record.
func TestErrorRecordsAsJSON(t *testing.T) {
	s := newScreen("", TestOptions{})
	if err := Show(s.Streams, ErrorRecords(errorReport()), true); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Records int64
		Shown   []struct {
			Raw    string
			Base64 []byte `json:"raw_base64"`
		}
	}
	if err := json.Unmarshal(s.out.Bytes(), &doc); err != nil || len(doc.Shown) != 2 || doc.Records != 1230 {
		t.Fatalf("%v: %s", err, s.out)
	}
	for i, want := range errorReport().Shown {
		if got := doc.Shown[i].Raw + string(doc.Shown[i].Base64); got != string(want.Raw) {
			t.Errorf("record %d: %q, want %q", i, got, want.Raw)
		}
	}
}
