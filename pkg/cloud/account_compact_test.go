//go:build awsaccount

package cloud_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/pipeline"
)

// compact waits until the hour of the last hit is over, has the files of all
// hours made fewer, and wants the same rows before, during and after.
func (l *loop) compact(t *testing.T) {
	l.query(t)
	const all = "SELECT event_id, received_at, user_agent, params FROM tp_hits ORDER BY event_id"
	before := l.read(t, all)
	ended := time.Now().Truncate(time.Hour).Add(time.Hour)
	l.rest(t, time.Until(ended)+time.Minute)
	l.as(t, policy.Purge, func(ctx context.Context, target *cloud.Target) error {
		r, err := target.Compact(ctx, pipeline.CompactOptions{Until: ended}, func(e pipeline.Event) {
			if e.Step == "compact" && e.Phase == pipeline.Move {
				l.query(t)
			}
		})
		t.Logf("%+v", r)
		if err == nil && len(r.Partitions) == 0 {
			t.Error("no hour has fewer files: see in the log of the account how many Athena wrote")
		}
		return err
	})
	if after := l.read(t, all); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("rows were\n%v\nare\n%v", before, after)
	}
}
