package disktest

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
)

// Crash is a power cut: what was not synced is gone. With r, chance decides
// for each unsynced thing whether the disk got it after all: a name, a file,
// a prefix of a file, or its length with zeros in place of the bytes.
// Files that were open must not be used afterwards.
func (m *Mem) Crash(r *rand.Rand) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.root = crashed(m.root, r, map[*node]*node{})
}

// Chance is a source for Crash that repeats for the same seeds.
func Chance(a, b int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(a), uint64(b))) //nolint:gosec // a test wants it repeatable
}

// crashed returns what is left of n. seen keeps a node that lies under two
// names (a rename of which one half was synced) one and the same.
func crashed(n *node, r *rand.Rand, seen map[*node]*node) *node {
	if left := seen[n]; left != nil {
		return left
	}
	left := &node{dir: n.dir}
	seen[n] = left
	if !n.dir {
		left.data = survivors(n, r)
		left.synced = slices.Clone(left.data)
		return left
	}
	left.entries = map[string]*node{}
	for _, base := range names(n) {
		child := n.syncedEntries[base]
		if live := n.entries[base]; live != child && lucky(r) {
			child = live
		}
		if child != nil {
			left.entries[base] = crashed(child, r, seen)
		}
	}
	left.syncedEntries = clone(left.entries)
	return left
}

// names lists live and synced names in a fixed order, so that a seed repeats.
func names(n *node) []string {
	all := clone(n.syncedEntries)
	maps.Copy(all, n.entries)
	return slices.Sorted(maps.Keys(all))
}

// survivors returns the bytes of a file after the crash.
func survivors(n *node, r *rand.Rand) []byte {
	if bytes.Equal(n.data, n.synced) || !lucky(r) {
		return slices.Clone(n.synced)
	}
	if len(n.data) <= len(n.synced) || !bytes.HasPrefix(n.data, n.synced) {
		return slices.Clone(n.data)
	}
	kept := len(n.synced) + r.IntN(len(n.data)-len(n.synced)+1)
	left := slices.Clone(n.data[:kept])
	if lucky(r) {
		left = resize(left, int64(len(n.data)))
	}
	return left
}

func lucky(r *rand.Rand) bool { return r != nil && r.IntN(2) == 0 }

func clone(entries map[string]*node) map[string]*node {
	out := make(map[string]*node, len(entries))
	maps.Copy(out, entries)
	return out
}
