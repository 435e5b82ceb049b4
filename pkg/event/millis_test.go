package event

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestTimestamps(t *testing.T) {
	for _, c := range []struct {
		in   Millis
		want string
	}{
		{0, "1970-01-01 00:00:00.000"},
		{-1, "1969-12-31 23:59:59.999"},
		{1_783_242_245_123, "2026-07-05 09:04:05.123"},
		{1_709_251_199_999, "2024-02-29 23:59:59.999"},
		{minMillis, "0001-01-01 00:00:00.000"},
		{minMillis - 1, "0001-01-01 00:00:00.000"},
		{math.MinInt64, "0001-01-01 00:00:00.000"},
		{maxMillis, "9999-12-31 23:59:59.999"},
		{maxMillis + 1, "9999-12-31 23:59:59.999"},
		{math.MaxInt64, "9999-12-31 23:59:59.999"},
	} {
		if got := string(appendTimestamp(nil, c.in)); got != c.want {
			t.Errorf("%d: got %s, want %s", c.in, got, c.want)
		}
	}
}

func TestTimestampsAreTimeLayout(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		m := minMillis + Millis(random.Int64N(int64(maxMillis-minMillis)))
		want := time.UnixMilli(int64(m)).UTC().Format(TimeLayout)
		if got := string(appendTimestamp(nil, m)); got != want {
			t.Fatalf("%d: got %s, want %s", m, got, want)
		}
	}
}

func TestMillisOf(t *testing.T) {
	berlin := time.FixedZone("", 2*60*60)
	at := time.Date(2026, 7, 5, 11, 4, 5, 123_999_999, berlin)
	if got := MillisOf(at); got != 1_783_242_245_123 {
		t.Errorf("got %d", got)
	}
	if got := MillisOf(at).Time(); got != time.Date(2026, 7, 5, 9, 4, 5, 123_000_000, time.UTC) {
		t.Errorf("got %v", got)
	}
}
