package traffic

import (
	"math"
	"math/bits"
	"time"
)

const (
	subBits = 5                             // 32 buckets for each power of two
	buckets = (64 - subBits + 1) << subBits // enough for any duration
)

// histogram counts durations in buckets that are 1/32 of their value wide, so
// that a percentile is at most 3.2 % too high, whatever the number of samples.
// The maximum is exact.
type histogram struct {
	counts [buckets]int64
	total  int64
	max    time.Duration
}

func (h *histogram) add(d time.Duration) {
	d = max(d, 0)
	h.counts[bucket(uint64(d))]++
	h.total++
	h.max = max(h.max, d)
}

// bucket keeps the five bits after the leading one.
func bucket(v uint64) int {
	if v < 1<<subBits {
		return int(v)
	}
	shift := bits.Len64(v) - subBits - 1
	return (shift+1)<<subBits + int(v>>shift) - 1<<subBits //nolint:gosec // v>>shift is below 64
}

// upper is the largest value of bucket i.
func upper(i int) time.Duration {
	if i < 1<<subBits {
		return time.Duration(i)
	}
	shift := i>>subBits - 1
	return time.Duration((i&(1<<subBits-1)+1<<subBits+1)<<shift - 1)
}

// percentile gives the duration that p percent of the samples do not exceed.
func (h *histogram) percentile(p float64) time.Duration {
	rank := int64(math.Ceil(p / 100 * float64(h.total)))
	seen := int64(0)
	for i, n := range h.counts {
		if seen += n; n > 0 && seen >= rank {
			return min(upper(i), h.max)
		}
	}
	return h.max
}
