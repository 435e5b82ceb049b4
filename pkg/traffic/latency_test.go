package traffic

import (
	"testing"
	"time"
)

func TestBucketsHoldTheirValues(t *testing.T) {
	for v := uint64(0); v < 1<<62; v += v/8 + 1 {
		i := bucket(v)
		top := uint64(upper(i))
		if top < v || float64(top) > float64(v)*1.032 {
			t.Fatalf("%d is in bucket %d that ends at %d", v, i, top)
		}
		if i > 0 && uint64(upper(i-1)) >= v {
			t.Fatalf("%d also fits bucket %d", v, i-1)
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
