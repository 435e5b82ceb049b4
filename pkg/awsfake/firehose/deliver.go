package firehose

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/glue"
)

// object is one file to be delivered.
type object struct {
	kind      string // error-output-type; "" for data
	body      []byte
	extension string
}

// advance delivers every buffer that is due when the clock moves.
func (s *Server) advance(time.Time) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, st := range s.streams {
		s.deliverDue(st)
	}
}

// deliverDue delivers the buffer when its oldest record is as old as the
// interval or it holds as many bytes as the size. What cannot be delivered
// waits for the next time, for at most 24 hours.
func (s *Server) deliverDue(st *stream) {
	if len(st.buffer) == 0 {
		return
	}
	hints := st.ExtendedS3DestinationConfiguration.BufferingHints
	age := s.clock.Now().Sub(st.buffer[0].at)
	if age < st.interval() && st.bytes < int(value(hints.SizeInMBs))<<20 {
		return
	}
	if err := s.deliver(st); err != nil && age >= retention {
		st.clear()
	}
}

func (st *stream) interval() time.Duration {
	return time.Duration(value(st.ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds)) * time.Second
}

func value(i *glue.Int) glue.Int {
	if i == nil {
		return 0
	}
	return *i
}

// Flush delivers what a stream has in its buffer at once, whatever its hints
// say.
func (s *Server) Flush(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(name)
	if err != nil || len(st.buffer) == 0 {
		return err
	}
	return s.deliver(st)
}

// Buffered gives what waits in a stream.
func (s *Server) Buffered(name string) []byte {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(name)
	if err != nil {
		return nil
	}
	var all bytes.Buffer
	for _, r := range st.buffer {
		all.Write(r.data)
	}
	return all.Bytes()
}

func (st *stream) clear() { st.buffer, st.bytes = nil, 0 }

// deliver writes the buffer to S3 and clears it.
func (s *Server) deliver(st *stream) error {
	d := st.ExtendedS3DestinationConfiguration
	objects, failed, err := s.objects(st)
	if err != nil {
		return fmt.Errorf("deliver %s: %w", st.DeliveryStreamName, err)
	}
	bucket := d.BucketARN[strings.LastIndex(d.BucketARN, ":")+1:]
	for _, o := range objects {
		key, err := s.key(st, o)
		if err != nil {
			return fmt.Errorf("deliver %s: %w", st.DeliveryStreamName, err)
		}
		if err := s.store.Put(bucket, key, o.body); err != nil {
			return fmt.Errorf("deliver %s: %w", st.DeliveryStreamName, err)
		}
	}
	st.counters.Failed += int64(failed)
	st.counters.Out += int64(len(st.buffer) - failed)
	st.counters.LastDelivery = s.clock.Now()
	st.clear()
	return nil
}

// objects makes the files of the buffer and counts the records that did not
// convert.
func (s *Server) objects(st *stream) ([]object, int, error) {
	d := st.ExtendedS3DestinationConfiguration
	if d.converts() {
		return s.convert(st)
	}
	var all bytes.Buffer
	for _, r := range st.buffer {
		all.Write(r.data)
	}
	if d.CompressionFormat != "GZIP" {
		return []object{{body: all.Bytes()}}, 0, nil
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(all.Bytes()); err != nil {
		return nil, 0, err
	}
	if err := w.Close(); err != nil {
		return nil, 0, err
	}
	return []object{{body: packed.Bytes(), extension: ".gz"}}, 0, nil
}

// key names an object: the prefix at the arrival of the oldest record, then
// stream, version, that instant and a unique part.
func (s *Server) key(st *stream, o object) (string, error) {
	d := st.ExtendedS3DestinationConfiguration
	zone, err := d.zone()
	if err != nil {
		return "", err
	}
	oldest := st.buffer[0].at.In(zone)
	folder, err := s.folder(d, o.kind, oldest)
	if err != nil {
		return "", err
	}
	if d.FileExtension != "" && o.kind == "" {
		o.extension = d.FileExtension
	}
	id := s.random()
	unique := strings.Join([]string{id[:8], id[8:12], "4" + id[13:16], "8" + id[17:20], id[20:32]}, "-")
	name := strings.Join([]string{st.DeliveryStreamName, strconv.Itoa(st.version), oldest.Format("2006-01-02-15-04-05"), unique}, "-")
	return folder + name + o.extension, nil
}

// folder evaluates the prefix of data (kind "") or of errors. A prefix of data
// without a timestamp, and one of errors without expressions, is followed by
// the hour.
func (s *Server) folder(d *Destination, kind string, at time.Time) (string, error) {
	text := d.Prefix
	if kind != "" {
		text = d.ErrorOutputPrefix
	}
	p, err := parsePrefix(text)
	if err != nil {
		return "", err
	}
	switch {
	case kind == "" && !p.has("timestamp", ""):
		p = append(p, piece{"timestamp", hourFolder})
	case kind != "" && !p.dynamic():
		p = append(p, piece{"", kind + "/"}, piece{"timestamp", hourFolder})
	}
	return p.evaluate(at, kind, func() string { return s.random()[:11] })
}

// random gives 64 characters that no other call gives, the same in each run.
func (s *Server) random() string {
	sum := sha256.Sum256([]byte("firehose " + strconv.Itoa(s.next())))
	return hex.EncodeToString(sum[:])
}
