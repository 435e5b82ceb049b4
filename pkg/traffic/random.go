package traffic

import (
	"math/rand/v2"
	"sort"
)

// Streams of random numbers that must not follow each other.
const (
	streamHit uint64 = iota + 1
	streamVisitor
	streamTime
	streamDay
)

// random is a reseedable source: what hit n looks like depends on seed and n
// only, not on the hits before it.
type random struct {
	*rand.Rand
	pcg *rand.PCG
}

func newRandom() random {
	pcg := rand.NewPCG(0, 0)
	return random{rand.New(pcg), pcg} //nolint:gosec // made-up traffic, not a secret
}

// seed starts stream number n anew. Neighbouring numbers are mixed first,
// since PCG's first values would resemble each other.
func (r random) seed(seed, stream, n uint64) {
	r.pcg.Seed(mix(seed^stream<<56), mix(n+stream))
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true in percent of 100 cases.
func (r random) chance(percent int) bool { return r.IntN(100) < percent }

// wheel picks an index with a given weight.
type wheel []float64 // running sums

func newWheel(n int, weight func(i int) float64) wheel {
	w := make(wheel, n)
	sum := 0.0
	for i := range w {
		sum += weight(i)
		w[i] = sum
	}
	return w
}

func (w wheel) pick(r random) int {
	x := r.Float64() * w[len(w)-1]
	return min(sort.SearchFloat64s(w, x), len(w)-1)
}

// zipf weighs rank i (from 0) by 1/(i+1).
func zipf(i int) float64 { return 1 / float64(i+1) }
