//go:build awsaccount

package cloud_test

import (
	"context"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// reports asks Athena each named report, in a zone that has a summer time, and
// wants the overview to hold hits.
func (l *loop) reports(t *testing.T) {
	l.as(t, policy.Query, func(ctx context.Context, target *cloud.Target) error {
		for _, name := range report.Names() {
			r, err := report.Make(ctx, reporting{target}, report.Options{Name: name, Zone: "Europe/Lisbon", Buffer: pipeline.MaxBuffer, Now: time.Now(), Compare: true})
			if err != nil {
				t.Errorf("report %s: %v", name, err)
				continue
			}
			if name == "overview" && hitsOf(r) == 0 {
				t.Errorf("%d rows, and the overview has none: %+v", l.rows, r.Parts[0])
			}
		}
		return nil
	})
}

// reporting is a target as the engine of reports.
type reporting struct{ target *cloud.Target }

func (a reporting) Query(ctx context.Context, sql string, params ...query.Param) (query.Rows, error) {
	return a.target.Query(ctx, pipeline.QueryOptions{SQL: sql, Params: params}, nil)
}

// hitsOf adds up the figures of an overview, whoever asked.
func hitsOf(r report.Report) (sum float64) {
	for _, row := range r.Parts[0].Rows {
		for _, v := range row.Values {
			if v.N != nil {
				sum += *v.N
			}
		}
	}
	return sum
}
