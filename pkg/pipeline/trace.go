package pipeline

import "time"

// TraceOptions say which hits to look for.
type TraceOptions struct {
	IDs   []string  // event ids, as the collector answered them
	Since time.Time // when the first was sent, by the target's clock
	Last  *Trace    // of the look before, so that none is paid for twice
}

// Trace is how far hits have come at one look.
type Trace struct {
	Hits     map[string]Traced // by event id; those that are neither rows nor in the buffer are absent
	Files    int64             // that came into the lake since
	Rejected int64             // files with lines that did not become rows since

	// Of all looks together.
	Queries  int
	Listings int
	Dollars  float64 // list price of the queries
}

// Traced is one hit.
type Traced struct {
	Rows    int64     // in files, through registered partitions
	Stored  time.Time // when its file was written; zero where that is not known
	Waiting bool      // it may still be in the buffer
}
