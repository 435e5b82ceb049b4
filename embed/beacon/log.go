package main

import (
	"bytes"
	"encoding/json"
	"time"
)

// Bounds of one line. CloudWatch Logs takes at least 256 KB in one event
// (PutLogEvents quota, before it was raised to 1 MB).
const (
	maxLogRecords = 200 << 10
	maxLogEvent   = 4 << 10
	maxLogError   = 1 << 10
)

// lostLine is one line of the log in Lambda's JSON format: timestamp and level
// have the names and forms that its level filter reads.
type lostLine struct {
	Timestamp string            `json:"timestamp"` // RFC 3339, UTC
	Level     string            `json:"level"`
	Message   string            `json:"message"`
	Reason    string            `json:"reason"`
	RequestID string            `json:"request_id"`
	Attempts  int               `json:"attempts,omitempty"`
	Error     string            `json:"error"`
	Records   []json.RawMessage `json:"records,omitempty"` // byte for byte what the stream did not take
	Event     string            `json:"event,omitempty"`
}

// logLost writes what the stream did not take. All fits in one line but for
// large batches, which go on in further lines: no record is lost to the bound.
func (h *handler) logLost(id string, lines [][]byte, cause error) {
	entry := lostLine{Message: "records not stored", Reason: reasonStream, RequestID: id, Attempts: attempts}
	size := 0
	for i, line := range lines {
		entry.Records = append(entry.Records, bytes.TrimSuffix(line, []byte("\n")))
		size += len(line)
		if i+1 == len(lines) || size+len(lines[i+1]) > maxLogRecords {
			h.write(entry, cause)
			entry.Records, size = nil, 0
		}
	}
}

// logEvent writes the head of an event that is no request.
func (h *handler) logEvent(id string, raw []byte, cause error) {
	entry := lostLine{Message: "event not understood", Reason: reasonEvent, RequestID: id}
	entry.Event = string(raw[:min(len(raw), maxLogEvent)])
	h.write(entry, cause)
}

// write puts one line out at once. There is nobody to tell when it fails.
func (h *handler) write(entry lostLine, cause error) {
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
	_, _ = h.log.Write(buf.Bytes())
}
