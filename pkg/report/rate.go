package report

import "math"

// z is the 97.5 % quantile of the normal distribution.
const z = 1.959963984540054

// rate is the share of hits among all with its 95 % interval by Wilson, which
// is honest for small counts and for shares near 0 and 1. Of nothing it is
// unknown.
func rate(hits, all *float64) Value {
	if hits == nil || all == nil || *all <= 0 {
		return Value{}
	}
	n := *all
	share := *hits / n
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	low, high := math.Max(middle-half, 0), math.Min(middle+half, 1)
	switch share { // rounding leaves the bound a hair off
	case 0:
		low = 0
	case 1:
		high = 1
	}
	return Value{N: &share, Low: &low, High: &high}
}
