package ui

import "testing"

func TestHeading(t *testing.T) {
	golden(t, "heading", forms(t, func(s *Streams) error {
		h := NewHeading(s)
		if err := h.End(); err != nil { // nothing was begun
			return err
		}
		for _, f := range [][2]string{{"stack", "shop"}, {"region", "eu-west-1"}, {"profile", "work\x1b[2J"}, {"account", "123456789012"}} {
			if err := h.Add(f[0], f[1]); err != nil {
				return err
			}
		}
		return h.End()
	}))
}

func TestDollars(t *testing.T) {
	for v, want := range map[float64]string{
		0.0000476837: "$0.000048", 0.00009999: "$0.0001", 0.0123: "$0.01", 5: "$5.00", 0.0099: "$0.0099", 0.009999: "$0.01", 0: "$0.00",
	} {
		if got := dollars(v); got != want {
			t.Errorf("%v is %s, want %s", v, got, want)
		}
	}
}
