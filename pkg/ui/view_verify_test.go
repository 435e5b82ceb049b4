package ui

import "pixelctl/pkg/verify"

// verified are three hits, of which one may be stuck and one there twice.
func verified(all bool) verify.Report {
	at := func(s float64) *float64 { return &s }
	hit := verify.Hit{
		ID: "synthetic-1-1", Event: "e1", Outcome: "recorded", Stage: verify.Queryable, Rows: 1,
		Answered: at(0.0123), Recorded: at(0.0123), Stored: at(61.2), Queryable: at(75),
	}
	r := verify.Report{Hits: []verify.Hit{hit, hit, hit}, Arrived: 3, Seconds: 75.5, Queries: 2, Listings: 14, Dollars: 0.000095}
	if all {
		return r
	}
	r.Arrived, r.Stuck, r.Dollars, r.Listings = 1, verify.Answered, 0, 0
	r.Hits[1].Stored, r.Hits[1].Queryable, r.Hits[1].Recorded, r.Hits[1].Rows = nil, nil, nil, 0
	r.Hits[1].Outcome = "dropped: storage \x1b[31m"
	r.Hits[2].Rows = 2
	return r
}
