//go:build awsaccount

package cloud_test

import (
	"context"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/cloud/session"
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
