package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
)

// attempts is how often a record is tried to be put: a visitor waits for the
// image, so the stream gets two chances of maxAttempt.
const attempts = 2

// A request leaves no more than one PutRecordBatch takes: 500 records and 4 MiB
// (API reference of PutRecordBatch). These do not compile when that changes.
const (
	_ = uint(500 - beacon.MaxBatch)
	_ = uint(4<<20 - beacon.MaxBatch*(event.MaxJSON+1))
)

// stream is a putter.
type stream struct {
	firehose caller
	name     string
}

func newStream(env func(string) string) *stream {
	return &stream{
		firehose: newService("firehose", "Firehose_20150804", "AWS_ENDPOINT_URL_FIREHOSE", env),
		name:     env("PIXELCTL_STREAM"),
	}
}

func (s *stream) put(ctx context.Context, lines [][]byte) (left []int, err error) {
	left = make([]int, len(lines))
	for i := range left {
		left[i] = i
	}
	for range attempts {
		left, err = s.attempt(ctx, lines, left)
		if len(left) == 0 {
			return nil, nil
		}
	}
	return left, err
}

// attempt makes one call with those lines whose indices are in todo and gives
// the indices that remain.
func (s *stream) attempt(ctx context.Context, lines [][]byte, todo []int) ([]int, error) {
	ctx, cancel := context.WithTimeout(ctx, maxAttempt)
	defer cancel()
	if len(todo) > 1 {
		return s.batch(ctx, lines, todo)
	}
	line := lines[todo[0]]
	in := make([]byte, 0, inputRoom+base64.StdEncoding.EncodedLen(len(line)))
	in = append(s.input(in), `,"Record":`...)
	in = append(appendRecord(in, line), '}')
	if _, err := s.firehose.call(ctx, "PutRecord", in); err != nil {
		return todo, err
	}
	return nil, nil
}

// batch puts several lines. The answer to a call that succeeds can refuse any
// of them, by position.
func (s *stream) batch(ctx context.Context, lines [][]byte, todo []int) ([]int, error) {
	size := inputRoom
	for _, n := range todo {
		size += len(`{"Data":""},`) + base64.StdEncoding.EncodedLen(len(lines[n]))
	}
	in := append(s.input(make([]byte, 0, size)), `,"Records":[`...)
	for i, n := range todo {
		if i > 0 {
			in = append(in, ',')
		}
		in = appendRecord(in, lines[n])
	}
	raw, err := s.firehose.call(ctx, "PutRecordBatch", append(in, `]}`...))
	if err != nil {
		return todo, err
	}
	var out struct {
		RequestResponses []struct{ ErrorCode, ErrorMessage string }
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return todo, fmt.Errorf("PutRecordBatch: %w", err)
	}
	var left []int
	for i, r := range out.RequestResponses {
		if r.ErrorCode != "" && i < len(todo) {
			left = append(left, todo[i])
			err = refusedError{r.ErrorCode, r.ErrorMessage}
		}
	}
	return left, err
}

// inputRoom is room for an input without its records: the name of a stream has
// at most 64 characters.
const inputRoom = 128

// input begins the input of an operation.
func (s *stream) input(dst []byte) []byte {
	return appendText(append(dst, `{"DeliveryStreamName":`...), s.name)
}

func appendRecord(dst, line []byte) []byte {
	dst = append(dst, `{"Data":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, line)
	return append(dst, `"}`...)
}
