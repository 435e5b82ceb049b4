//go:build awsaccount

package cloud_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// questions binds a value of each type, asks for a window, and compares what
// was scanned with what was estimated.
func (l *loop) questions(t *testing.T) {
	now := time.Now().UTC()
	o := pipeline.QueryOptions{
		SQL:    "SELECT count(*) FROM hits WHERE $window AND event <> :text AND received_at > :at AND year >= :year AND date(received_at) >= :day AND 0.5 < :half AND :yes",
		Window: query.Window{Since: now.Add(-2 * time.Hour), Until: now},
		Params: []query.Param{
			{Name: "text", Type: query.ParamString, Value: "it's '; DROP TABLE tp_hits; -- ?"},
			{Name: "at", Type: query.ParamTimestamp, Value: now.Add(-3 * time.Hour)},
			{Name: "year", Type: query.ParamInt, Value: int64(2000)},
			{Name: "day", Type: query.ParamDate, Value: now.AddDate(0, 0, -2).Truncate(24 * time.Hour)},
			{Name: "half", Type: query.ParamDouble, Value: 0.75},
			{Name: "yes", Type: query.ParamBoolean, Value: true},
		},
	}
	l.as(t, policy.Query, func(ctx context.Context, target *cloud.Target) (err error) {
		e, err := target.Estimate(ctx, o)
		if err != nil {
			return err
		}
		rows, err := target.Query(ctx, o, nil)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		row, err := rows.Next(ctx)
		if err != nil {
			return err
		}
		if row[0] != int64(l.rows) {
			t.Errorf("%v rows in the window, want %d", row[0], l.rows)
		}
		if _, err := rows.Next(ctx); !errors.Is(err, io.EOF) {
			return err
		}
		if s := rows.Stats(); s.BytesScanned > e.Bytes || s.Dollars > e.Dollars {
			t.Errorf("scanned %+v, estimated %+v", s, e)
		}
		return nil
	})
}
