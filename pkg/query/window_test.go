package query

import (
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 7, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		w    Window
		at   time.Time
		want bool
	}{
		{Window{}, day(1), true},
		{Window{Since: day(2)}, day(1), false},
		{Window{Since: day(2)}, day(2), true},
		{Window{Until: day(2)}, day(2), false},
		{Window{day(1), day(3)}, day(2), true},
	} {
		if got := c.w.Contains(c.at); got != c.want {
			t.Errorf("%v contains %s: %v", c.w, c.at, got)
		}
	}
	if before, ok := (Window{day(8), day(15)}).Before(); !ok || before != (Window{day(1), day(8)}) {
		t.Errorf("the week before is %v, %v", before, ok)
	}
	if _, ok := (Window{Since: day(1)}).Before(); ok {
		t.Error("an open window has a window before it")
	}
}

// Rows count milliseconds, so a finer instant means the next whole one at either
// end; an open end stays open.
func TestWhole(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)
	w := Window{Since: at.Add(time.Microsecond), Until: at.Add(2 * time.Millisecond)}.Whole()
	if !w.Since.Equal(at.Add(time.Millisecond)) || !w.Until.Equal(at.Add(2*time.Millisecond)) {
		t.Errorf("%v", w)
	}
	if w := (Window{}).Whole(); !w.IsZero() || !w.Contains(at) {
		t.Errorf("open: %v", w)
	}
}
