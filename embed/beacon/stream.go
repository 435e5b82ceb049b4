package main

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
)

// A visitor waits for the image, so the stream gets two chances of 800 ms.
const (
	attempts   = 2
	maxAttempt = 800 * time.Millisecond
)

// A request leaves no more than one PutRecordBatch takes: 500 records and 4 MiB
// (API reference of PutRecordBatch). These do not compile when that changes.
const (
	_ = uint(500 - beacon.MaxBatch)
	_ = uint(4<<20 - beacon.MaxBatch*(event.MaxJSON+1))
)

// client is the part of the delivery stream's API that is used.
type client interface {
	PutRecord(context.Context, *firehose.PutRecordInput, ...func(*firehose.Options)) (*firehose.PutRecordOutput, error)
	PutRecordBatch(context.Context, *firehose.PutRecordBatchInput, ...func(*firehose.Options)) (*firehose.PutRecordBatchOutput, error)
}

// stream is a putter.
type stream struct {
	client client
	name   string
}

// newStream takes everything from the environment that Lambda sets. Its
// credentials stay the same as long as the process lives.
func newStream(env func(string) string) *stream {
	o := firehose.Options{
		Region:      env("AWS_REGION"),
		Credentials: credentials(env),
		Retryer:     aws.NopRetryer{}, // put tries again itself
		HTTPClient:  newConnection(),
	}
	if u := endpoint(env); u != "" {
		o.BaseEndpoint = &u
	}
	return &stream{client: firehose.New(o), name: env("PIXELCTL_STREAM")}
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
	_, err := s.client.PutRecord(ctx, &firehose.PutRecordInput{
		DeliveryStreamName: &s.name, Record: &types.Record{Data: lines[todo[0]]},
	})
	if err != nil {
		return todo, err
	}
	return nil, nil
}

// batch puts several lines. The answer to a call that succeeds can refuse any
// of them, by position.
func (s *stream) batch(ctx context.Context, lines [][]byte, todo []int) ([]int, error) {
	in := firehose.PutRecordBatchInput{DeliveryStreamName: &s.name, Records: make([]types.Record, len(todo))}
	for i, n := range todo {
		in.Records[i].Data = lines[n]
	}
	out, err := s.client.PutRecordBatch(ctx, &in)
	if err != nil {
		return todo, err
	}
	var left []int
	for i, r := range out.RequestResponses {
		if r.ErrorCode != nil && i < len(todo) {
			left = append(left, todo[i])
			err = errors.New(aws.ToString(r.ErrorCode) + ": " + aws.ToString(r.ErrorMessage))
		}
	}
	return left, err
}
