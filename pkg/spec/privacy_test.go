package spec

import (
	"testing"

	"pixelctl/pkg/fault"
)

func TestRetention(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec, flag, want *int
		refused          bool
	}{
		"neither":   {},
		"spec":      {spec: new(395), want: new(395)},
		"flag":      {flag: new(30), want: new(30)},
		"the same":  {spec: new(30), flag: new(30), want: new(30)},
		"for ever":  {spec: new(0), want: new(0)},
		"different": {spec: new(395), flag: new(0), refused: true},
	} {
		got, err := Privacy{RetentionDays: c.spec}.Retention(c.flag)
		if (err != nil) != c.refused || c.refused && (fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "") {
			t.Errorf("%s: %v", name, err)
		}
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// The default stands first and the strictest last: package privacy goes by it.
func TestModesOrder(t *testing.T) {
	t.Parallel()
	for _, m := range (Privacy{}).Filled().modes() {
		if modes := Modes(m[0]); modes[0] != m[1] {
			t.Errorf("%s: %v do not begin with the default %s", m[0], modes, m[1])
		}
	}
	for _, m := range Strictest().modes() {
		if modes := Modes(m[0]); m[1] != "" && modes[len(modes)-1] != m[1] {
			t.Errorf("%s: %v do not end with the strictest, %s", m[0], modes, m[1])
		}
	}
}
