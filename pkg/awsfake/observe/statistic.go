package observe

import (
	"maps"
	"slices"
)

// ordered gives the starts of the periods in the order of ScanBy.
func ordered(periods map[int64][]float64, scanBy string) []int64 {
	out := slices.Sorted(maps.Keys(periods))
	if scanBy != "TimestampAscending" {
		slices.Reverse(out)
	}
	return out
}

// statistic is one of Sum, Average, Minimum, Maximum and SampleCount over the
// values of a period, of which there is one at least.
func statistic(name string, values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	switch name {
	case "Average":
		return sum / float64(len(values))
	case "Minimum":
		return slices.Min(values)
	case "Maximum":
		return slices.Max(values)
	case "SampleCount":
		return float64(len(values))
	}
	return sum
}
