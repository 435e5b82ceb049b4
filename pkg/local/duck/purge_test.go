//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

func TestRewriteOutside(t *testing.T) {
	src, _ := stage(t, segment(t, 60, 1)) // one record a minute
	minute := func(n int) time.Time { return firstHour.Add(time.Duration(n) * time.Minute) }
	for name, c := range map[string]struct {
		since, until time.Time
		kept         int64
	}{
		"middle":        {minute(10), minute(20), 50},
		"from":          {minute(10), time.Time{}, 10},
		"until":         {time.Time{}, minute(20), 40},
		"all":           {time.Time{}, time.Time{}, 0},
		"none":          {minute(90), minute(99), 60},
		"bounds":        {minute(0), minute(1), 59},
		"another zone":  {minute(10).In(time.FixedZone("", 7200)), minute(20), 50},
		"within second": {minute(0).Add(time.Microsecond), minute(1).Add(time.Microsecond), 59},
	} {
		t.Run(name, func(t *testing.T) {
			dst := filepath.Join(t.TempDir(), "out.parquet")
			r, err := RewriteOutside(context.Background(), src.Files[0].Path, dst, c.since, c.until)
			if err != nil || r != (Rewritten{60, c.kept, 60 - c.kept}) {
				t.Fatalf("got %+v, %v; want %d kept", r, err, c.kept)
			}
			if n, err := CountRows(context.Background(), []string{dst}); err != nil || n != c.kept {
				t.Errorf("file holds %d rows, %v", n, err)
			}
			if _, err := inspect(dst); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRewrittenFileIsReadLikeTheFirst(t *testing.T) {
	src, _ := stage(t, segment(t, 60, 1))
	dst := filepath.Join(filepath.Dir(src.Files[0].Path), "rewritten.parquet")
	if _, err := RewriteOutside(context.Background(), src.Files[0].Path, dst, firstHour, firstHour.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	src.Files[0].Path = dst
	res := mustAsk(t, open(t, src), "SELECT count(*), min(received_at), max(hour) FROM hits")
	if res.rows[0][0] != int64(59) || res.rows[0][1] != firstHour.Add(time.Minute) || res.rows[0][2] != int64(9) {
		t.Errorf("got %v", res.rows)
	}
}

func TestPurgeHelpersOnMissingFiles(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone.parquet")
	if _, err := CountRows(context.Background(), []string{gone}); !errors.Is(err, ErrSourceChanged) {
		t.Errorf("CountRows: got %v", err)
	}
	if _, err := RewriteOutside(context.Background(), gone, gone+".new", time.Time{}, time.Time{}); !errors.Is(err, ErrSourceChanged) {
		t.Errorf("RewriteOutside: got %v", err)
	}
	if n, err := CountRows(context.Background(), nil); err != nil || n != 0 {
		t.Errorf("CountRows of nothing: got %d, %v", n, err)
	}
}
