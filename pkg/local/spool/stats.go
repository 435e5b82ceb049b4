package spool

import "time"

// Stats says how much the spool holds, sealed and active segments together.
type Stats struct {
	Records      int64
	Bytes        int64
	Segments     int       // that hold records
	OldestRecord time.Time // when the oldest segment was begun; zero when the spool is empty
}

// Stats counts the durable records. It does not wait for the disk.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	var st Stats
	for _, seg := range s.sealed {
		st.add(seg.Segment)
	}
	st.add(s.active)
	return st
}

func (st *Stats) add(seg Segment) {
	if seg.Bytes == 0 {
		return
	}
	st.Records += seg.Records
	st.Bytes += seg.Bytes
	st.Segments++
	if st.OldestRecord.IsZero() || seg.Created.Before(st.OldestRecord) {
		st.OldestRecord = seg.Created
	}
}

// Active returns the segment that takes records; its ID is empty when there
// is none.
func (s *Spool) Active() Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.active
}

// Full receives a value when a segment has reached MaxBytes and was sealed.
// Values that nobody takes do not pile up: drain all of Rotate on each.
func (s *Spool) Full() <-chan struct{} { return s.full }
