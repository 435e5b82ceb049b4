// Package redrive knows the records that did not become rows: it reads them,
// counts them by reason, and chooses those that can be sent again. Where they
// lie and how they are sent is the target's matter.
package redrive

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/reject"
)

// Record is a rejected record with what a replay needs of it.
type Record struct {
	pipeline.Rejected

	Received event.Millis // its received_at, when it fits
}

// Reader reads records and judges them by the columns that the table has now.
// It is for one goroutine at a time.
type Reader struct {
	check   *reject.Checker
	columns map[string]bool
}

// NewReader returns a reader for a table.
func NewReader(s event.Schema) *Reader {
	r := &Reader{check: reject.NewChecker(s), columns: map[string]bool{}}
	for _, name := range s.Names() {
		r.columns[name] = true
	}
	return r
}

// codePrefix begins Firehose's codes of records that do not convert.
const codePrefix = "DataFormatConversion."

// ErrorLine reads one line of an error file; false when it is none.
func (r *Reader) ErrorLine(line []byte, source string) (Record, bool) {
	l, err := reject.ParseErrorLine(line)
	if err != nil || l.ArrivalTimestamp == 0 || l.RawData == nil {
		return Record{}, false
	}
	if l.LastErrorCode == "" { // the other spelling of Firehose's guide
		var other struct{ ErrorCode, ErrorMessage string }
		if json.Unmarshal(line, &other) == nil {
			l.LastErrorCode, l.LastErrorMessage = other.ErrorCode, other.ErrorMessage
		}
	}
	rec := Record{Rejected: pipeline.Rejected{
		At: time.UnixMilli(l.ArrivalTimestamp).UTC(), Reason: strings.TrimPrefix(l.LastErrorCode, codePrefix),
		Message: l.LastErrorMessage, Source: source, Raw: bytes.TrimRight(l.RawData, "\r\n"), // Firehose keeps what it was given
	}}
	r.judge(&rec)
	return rec, true
}

// Logged reads one record that the function wrote to its log, and why the
// stream did not take it.
func (r *Reader) Logged(raw []byte, at time.Time, cause, source string) Record {
	rec := Record{Rejected: pipeline.Rejected{
		At: at.UTC(), Reason: pipeline.ReasonRefused, Message: cause, Source: source, Raw: raw,
	}}
	r.judge(&rec)
	return rec
}

// replayable are the ids that a replay can look up: those that a beacon gives,
// and no text that would have to be escaped in SQL.
var replayable = regexp.MustCompile(`^[A-Za-z0-9_=+/.:-]{1,128}$`)

// judge tells whether the record fits now. A record without an id that can be
// looked up is left: nobody could tell whether it is a row already.
func (r *Reader) judge(rec *Record) {
	rec.EventID = idOf(rec.Raw)
	at, bad := r.check.Line(rec.Raw)
	switch {
	case bad.Code != "":
		rec.Column = bad.Column
		if rec.Message == "" || rec.Reason == pipeline.ReasonRefused {
			rec.Message = bad.Message
		}
		return
	case !replayable.MatchString(rec.EventID):
		rec.Column, rec.Message = "event_id", "event_id: not an id that a beacon gives"
		return
	}
	rec.Fits, rec.Received = true, at
	if name, _, found := strings.Cut(rec.Message, ": "); found && r.columns[name] {
		rec.Column = name
	}
}

// idOf reads the event_id by its exact name, as the columns of the table do.
func idOf(raw []byte) string {
	var members map[string]json.RawMessage
	var id string
	if json.Unmarshal(raw, &members) != nil || json.Unmarshal(members["event_id"], &id) != nil {
		return ""
	}
	return id
}
