package stream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"pixelctl/pkg/cloud/session"
)

// ErrInDoubt says that nobody knows whether the stream took the records of a
// call: its answer was lost.
var ErrInDoubt = errors.New("the answer of the stream was lost")

// Bounds of one call (Firehose API, PutRecordBatch): the size may be counted in
// base64, so it is three quarters of the 4 MiB. MaxRecord is the bytes of one
// record.
const (
	MostRecords = 500
	mostBytes   = 3 << 20
	MaxRecord   = 1000 << 10

	putAttempts = 5
	putWait     = 500 * time.Millisecond
)

// Put gives records to the stream and returns those, by index, that it refused
// for good; they are not in it. Only what is known to be refused is sent again,
// so no record gets in twice. After an error any of them may be in the stream.
func (e *Engine) Put(ctx context.Context, name string, records [][]byte) (refused []int, err error) {
	for next := 0; next < len(records); {
		batch := batchFrom(records, next)
		left, err := e.putBatch(ctx, name, records, batch)
		if err != nil {
			return nil, fmt.Errorf("put records to delivery stream %s: %w", name, err)
		}
		refused = append(refused, left...)
		next += len(batch)
	}
	return refused, nil
}

// batchFrom gives the indices of the next call.
func batchFrom(records [][]byte, from int) []int {
	var batch []int
	size := 0
	for i := from; i < len(records) && len(batch) < MostRecords; i++ {
		if size += len(records[i]); size > mostBytes && len(batch) > 0 {
			break
		}
		batch = append(batch, i)
	}
	return batch
}

// putBatch sends one batch until all of it is taken or it gives up, and returns
// what was refused.
func (e *Engine) putBatch(ctx context.Context, name string, records [][]byte, todo []int) ([]int, error) {
	for attempt, wait := 1, putWait; ; attempt, wait = attempt+1, 2*wait {
		left, err := e.attempt(ctx, name, records, todo)
		if err != nil || len(left) == 0 || attempt == putAttempts {
			return left, err
		}
		todo = left
		if err := e.clock.Wait(ctx, wait); err != nil {
			return left, err
		}
	}
}

// attempt makes one call. A call can succeed and yet refuse any of its records,
// by position (Firehose API, FailedPutCount).
func (e *Engine) attempt(ctx context.Context, name string, records [][]byte, todo []int) ([]int, error) {
	in := &firehose.PutRecordBatchInput{DeliveryStreamName: &name}
	for _, i := range todo {
		in.Records = append(in.Records, types.Record{Data: records[i]})
	}
	out, err := e.f.PutRecordBatch(ctx, in, once)
	switch {
	case err == nil && len(out.RequestResponses) != len(todo):
		return nil, ErrInDoubt
	case slices.Contains(refusals, session.Code(err)):
		return todo, nil
	case err != nil && answered(err):
		return nil, session.Explain(err, "put records")
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrInDoubt, session.Explain(err, "put records"))
	}
	var left []int
	for i, r := range out.RequestResponses {
		if aws.ToString(r.ErrorCode) != "" {
			left = append(left, todo[i])
		}
	}
	return left, nil
}

// refusals are answers of a stream that took nothing and may later.
var refusals = []string{"ServiceUnavailableException", "LimitExceededException", "ThrottlingException", "Throttling", "TooManyRequestsException"}

// once keeps the SDK from sending a call again whose answer was lost.
func once(o *firehose.Options) { o.Retryer = aws.NopRetryer{} }

// answered tells an error that the service itself gave before it took anything:
// those of 500 and above may have come later.
func answered(err error) bool {
	r, ok := errors.AsType[*awshttp.ResponseError](err)
	return ok && r.HTTPStatusCode() < http.StatusInternalServerError
}
