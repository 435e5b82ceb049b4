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

// parts asks for what is printed of arrays, maps and rows, and for the columns of
// the table.
func (l *loop) parts(t *testing.T) {
	for _, c := range []struct{ sql, want string }{
		{"SELECT MAP(ARRAY['first', 'last', 'age'], ARRAY['Bob', 'Smith', NULL])", "{last=Smith, first=Bob, age=null}"},
		{"SELECT MAP(ARRAY[7, -1, 20], ARRAY[1.5E0, 1E20, 0.0001E0])", "{-1=1.0E20, 20=1.0E-4, 7=1.5}"},
		{"SELECT ARRAY[CAST(1.5 AS decimal(10, 2)), NULL]", "[1.50, null]"},
		{"SELECT ARRAY[CAST('2026-07-05 09:08:07' AS timestamp)]", "[2026-07-05 09:08:07.000]"},
		{"SELECT ARRAY[to_utf8('é')]", "[c3 a9]"},
		{"SELECT CAST(ROW(1, 'x', ARRAY[date '2026-07-05']) AS ROW(a integer, b varchar, c array(date)))", "{a=1, b=x, c=[2026-07-05]}"},
		{
			"SELECT listagg(column_name || ' ' || data_type, ', ') WITHIN GROUP (ORDER BY ordinal_position) FROM information_schema.columns" +
				" WHERE table_schema = current_schema AND table_name = 'tp_hits' AND column_name IN ('event_id', 'received_at', 'params', 'hour')",
			"event_id varchar, received_at timestamp(3), params map(varchar, varchar), hour integer",
		},
	} {
		l.as(t, policy.Query, func(ctx context.Context, target *cloud.Target) (err error) {
			rows, err := target.Query(ctx, pipeline.QueryOptions{SQL: c.sql}, nil)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, rows.Close()) }()
			row, err := rows.Next(ctx)
			if err == nil && row[0] != c.want {
				t.Errorf("%s: %v, want %s", c.sql, row[0], c.want)
			}
			return err
		})
	}
}
