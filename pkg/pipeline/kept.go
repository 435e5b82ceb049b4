package pipeline

import (
	"time"

	"pixelctl/pkg/spec"
)

// Kept is what a stack keeps of its visitors, where and for how long.
type Kept struct {
	Stack    string
	Target   string
	Location string // directory, or account and region
	Endpoint string // base URL of the pixel
	Spec     spec.Spec
	Buffer   time.Duration // longest wait of a record before it is in a file

	// Days until things are deleted; 0 is never.
	RetentionDays int // rows
	ErrorsDays    int // records that did not become rows
	LogDays       int // logs of the collector
	ResultsDays   int // results of queries

	Readers []string // who can read the rows, each in words that end a sentence
}
