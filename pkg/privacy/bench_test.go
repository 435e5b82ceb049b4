package privacy_test

import (
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/spec"
)

// benchApply measures a policy on a hit whose columns are full.
func benchApply(b *testing.B, p spec.Privacy, gpc bool) {
	c := privacytest.Cases()[0]
	full := c.Record()
	full.GPC = gpc
	fields := full.Fields
	keys := ring()
	keys.Advance(privacy.Day(privacytest.Time))
	policy := privacy.New(spec.Spec{Privacy: p, Fields: c.Spec.Fields})
	facts := c.Facts(keys)
	var rec event.Record
	scratch := make([]event.Value, len(fields))
	b.ReportAllocs()
	for b.Loop() {
		rec = full
		copy(scratch, fields)
		rec.Fields = scratch
		policy.Apply(&rec, facts)
	}
}

func BenchmarkApplyDefault(b *testing.B) { benchApply(b, spec.Privacy{}, false) }
func BenchmarkApplyNone(b *testing.B)    { benchApply(b, spec.Strictest(), false) }
func BenchmarkApplyStrip(b *testing.B)   { benchApply(b, spec.Privacy{}, true) }
func BenchmarkApplyDrop(b *testing.B)    { benchApply(b, spec.Privacy{GPC: spec.DropHit}, true) }
func BenchmarkApplyHash(b *testing.B) {
	benchApply(b, spec.Privacy{IP: spec.Hash, User: spec.Hash, Visitor: spec.VisitorDaily}, false)
}

func BenchmarkNew(b *testing.B) {
	s := privacytest.Spec()
	b.ReportAllocs()
	for b.Loop() {
		privacy.New(s)
	}
}

// BenchmarkFirstRatchet is the way from the seed to a day in 2026.
func BenchmarkFirstRatchet(b *testing.B) {
	for b.Loop() {
		if r := ring(); !r.Advance(20_783) {
			b.Fatal("did not advance")
		}
	}
}

func BenchmarkVerifyCookie(b *testing.B) {
	_, header := privacy.IssueCookie([16]byte{1}, cookieKey, 1)
	value := header[len("pxid=") : len("pxid=")+43]
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := privacy.VerifyCookie(value, cookieKey); !ok {
			b.Fatal("refused")
		}
	}
}

// The default writes the address as text and allocates nothing else.
func TestAllocations(t *testing.T) {
	c := privacytest.Cases()[0]
	full, facts := c.Record(), c.Facts(nil)
	for name, want := range map[string]struct {
		p      spec.Privacy
		gpc    bool
		allocs float64
	}{
		"default": {spec.Privacy{}, false, 1},
		"none":    {spec.Strictest(), false, 0},
		"strip":   {spec.Privacy{}, true, 0},
		"drop":    {spec.Privacy{GPC: spec.DropHit}, true, 0},
	} {
		policy := privacy.New(spec.Spec{Privacy: want.p})
		var rec event.Record
		got := testing.AllocsPerRun(100, func() {
			rec = full
			rec.GPC, rec.DNT = want.gpc, false
			policy.Apply(&rec, facts)
		})
		if got != want.allocs {
			t.Errorf("%s: %v allocations, want %v", name, got, want.allocs)
		}
	}
}
