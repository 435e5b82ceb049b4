//go:build awsaccount

package cloud_test

import (
	"context"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/traffic"
	"pixelctl/pkg/verify"
)

// verify follows hits until they are rows, by the rights of an analyst.
func (l *loop) verify(t *testing.T) {
	l.as(t, policy.Query, func(ctx context.Context, target *cloud.Target) error {
		r, err := verify.Run(ctx, target, verify.Options{
			Traffic: traffic.Options{Endpoint: l.endpoint, Count: 5, Seed: uint64(time.Now().Unix())},
			Within:  20 * time.Minute, Clock: session.WallClock{}, Command: func(name string) string { return "pixelctl " + name },
		}, nil)
		t.Logf("%+v", r)
		l.rows += r.Arrived
		for _, h := range r.Hits {
			if h.Stored == nil || *h.Stored == *h.Queryable {
				t.Errorf("%s: no time of its file was found by its path", h.ID)
			}
		}
		return err
	})
}

// tail shows the newest rows, and what it was billed for: more than the least would
// mean that files are read which its paths do not name.
func (l *loop) tail(t *testing.T) {
	l.as(t, policy.Query, func(ctx context.Context, target *cloud.Target) error {
		return target.Tail(ctx, pipeline.TailOptions{Lines: 3}, func(tail pipeline.Tail) error {
			t.Logf("%d rows, the newest file is %s old, $%.6f", len(tail.Rows), tail.Age, tail.Dollars)
			if len(tail.Rows) != 3 || tail.Age <= 0 || tail.Dollars <= 0 || tail.Dollars > 0.0001 {
				t.Errorf("tail: %+v", tail)
			}
			return nil
		})
	})
}
