package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// Subject is one person, as one column of the record names them.
type Subject struct {
	Column string       // user_id, visitor_id, network_id or ip
	Value  string       // an address for ip: rows that hold it whole or cut to its network match
	Window query.Window // of received_at; zero is all
}

// subjectColumns are those that can name a person.
var subjectColumns = []string{"user_id", "visitor_id", "network_id", "ip"}

// maxSubject is the most bytes of a value: no column that names a person is
// longer.
const maxSubject = 256

// Validate refuses what can name nobody, with fault.Usage.
func (s Subject) Validate() error {
	switch {
	case !slices.Contains(subjectColumns, s.Column):
		return fault.New(fault.Usage, "find person: column %q names nobody", s.Column).
			WithHint("use --user, --visitor, --network or --ip")
	case !utf8.ValidString(s.Value) || strings.ContainsRune(s.Value, 0):
		return fault.New(fault.Usage, "find person: the value of %s is no text", s.Column)
	case s.Value == "":
		return fault.New(fault.Usage, "find person: the value of %s is empty", s.Column)
	case len(s.Value) > maxSubject:
		return fault.New(fault.Usage, "find person: the value of %s is longer than the %d bytes that are stored", s.Column, maxSubject).
			WithHint("give its first %d bytes, without a character that is cut in two: rows hold no more of it", maxSubject)
	case !s.Window.Since.IsZero() && !s.Window.Until.IsZero() && !s.Window.Since.Before(s.Window.Until):
		return fault.New(fault.Usage, "find person: --since %s is not before --until %s",
			s.Window.Since.Format(time.RFC3339), s.Window.Until.Format(time.RFC3339))
	}
	if s.Column != "ip" {
		return nil
	}
	if _, err := netip.ParseAddr(s.Value); err != nil {
		return fault.New(fault.Usage, "find person: %q is no address", s.Value).WithHint("--ip 203.0.113.77, or --ip 2001:db8::1")
	}
	return nil
}

// Hash stands for the value in a receipt: whoever knows the value can check it.
func (s Subject) Hash() string {
	sum := sha256.Sum256([]byte(s.Value))
	return hex.EncodeToString(sum[:])
}

// SubjectFile is one file that holds rows of a person.
type SubjectFile struct {
	Name  string `json:"name"` // relative to the lake, or an S3 URL
	Rows  int64  `json:"rows"` // of the person
	Bytes int64  `json:"bytes"`
}

// SubjectMatches is where a person is found.
type SubjectMatches struct {
	Column  string        `json:"column"`
	Values  []string      `json:"values"` // what was looked for
	Files   []SubjectFile `json:"files"`
	Rows    int64         `json:"rows"`    // in files
	Bytes   int64         `json:"bytes"`   // of these files
	Scanned int64         `json:"scanned"` // bytes read to find them; -1 unknown
	Spool   int64         `json:"spool"`   // records that are not files yet; -1 where they cannot be seen
	Errors  int64         `json:"errors"`  // lines that did not become rows
	Results int64         `json:"results"` // stored results of queries, which may hold rows
	Notes   []string      `json:"notes"`   // what cannot be found, and why
}

// EraseOptions choose what becomes of a person's rows.
type EraseOptions struct {
	Subject

	Anonymise bool // keep the rows, blank the columns of a person
	DryRun    bool
}

// ErasedFile is one file that was written anew or removed.
type ErasedFile struct {
	Name       string `json:"name"`
	RowsBefore int64  `json:"rows_before"`
	RowsAfter  int64  `json:"rows_after"` // 0: removed whole
	Changed    int64  `json:"changed"`    // rows erased or blanked
	SHA256     string `json:"sha256"`     // of the new file; empty when removed
}

// Receipt says what Erase did.
type Receipt struct {
	Column    string         `json:"column"`
	ValueHash string         `json:"value_sha256"` // a receipt names no person
	Anonymise bool           `json:"anonymise"`
	Matches   SubjectMatches `json:"-"` // what a dry run shows
	Files     []ErasedFile   `json:"files"`
	Rows      int64          `json:"rows"`   // erased or blanked, in files
	Spool     int64          `json:"spool"`  // records that waited; those that became files first count in rows too
	Errors    int64          `json:"errors"` // lines
	Results   int64          `json:"results"`
	DryRun    bool           `json:"dry_run"`
	Notes     []string       `json:"notes,omitempty"`
	Calls     []string       `json:"calls,omitempty"` // of a dry run on AWS
}

// Subjects is a target that can answer a person who asks what is stored, or
// objects to it.
type Subjects interface {
	// FindSubject says where a person's rows are. It changes nothing.
	FindSubject(ctx context.Context, s Subject, sink Sink) (SubjectMatches, error)
	// ExportSubject gives the person's rows with all columns.
	ExportSubject(ctx context.Context, s Subject, sink Sink) (query.Rows, error)
	// EraseSubject removes the person's rows, or blanks the person in them.
	// The receipt also counts beside an error that leaves some.
	EraseSubject(ctx context.Context, o EraseOptions, sink Sink) (Receipt, error)
}
