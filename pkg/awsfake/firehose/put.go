package firehose

import (
	"fmt"
	"net/http"

	"pixelctl/pkg/awsfake/wire"
)

// Put takes one record of at most 1,000 KiB, as PutRecord does.
func (s *Server) Put(name string, data []byte) error {
	_, err := s.put(name, data)
	return err
}

// PutBatch takes at most 500 records of 4 MiB together, as PutRecordBatch does:
// one error, nil or not, for each record, or one for the whole call.
func (s *Server) PutBatch(name string, data [][]byte) ([]error, error) {
	entries, err := s.putBatch(name, data)
	if err != nil {
		return nil, err
	}
	failed := make([]error, len(entries))
	for i, e := range entries {
		failed[i] = e.err
	}
	return failed, nil
}

// taken is the outcome of one record.
type taken struct {
	id  string
	err error
}

func (s *Server) put(name string, data []byte) (string, error) {
	if len(data) > maxRecord {
		return "", tooLong("record.data", maxRecord)
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(name)
	if err != nil {
		return "", err
	}
	t := s.take(st, data)
	s.deliverDue(st)
	return t.id, t.err
}

func (s *Server) putBatch(name string, data [][]byte) ([]taken, error) {
	if len(data) == 0 || len(data) > maxBatch {
		return nil, tooLong("records", maxBatch)
	}
	total := 0
	for _, d := range data {
		if len(d) > maxRecord {
			return nil, tooLong("records.data", maxRecord)
		}
		total += len(d)
	}
	if total > maxBytes {
		return nil, invalid("Records size exceeds 4 MB limit")
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(name)
	if err != nil {
		return nil, err
	}
	out := make([]taken, 0, len(data))
	for _, d := range data {
		out = append(out, s.take(st, d))
	}
	s.deliverDue(st)
	return out, nil
}

// take puts one record into the buffer, or fails it when a test wants that.
func (s *Server) take(st *stream, data []byte) taken {
	if len(st.fail) > 0 {
		code := st.fail[0]
		st.fail = st.fail[1:]
		e := wire.Error{Code: code, Message: "Internal service failure.", Status: http.StatusInternalServerError}
		if code == "ServiceUnavailableException" {
			st.counters.Throttled++
			e.Message, e.Status = "Slow down.", http.StatusServiceUnavailable
		}
		return taken{err: e}
	}
	kept := append([]byte(nil), data...)
	if st.ExtendedS3DestinationConfiguration.delimits() {
		kept = append(kept, '\n')
	}
	st.buffer = append(st.buffer, record{kept, s.clock.Now()})
	st.bytes += len(kept)
	st.counters.In++
	st.counters.Bytes += int64(len(data))
	return taken{id: fmt.Sprintf("fake%060d", s.next())}
}
