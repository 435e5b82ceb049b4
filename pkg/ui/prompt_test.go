package ui

import (
	"context"
	"errors"
	"io"
	"testing"

	"pixelctl/pkg/fault"
)

func TestConfirmName(t *testing.T) {
	tests := []struct {
		name, in string
		tty, no  bool
		want     fault.Kind
	}{
		{"the name", "shop\n", true, false, 0},
		{"the name with blanks", "  shop \r\n", true, false, 0},
		{"the name without line feed", "shop", true, false, 0},
		{"another name", "shap\n", true, false, fault.Failed},
		{"yes is no", "yes\n", true, false, fault.Failed},
		{"empty line", "\n", true, false, fault.Failed},
		{"end of input", "", true, false, fault.Failed},
		{"second line does not count", "x\nshop\n", true, false, fault.Failed},
		{"no terminal", "shop\n", false, false, fault.Usage},
		{"--no-input", "shop\n", true, true, fault.Usage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := tty(80)
			o.InTTY, o.NoInput = tt.tty, tt.no
			s := newScreen(tt.in, o)
			err := ConfirmName(t.Context(), s.Streams, "Destroy stack shop?", "shop")
			if fault.KindOf(err) != tt.want {
				t.Fatalf("got %v", err)
			}
			if asked := s.err.Len() > 0; asked != (tt.tty && !tt.no) || s.out.Len() > 0 {
				t.Errorf("stderr %q, stdout %q", s.err, s.out)
			}
			if tt.want == fault.Usage && fault.HintOf(err) != "add --yes to confirm" {
				t.Errorf("hint %q", fault.HintOf(err))
			}
		})
	}
}

func TestConfirmNameEndsWithContext(t *testing.T) {
	in, w := io.Pipe() // a terminal at which nobody types
	defer func() { _ = w.Close() }()
	s := newScreen("", tty(80))
	s.In = in
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ConfirmName(ctx, s.Streams, "Destroy?", "shop"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPromptLooks(t *testing.T) {
	s := newScreen("nope\n", tty(80, "NO_COLOR", "1"))
	err := ConfirmName(t.Context(), s.Streams, "Destroy stack shop?", "shop")
	if got, want := s.err.String(), "Destroy stack shop?\nType shop to confirm: "; got != want {
		t.Errorf("got %q", got)
	}
	if got, want := err.Error(), "destroy stack shop: not confirmed, nothing was changed"; got != want {
		t.Errorf("got %q", got)
	}
}
