// Package statement tells in plain language what a stack keeps of people, from
// the settings it runs with, and what a strict reading of them would change.
// It gives no legal advice, and says so.
package statement

import (
	"time"

	"pixelctl/pkg/spec"
)

// Live is what runs.
type Live struct {
	Stack    string
	Target   string // local or aws
	Location string // directory, or region and buckets
	Endpoint string // base URL of the pixel
	Spec     spec.Spec
	Buffer   time.Duration // how long a record waits before it becomes a file

	// Days until things are deleted; 0 is never.
	RetentionDays int // rows
	ErrorsDays    int // records that could not be converted
	LogDays       int // logs of the collector
	ResultsDays   int // results of queries

	Readers []string // who can read the rows, each in words that end a sentence; none = not known
}

// Document is the statement: sections of blocks, all of plain text.
type Document struct {
	Lang     string // of the text, as HTML names it
	Title    string
	Lead     []string
	Sections []Section
}

// Section is one heading and what stands below it.
type Section struct {
	ID     string // within the page
	Title  string
	Blocks []Block
}

// Block is one of a paragraph, a list and a table.
type Block struct {
	Text  string
	Items []string
	Head  []string   // of a table
	Rows  [][]string // the first cell is a name
}

// Of writes the statement of what runs.
func Of(l Live) Document {
	l.Spec.Privacy = l.Spec.Privacy.Filled()
	return Document{
		Lang:  "en",
		Title: "What " + name(l) + " keeps about people",
		Lead: []string{
			"This text is generated from the settings of a running tracking pixel (pixelctl). It says what is stored, how long, where, and how to object.",
			"It describes a configuration. It is no legal advice and does not say whether a law is kept.",
		},
		Sections: []Section{
			collected(l), people(l), changed(l), own(l), cookies(l), duration(l), place(l), readers(l), objection(l), absent(l),
		},
	}
}

func name(l Live) string {
	if l.Stack == "" {
		return "this pixel"
	}
	return "the pixel “" + l.Stack + "”"
}

// text is a paragraph.
func text(s string) Block { return Block{Text: s} }
