package cloudformation

import "errors"

// breakage is a failure that a test has ordered.
type breakage struct {
	id, verb, reason string
	left             int // how often it still strikes; negative: always
}

// Break makes the resource with the logical id fail, times times (0 or less:
// always), with reason as its ResourceStatusReason and without a call of its
// provider. The operation is create, update (forward only), delete (of the
// stack or in a clean-up) or rollback (an update's way back, or the removal of
// what a failed creation had made).
func (s *Server) Break(logicalID, operation string, times int, reason string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if times <= 0 {
		times = -1
	}
	s.breaks = append(s.breaks, &breakage{logicalID, operation, reason, times})
}

// Mend forgets every Break.
func (s *Server) Mend() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.breaks = nil
}

func (s *Server) broken(id, verb string) error {
	for _, b := range s.breaks {
		if b.id == id && b.verb == verb && b.left != 0 {
			b.left--
			return errors.New(b.reason)
		}
	}
	return nil
}
