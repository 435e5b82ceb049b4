//go:build awsaccount

package cloud_test

import (
	"context"
	"fmt"
	"testing"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/pipeline"
)

// subject finds a person, reads the rows, takes the person out of them, and then
// removes the rows of another. What others have stays as it was: Athena's
// checksum says the same of files that UNLOAD wrote, and S3 gives their SHA-256.
func (l *loop) subject(t *testing.T) {
	l.ask(t, "/p.gif?uid=anna&site=a&x=%22quoted%22")
	l.ask(t, "/p.gif?uid=bert&site=a&value=1.5&ts=1783242000123")
	l.ask(t, "/p.gif?uid=carl&site=a&value=-1e300&x=%E2%80%A8")
	l.query(t)
	const carls = "SELECT * FROM tp_hits WHERE user_id = 'carl'"
	carl := fmt.Sprint(l.read(t, carls))
	anna, bert := pipeline.Subject{Column: "user_id", Value: "anna"}, pipeline.Subject{Column: "user_id", Value: "bert"}
	l.as(t, policy.Purge, func(ctx context.Context, target *cloud.Target) error {
		m, err := target.FindSubject(ctx, anna, nil)
		t.Logf("%+v", m)
		if err == nil && m.Rows != 1 {
			t.Errorf("%d rows of anna", m.Rows)
		}
		return err
	})
	l.as(t, policy.Purge, func(ctx context.Context, target *cloud.Target) error {
		rows, err := target.ExportSubject(ctx, bert, nil)
		if err != nil {
			return err
		}
		if row, err := rows.Next(ctx); err != nil {
			t.Errorf("%v, %v", row, err)
		}
		return rows.Close()
	})
	for _, o := range []pipeline.EraseOptions{{Subject: anna, Anonymise: true}, {Subject: bert}} {
		l.as(t, policy.Purge, func(ctx context.Context, target *cloud.Target) error {
			r, err := target.EraseSubject(ctx, o, nil)
			t.Logf("%+v", r)
			if err == nil && r.Rows != 1 {
				t.Errorf("%d rows erased", r.Rows)
			}
			return err
		})
	}
	l.rows--
	l.query(t)
	if n := l.read(t, "SELECT count(*) FROM tp_hits WHERE user_id IN ('anna', 'bert')"); fmt.Sprint(n) != "[[0]]" {
		t.Errorf("%v rows are left", n)
	}
	if now := fmt.Sprint(l.read(t, carls)); now != carl {
		t.Errorf("carl has\n%s\nhad\n%s", now, carl)
	}
}
