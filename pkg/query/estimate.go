package query

import "pixelctl/pkg/lake"

// Stored is what an hour of the lake holds, as it was listed.
type Stored struct {
	Hour  lake.Hour
	Files int64
	Bytes int64
}

// Estimate is what a statement would read at most. Files and bytes are those
// listed in the hours that it may read; of columnar files an engine reads only
// the columns that are asked for.
type Estimate struct {
	Hours      int     `json:"hours"`
	HoursTotal int     `json:"hours_total"`
	Files      int64   `json:"files"`
	FilesTotal int64   `json:"files_total"`
	Scans      int     `json:"scans"` // how often the table is read; bytes count as often
	Bytes      int64   `json:"bytes_at_most"`
	Waiting    int64   `json:"waiting_bytes"`      // of records that are no file yet, on the local target
	Dollars    float64 `json:"dollars_at_most"`    // by list price; 0 where nothing is charged
	Unpriced   string  `json:"unpriced,omitempty"` // region without a price list, whose charge is not known
}

// Estimate counts what of a listing a statement may read.
func (r Reach) Estimate(stored []Stored) Estimate {
	e := Estimate{HoursTotal: len(stored)}
	for _, s := range r {
		e.Scans += s.Times
	}
	for _, part := range stored {
		e.FilesTotal += part.Files
		if !r.Touches(part.Hour) {
			continue
		}
		e.Hours++
		e.Files += part.Files
		for _, s := range r {
			if s.touches(part.Hour) {
				e.Bytes += int64(s.Times) * part.Bytes
			}
		}
	}
	return e
}
