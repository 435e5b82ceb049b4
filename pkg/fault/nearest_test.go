package fault

import "testing"

func TestNearest(t *testing.T) {
	list := []string{"buffer", "stack", "dir", "no-color", "no-input"}
	tests := []struct{ word, want string }{
		{"bufer", "buffer"},
		{"bufefr", "buffer"},
		{"stck", "stack"},
		{"nocolor", "no-color"},
		{"x", ""},
		{"", ""},
		{"zzzz", ""},
		{"buffer", "buffer"},
	}
	for _, tt := range tests {
		if got := Nearest(tt.word, list); got != tt.want {
			t.Errorf("Nearest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}
