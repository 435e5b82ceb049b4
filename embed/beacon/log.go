package main

import (
	"bytes"
	"encoding/json"
	"io"
	"time"
)

// Bounds of one line. CloudWatch Logs takes at least 256 KB in one event
// (PutLogEvents quota, before it was raised to 1 MB).
const (
	maxLogRecords = 200 << 10
	maxLogError   = 1 << 10
	maxLogKeys    = 20
	maxLogKey     = 40
)

// Reasons of lines that tell of no hit.
const (
	reasonSpec   = "spec"
	reasonSecret = "secret"
)

// logLine is one line of the log in Lambda's JSON format: timestamp and level
// have the names and forms that its level filter reads.
type logLine struct {
	Timestamp string            `json:"timestamp"` // RFC 3339, UTC
	Level     string            `json:"level"`
	Message   string            `json:"message"`
	Reason    string            `json:"reason"`
	RequestID string            `json:"request_id,omitempty"`
	Attempts  int               `json:"attempts,omitempty"`
	Error     string            `json:"error"`
	Records   []json.RawMessage `json:"records,omitempty"` // byte for byte what the stream did not take
	Event     *eventShape       `json:"event,omitempty"`
}

// eventShape is what is told of an event that is no request. It may hold a
// person's data, to which no policy was applied.
type eventShape struct {
	Bytes int      `json:"bytes"`
	Keys  []string `json:"keys"` // of the outermost object, at most maxLogKeys that look like names
}

// logger writes lines.
type logger struct{ w io.Writer }

// lost writes what the stream did not take. All fits in one line but for
// large batches, which go on in further lines: no record is lost to the bound.
func (l logger) lost(id string, lines [][]byte, cause error) {
	entry := logLine{Message: "records not stored", Reason: reasonStream, RequestID: id, Attempts: attempts}
	size := 0
	for i, line := range lines {
		entry.Records = append(entry.Records, bytes.TrimSuffix(line, []byte("\n")))
		size += len(line)
		if i+1 == len(lines) || size+len(lines[i+1]) > maxLogRecords {
			l.write(entry, cause)
			entry.Records, size = nil, 0
		}
	}
}

// unread tells of an event that is no request.
func (l logger) unread(id string, raw []byte, cause error) {
	l.write(logLine{Message: "event not understood", Reason: reasonEvent, RequestID: id, Event: shapeOf(raw)}, cause)
}

// noSpec tells that the spec in the zip is of no use.
func (l logger) noSpec(cause error) {
	l.write(logLine{Message: "spec not understood: nothing of a person is recorded, and no own column", Reason: reasonSpec}, cause)
}

// noKeys tells that the secret could not be had.
func (l logger) noKeys(message string, cause error) {
	l.write(logLine{Message: message, Reason: reasonSecret}, cause)
}

// shapeOf reads the keys of an object, as far as it is one.
func shapeOf(raw []byte) *eventShape {
	s := &eventShape{Bytes: len(raw), Keys: []string{}}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return s
	}
	for len(s.Keys) < maxLogKeys && dec.More() {
		t, err := dec.Token()
		if err != nil {
			return s
		}
		if name, ok := t.(string); ok && isName(name) {
			s.Keys = append(s.Keys, name)
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return s
		}
	}
	return s
}

// isName tells a key that a program has: an address, which might be one, too,
// has other characters.
func isName(s string) bool {
	if len(s) > maxLogKey {
		return false
	}
	for i := range len(s) {
		letter := 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z'
		if !letter && s[i] != '_' && s[i] != '-' && (i == 0 || s[i] < '0' || '9' < s[i]) {
			return false
		}
	}
	return s != ""
}

// write puts one line out at once. There is nobody to tell when it fails.
func (l logger) write(entry logLine, cause error) {
	entry.Timestamp = time.Now().UTC().Format(time.RFC3339Nano)
	entry.Level = "ERROR"
	if cause != nil {
		text := cause.Error()
		entry.Error = text[:min(len(text), maxLogError)]
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // or the records would change
	if err := enc.Encode(entry); err != nil {
		return // records are valid JSON, the rest are strings
	}
	_, _ = l.w.Write(buf.Bytes())
}
