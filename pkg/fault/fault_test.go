package fault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"testing"
)

func TestKindOf(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want Kind
	}{
		{"nil", nil, 0},
		{"plain", errors.New("x"), Failed},
		{"own", New(Busy, "x"), Busy},
		{"wrapped", fmt.Errorf("a: %w", New(Busy, "x")), Busy},
		{"outermost wins", New(Partial, "a: %w", New(Busy, "x")), Partial},
		{"deadline", fmt.Errorf("a: %w", context.DeadlineExceeded), TimedOut},
		{"cancelled", fmt.Errorf("a: %w", context.Canceled), Interrupted},
		{"kind beats context", New(Busy, "a: %w", context.Canceled), Busy},
	}
	for _, tt := range tests {
		if got := KindOf(tt.err); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestHintOf(t *testing.T) {
	inner := New(Failed, "x").WithHint("run %s", "y")
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"nil", nil, ""},
		{"plain", errors.New("x"), ""},
		{"own", inner, "run y"},
		{"wrapped", fmt.Errorf("a: %w", inner), "run y"},
		{"below a fault without hint", New(Busy, "a: %w", inner), "run y"},
		{"outermost wins", New(Busy, "a: %w", inner).WithHint("z"), "z"},
	}
	for _, tt := range tests {
		if got := HintOf(tt.err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestErrorKeepsCauseAndLeft(t *testing.T) {
	err := fmt.Errorf("a: %w", New(Partial, "remove x: %w", fs.ErrPermission).WithLeft([]string{"x"}))
	if !errors.Is(err, fs.ErrPermission) {
		t.Error("cause lost")
	}
	if err.Error() != "a: remove x: permission denied" {
		t.Errorf("got %q", err)
	}
	if got := LeftOf(err); !reflect.DeepEqual(got, []string{"x"}) {
		t.Errorf("left: %q", got)
	}
	if LeftOf(errors.New("x")) != nil {
		t.Error("a plain error leaves something")
	}
}
