package pipeline

import (
	"fmt"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// ReasonRefused is the reason of a record that the delivery stream did not take
// and that the function wrote to its log. The others are Firehose's codes
// without what they begin with, such as ParseError and MalformedData.
const ReasonRefused = "Refused"

// ErrorsOptions choose records that did not become rows.
type ErrorsOptions struct {
	query.Window // by arrival

	Reason string // "" is every reason
	Limit  int    // most records that the report shows whole, the first ones; 0 is none
}

// Rejected is one record that did not become a row.
type Rejected struct {
	At      time.Time // of arrival
	Reason  string
	Column  string // that does not fit; "" when no column is to blame
	Message string
	Source  string // file, object or log group that holds it
	EventID string // "" when it cannot be read
	Raw     []byte // the record without its newline
	Fits    bool   // it fits the table as it is now
}

// ErrorGroup counts records of one reason and column.
type ErrorGroup struct {
	Reason  string    `json:"reason"`
	Column  string    `json:"column,omitempty"`
	Records int64     `json:"records"`
	Fit     int64     `json:"fit"` // that fit the table as it is now
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
	Message string    `json:"message"` // of the first
	Example string    `json:"example"` // the beginning of the first
}

// ErrorReport is what did not become rows.
type ErrorReport struct {
	Records int64        // in the window and of the reason
	Files   int64        // that hold them
	Groups  []ErrorGroup // the largest first
	Shown   []Rejected
	Notes   []string // what could not be looked through, and why
}

// ReplayOptions choose the records to send again.
type ReplayOptions struct {
	query.Window // by arrival

	Reason string
	DryRun bool
}

// ReplayResult is the outcome of ReplayErrors, or what it would do.
type ReplayResult struct {
	Records  int64        `json:"records"`  // found
	Replayed int64        `json:"replayed"` // sent again
	Stored   int64        `json:"stored"`   // rows or sent already: not sent
	Earlier  int64        `json:"earlier"`  // records of the log that an earlier replay settled
	Left     int64        `json:"left"`     // would fail again: not sent
	Refused  int64        `json:"refused"`  // sent, and refused by the stream
	Reasons  []ErrorGroup `json:"reasons"`  // of those that are left
	DryRun   bool         `json:"dry_run"`
	Notes    []string     `json:"notes,omitempty"`
	Calls    []string     `json:"calls,omitempty"` // of a dry run on AWS
}

// mostLeft bounds what an error lists: anything may be a reason.
const mostLeft = 20

// Outcome is nil when each record that was asked for is settled, else a
// fault.Partial that lists the others. The command lines are for the stack.
func (r ReplayResult) Outcome(command func(name string) string) error {
	if r.Left+r.Refused == 0 {
		return nil
	}
	var hints []string
	if r.Left > 0 {
		hints = append(hints, command("errors show")+" shows them; once the table takes them "+command("errors replay")+" sends them")
	}
	if r.Refused > 0 {
		hints = append(hints, command("errors replay")+" in some minutes sends what the stream refused")
	}
	return fault.New(fault.Partial, "replay errors: %d of %d records are left", r.Left+r.Refused, r.Records).
		WithLeft(r.left()).WithHint("%s", strings.Join(hints, "\n"))
}

// left lists what was not sent, by reason and column.
func (r ReplayResult) left() []string {
	var list []string
	rest := r.Left
	for _, g := range r.Reasons {
		if len(list) == mostLeft {
			break
		}
		name := g.Reason
		if g.Column != "" {
			name += " of column " + g.Column
		}
		list = append(list, fmt.Sprintf("%s, records: %d, such as: %s", name, g.Records, g.Message))
		rest -= g.Records
	}
	if rest > 0 {
		list = append(list, fmt.Sprintf("other reasons, records: %d", rest))
	}
	if r.Refused > 0 {
		list = append(list, fmt.Sprintf("refused by the stream, records: %d", r.Refused))
	}
	return list
}
