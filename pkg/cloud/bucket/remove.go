package bucket

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pixelctl/pkg/cloud/session"
)

const (
	attempts  = 8 // calls for one batch
	firstWait = 200 * time.Millisecond
	lastWait  = 10 * time.Second
)

// slowCodes mean that S3 wants fewer requests.
var slowCodes = []string{"SlowDown", "ServiceUnavailable", "RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"}

// againCodes are errors of one key after which S3's advice is to try it again.
var againCodes = []string{"InternalError", "OperationAborted", "RequestTimeout"}

// remove deletes one batch. Keys that S3 refuses for a reason that may pass are
// sent again, others are left.
func (r *removal) remove(ctx context.Context, batch []entry) error {
	for attempt, wait := 1, firstWait; ; attempt, wait = attempt+1, min(2*wait, lastWait) {
		refused, err := r.send(ctx, batch)
		slow := slices.Contains(slowCodes, session.Code(err))
		if err != nil && (!slow || attempt == attempts) {
			return err
		}
		if err == nil {
			batch, slow = r.sort(batch, refused, attempt == attempts)
		}
		if slow {
			r.gate.slow()
		} else {
			r.gate.went()
		}
		if len(batch) == 0 {
			return nil
		}
		if err := r.e.clock.Wait(ctx, wait); err != nil {
			return err
		}
	}
}

// send makes one call and returns the keys that it names as not deleted: they
// come with HTTP 200 (S3 API, DeleteObjects).
func (r *removal) send(ctx context.Context, batch []entry) ([]types.Error, error) {
	ids := make([]types.ObjectIdentifier, len(batch))
	for i := range batch {
		ids[i] = batch[i].id
	}
	out, err := r.e.c.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &r.bucket, Delete: &types.Delete{Objects: ids, Quiet: aws.Bool(true)},
	}, leaveThrottles)
	if err != nil {
		return nil, err
	}
	return out.Errors, nil
}

// sort counts what is gone, notes what stays for good, and returns what to send
// again. Slow tells that a key was refused because requests come too fast.
func (r *removal) sort(batch []entry, refused []types.Error, last bool) (again []entry, slow bool) {
	codes := make(map[name]string, len(refused))
	for _, x := range refused {
		codes[name{aws.ToString(x.Key), aws.ToString(x.VersionId)}] = aws.ToString(x.Code)
	}
	gone := make([]entry, 0, len(batch))
	for _, x := range batch {
		n := name{aws.ToString(x.id.Key), aws.ToString(x.id.VersionId)}
		code, failed := codes[n]
		tooFast := slices.Contains(slowCodes, code)
		slow = slow || tooFast
		switch {
		case !failed || code == "NoSuchKey" || code == "NoSuchVersion":
			gone = append(gone, x)
		case !last && (tooFast || slices.Contains(againCodes, code)):
			again = append(again, x)
		default:
			r.left.add(n.key, n.version, code)
		}
	}
	r.went(gone)
	return again, slow
}

// name tells entries apart.
type name struct{ key, version string }

// leaveThrottles has the SDK hand over SlowDown at once, because it would
// answer it with waiting alone while the other calls go on as fast.
func leaveThrottles(o *s3.Options) {
	if all, ok := o.Retryer.(aws.RetryerV2); ok {
		o.Retryer = noThrottles{all}
	}
}

type noThrottles struct{ aws.RetryerV2 }

// IsErrorRetryable is the wrapped one's answer, but no for throttles.
func (n noThrottles) IsErrorRetryable(err error) bool {
	if slices.Contains(slowCodes, session.Code(err)) {
		return false
	}
	return n.RetryerV2.IsErrorRetryable(err)
}
