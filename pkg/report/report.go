// Package report answers named questions about a window of time: one SQL file
// each, its result as a value that others draw.
package report

import (
	"time"

	"pixelctl/pkg/query"
)

// Report is one named report over a window.
type Report struct {
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	Stack   string       `json:"stack"`
	Made    time.Time    `json:"made"`
	Window  query.Window `json:"window"`
	Zone    string       `json:"zone"`             // IANA name; hours and days are this zone's
	Compare query.Window `json:"compare,omitzero"` // the period before, when it was asked for
	Parts   []Part       `json:"parts"`
	Notes   []string     `json:"notes,omitempty"` // what a reader must know, such as duplicates removed
	Stats   query.Stats  `json:"-"`
}

// Chart is the picture that suits a part.
type Chart string

// The charts.
const (
	Figures  Chart = "figures"  // few numbers in large type, one row
	Bars     Chart = "bars"     // one bar a row, by the first measure
	Timeline Chart = "timeline" // rows by time, a line or column each measure
	Table    Chart = "table"    // no picture
)

// Part is one table of a report and its picture.
type Part struct {
	Name     string    `json:"name"`
	Title    string    `json:"title"`
	Note     string    `json:"note,omitempty"`
	Chart    Chart     `json:"chart"`
	Step     string    `json:"step,omitempty"`   // of a timeline: hour, day, week or month
	Labels   []string  `json:"labels,omitempty"` // titles of the columns before the measures
	Measures []Measure `json:"measures"`
	Rows     []Row     `json:"rows"`
	More     int64     `json:"more,omitempty"` // rows left out at the end
}

// Kind is how a measure is written.
type Kind string

// The kinds of measures.
const (
	Count  Kind = "count"  // a whole number
	Number Kind = "number" // any number
	Share  Kind = "share"  // 0 to 1, drawn as a percentage
)

// Measure is one column of numbers.
type Measure struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Kind  Kind   `json:"kind"`
}

// Row is one line of a part.
type Row struct {
	Label  []string  `json:"label,omitempty"` // as many as the part has labels; text of visitors, to be escaped
	At     time.Time `json:"at,omitzero"`     // start of the step, of a timeline
	Values []Value   `json:"values"`          // as many as the part has measures
}

// Value is one number; nil is unknown, which is not zero.
type Value struct {
	N      *float64 `json:"n"`
	Low    *float64 `json:"low,omitempty"` // 95 % interval of a rate
	High   *float64 `json:"high,omitempty"`
	Before *float64 `json:"before,omitempty"` // of the period before
}
