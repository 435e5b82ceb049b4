package traffic

import (
	"testing"
	"time"
)

func TestBucketsHoldTheirValues(t *testing.T) {
	for d := time.Duration(0); d < 1<<62; d += d/8 + 1 {
		i := bucket(uint64(d))
		top := upper(i)
		if top < d || float64(top) > float64(d)*1.032 {
			t.Fatalf("%d is in bucket %d that ends at %d", d, i, top)
		}
		if i > 0 && upper(i-1) >= d {
			t.Fatalf("%d also fits bucket %d", d, i-1)
		}
	}
}

func TestPercentiles(t *testing.T) {
	var h histogram
	if h.percentile(99) != 0 {
		t.Error("an empty histogram has a percentile")
	}
	for ms := 1; ms <= 1000; ms++ {
		h.add(time.Duration(ms) * time.Millisecond)
	}
	for _, p := range []float64{1, 50, 90, 99} {
		exact := time.Duration(p*10) * time.Millisecond
		if got := h.percentile(p); got < exact || got > exact*1032/1000 {
			t.Errorf("p%v is %s, want %s", p, got, exact)
		}
	}
	if got := h.percentile(100); got != time.Second {
		t.Errorf("maximum %s", got)
	}
}
