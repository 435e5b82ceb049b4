package spool

import "bytes"

// Waiting returns how many records wait for the next commit.
func (s *Spool) Waiting() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next.records
}

// Whole scans data in pieces of step bytes and returns what recovery keeps.
func Whole(data []byte, step int) (records, size int64) {
	var sc scanner
	for piece := range bytesChunks(data, step) {
		_, _ = sc.Write(piece)
	}
	return sc.whole.records, sc.whole.bytes
}

func bytesChunks(data []byte, step int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for r := bytes.NewBuffer(data); r.Len() > 0; {
			if !yield(r.Next(step)) {
				return
			}
		}
	}
}
