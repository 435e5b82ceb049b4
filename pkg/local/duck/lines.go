//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/reject"
)

// sortedLines says where the lines are that fit the columns, and how many.
type sortedLines struct {
	path      string // the segment itself when no line had to be left out
	hours     map[lake.Hour]int64
	good, bad int64
	ids       map[uint64]struct{} // hashes of event ids of good lines
}

// mostIDs bounds the memory for ids. A segment has 128 MiB at most, and its lines
// some hundreds of bytes each; what has more lines goes without the mark.
const mostIDs = 1 << 20

// once tells that no two good lines have one event_id. Ids that share a hash
// count as one, so it may say no of such, and never yes of copies.
func (l sortedLines) once() bool { return int64(len(l.ids)) == l.good }

// sorter reads a segment line by line. The check is ours because DuckDB's is
// lax: read_json makes 12 of "12", true of 1, and nothing of a torn object.
type sorter struct {
	sortedLines
	options ConvertOptions
	check   *reject.Checker
	copy    *lazyFile
	errors  *lazyFile
	offset  int64 // bytes of the segment before the line
	hour    hourCache
	seed    maphash.Seed
	scratch []byte
}

// sortLines checks each line of the segment. Bad lines go to errorFile; from
// the first of them on the good ones are copied to goodFile.
func sortLines(ctx context.Context, o ConvertOptions, goodFile, errorFile string) (_ sortedLines, err error) {
	f, err := os.Open(o.Source)
	if err != nil {
		return sortedLines{}, err
	}
	s := &sorter{
		options: o, check: reject.NewChecker(o.Schema),
		copy: &lazyFile{path: goodFile}, errors: &lazyFile{path: errorFile},
		sortedLines: sortedLines{path: o.Source, hours: map[lake.Hour]int64{}, ids: map[uint64]struct{}{}},
		seed:        maphash.MakeSeed(),
	}
	defer func() { err = errors.Join(err, f.Close(), s.copy.close(), s.errors.close()) }()
	if err := os.Remove(errorFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return sortedLines{}, fmt.Errorf("remove earlier error file: %w", err)
	}
	if err := s.readAll(ctx, f); err != nil {
		return sortedLines{}, err
	}
	return s.sortedLines, nil
}

func (s *sorter) readAll(ctx context.Context, f *os.File) error {
	in := bufio.NewReaderSize(f, maxLine+1)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, size, err := nextLine(in)
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return fmt.Errorf("read line: %w", err)
		}
		if err := s.take(line, size); err != nil || last {
			return err
		}
		s.offset += size
	}
}

// nextLine gives the next line without its newline and its size with it. Of a
// line that is longer than maxLine only the beginning comes.
func nextLine(in *bufio.Reader) (line []byte, size int64, err error) {
	line, err = in.ReadSlice('\n')
	size = int64(len(line))
	if !errors.Is(err, bufio.ErrBufferFull) {
		return bytes.TrimSuffix(line, []byte{'\n'}), size, err
	}
	line = bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		var more []byte
		more, err = in.ReadSlice('\n')
		size += int64(len(more))
	}
	return line, size, err
}

func (s *sorter) take(line []byte, size int64) error {
	if size == 0 { // behind the last newline
		return nil
	}
	if size > maxLine {
		return s.reject(line, 0, reject.ParseError, fmt.Sprintf("line of %d bytes is longer than %d; raw data is cut", size, maxLine))
	}
	received, bad := s.check.Line(line)
	if bad.Code != "" {
		return s.reject(line, received, bad.Code, bad.Message)
	}
	s.good++
	if id := s.check.ID(); id != nil && len(s.ids) < mostIDs {
		s.ids[maphash.Bytes(s.seed, id)] = struct{}{}
	}
	s.hours[s.hour.of(received)]++
	if s.path == s.options.Source {
		return nil
	}
	s.scratch = append(append(s.scratch[:0], line...), '\n')
	return s.copy.write(s.scratch)
}

func (s *sorter) reject(line []byte, received event.Millis, code, message string) error {
	if s.path == s.options.Source {
		if err := s.copyUpTo(s.offset); err != nil {
			return err
		}
		s.path = s.copy.path
	}
	s.bad++
	at := s.options.attempted()
	l := reject.ErrorLine{
		AttemptsMade: 1, ArrivalTimestamp: int64(received), LastErrorCode: code, LastErrorMessage: message,
		AttemptEndingTimestamp: at, RawData: line,
		DataCatalogTable: reject.Table{DatabaseName: lake.Database, TableName: lake.Table},
	}
	if received == 0 {
		l.ArrivalTimestamp = at
	}
	s.scratch = reject.AppendErrorLine(s.scratch[:0], l)
	return s.errors.write(s.scratch)
}

// copyUpTo copies the good lines before the first bad one.
func (s *sorter) copyUpTo(n int64) error {
	f, err := os.Open(s.options.Source)
	if err != nil {
		return err
	}
	if err := s.copy.open(); err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = io.CopyN(s.copy.buffer, f, n)
	if err != nil {
		err = fmt.Errorf("copy good lines to %s: %w", s.copy.path, err)
	}
	return errors.Join(err, f.Close())
}

// hourCache remembers the hour of the last record: neighbours share it.
type hourCache struct {
	hour     lake.Hour
	from, to event.Millis
}

func (c *hourCache) of(m event.Millis) lake.Hour {
	if m < c.from || m >= c.to {
		c.hour = lake.HourOf(m)
		c.from, c.to = event.MillisOf(c.hour.Start()), event.MillisOf(c.hour.End())
	}
	return c.hour
}
