//go:build awsaccount

package cloud_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// spec adds a column and the secret to a stack with rows: old rows hold NULL,
// new ones the value and a hash by the key of the day. A refresh of the
// stream's schema can take minutes: until then the column is lost, so hits go
// on until one has it.
func (l *loop) spec(t *testing.T) {
	wanted := spec.Spec{
		Fields:  []spec.Field{{Name: "hotel", Type: event.String, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{"hotel"}}}}},
		Privacy: spec.Privacy{Visitor: spec.VisitorDaily},
	}
	l.as(t, policy.Deploy, func(ctx context.Context, target *cloud.Target) error {
		d, err := target.Deploy(ctx, pipeline.DeployOptions{Spec: &wanted}, nil)
		if err == nil && len(d.Fields) != 2 {
			t.Errorf("changed %v", d.Fields)
		}
		return err
	})
	old := l.rows
	l.until(t, 20*time.Minute, "a row with the new column", func(context.Context) (bool, error) {
		l.ask(t, "/p.gif?hotel=ber")
		found := l.read(t, "SELECT count(*) FROM hits WHERE hotel = 'ber' AND length(visitor_id) = 16")
		return fmt.Sprint(found) != "[[0]]", nil
	})
	t.Logf("after %d hits", l.rows-old)
	if n := l.read(t, "SELECT count(*) FROM hits WHERE hotel IS NULL"); fmt.Sprint(n) == "[[0]]" {
		t.Error("no old row is left")
	}
}
