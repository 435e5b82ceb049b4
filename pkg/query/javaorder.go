package query

import (
	"cmp"
	"math"
	"slices"
	"time"
	"unicode/utf16"
)

// javaOrder gives the entries of a map in the order in which Athena prints them:
// Trino makes a java.util.HashMap of them, and AWS's examples (Athena User Guide,
// "Create arrays from maps") show its order. Keys of types whose hash is not
// known here stay as they are.
func javaOrder(pairs Pairs, key string) Pairs {
	buckets := uint32(16)
	for uint32(len(pairs)) > buckets/4*3 { //nolint:gosec // a map of 2^32 entries fits no result
		buckets *= 2
	}
	places := make(map[any]uint32, len(pairs))
	for _, p := range pairs {
		hash, ok := javaHash(p.Key, key)
		if !ok {
			return pairs
		}
		places[p.Key] = (hash ^ hash>>16) & (buckets - 1)
	}
	return slices.SortedStableFunc(slices.Values(pairs), func(a, b Pair) int {
		return cmp.Compare(places[a.Key], places[b.Key])
	})
}

// javaHash is the hashCode of a key, whose type says whether it is an Integer or
// a Long in Java.
func javaHash(key any, typ string) (hash uint32, ok bool) {
	base, _ := SplitType(typ)
	switch k := key.(type) {
	case string:
		if base != "varchar" && base != "char" {
			return 0, false
		}
		for _, unit := range utf16.Encode([]rune(k)) {
			hash = 31*hash + uint32(unit)
		}
		return hash, true
	case int64:
		if base == "bigint" {
			return folded(uint64(k)), true //nolint:gosec // its bits are meant
		}
		return uint32(k), true //nolint:gosec // its bits are meant
	case float64:
		if base != "double" {
			return 0, false
		}
		return folded(math.Float64bits(k)), true
	case bool:
		if k {
			return 1231, true
		}
		return 1237, true
	case time.Time:
		return uint32(k.Unix() / (24 * 60 * 60)), base == "date" //nolint:gosec // its bits are meant
	}
	return 0, false
}

// folded is the hash of a value of 64 bits.
func folded(bits uint64) uint32 { return uint32(bits ^ bits>>32) } //nolint:gosec // the lower half is meant
