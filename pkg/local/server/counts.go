package server

import (
	"maps"
	"sync"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/pipeline"
)

// Reasons why an answered hit left no record, besides those of the beacon.
const (
	ReasonStorage = "storage" // the spool could not make it durable
	ReasonRate    = "rate"    // more hits from one address than allowed
)

// Counts are the hits since the stack was made.
type Counts struct {
	mu       sync.Mutex
	hits     pipeline.Hits
	storeErr error
}

// NewCounts goes on from earlier counts.
func NewCounts(from pipeline.Hits) *Counts {
	from.Dropped = maps.Clone(from.Dropped)
	if from.Dropped == nil {
		from.Dropped = map[string]int64{}
	}
	return &Counts{hits: from}
}

// Hits returns a copy.
func (c *Counts) Hits() pipeline.Hits {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hits
	h.Dropped = maps.Clone(h.Dropped)
	return h
}

// StoreError is why the last record could not be stored; nil since a record
// was stored again.
func (c *Counts) StoreError() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.storeErr
}

// add counts one request for the pixel: its recorded hits, and those that were
// dropped, by reason. A stored record whose status is dropped is a dropped hit.
func (c *Counts) add(r *beacon.Result) {
	recorded, dropped := r.Tally()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits.Received++
	if dropped > 0 {
		c.hits.Dropped[r.Reason] += int64(dropped)
	}
	c.hits.Recorded += int64(recorded)
	if len(r.Records) > 0 {
		c.storeErr = nil
	}
}

func (c *Counts) storeFailed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.storeErr = err
}
