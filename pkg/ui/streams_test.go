package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestColourIsDecidedPerStream(t *testing.T) {
	tests := []struct {
		name    string
		o       TestOptions
		out, er bool
	}{
		{"terminals", tty(80), true, true},
		{"pipes", TestOptions{}, false, false},
		{"only stderr is a terminal", TestOptions{ErrTTY: true}, false, true},
		{"NO_COLOR", tty(80, "NO_COLOR", "1"), false, false},
		{"NO_COLOR empty is not set", tty(80, "NO_COLOR", ""), true, true},
		{"TERM=dumb", tty(80, "TERM", "dumb"), false, false},
		{"FORCE_COLOR", TestOptions{Settings: Settings{Env: env("FORCE_COLOR", "1")}}, true, true},
		{"CLICOLOR_FORCE", TestOptions{Settings: Settings{Env: env("CLICOLOR_FORCE", "1")}}, true, true},
		{"FORCE_COLOR=0", tty(80, "FORCE_COLOR", "0"), false, false},
		{"--no-color beats FORCE_COLOR", TestOptions{Settings: Settings{NoColor: true, Env: env("FORCE_COLOR", "1")}}, false, false},
		{"NO_COLOR beats FORCE_COLOR", TestOptions{Settings: Settings{Env: env("FORCE_COLOR", "1", "NO_COLOR", "1")}}, false, false},
	}
	for _, tt := range tests {
		s := newScreen("", tt.o)
		coloured := func(o *Output) bool { return strings.Contains(o.Theme.Paint(Bad, "x"), "\x1b[") }
		if coloured(s.Out) != tt.out || coloured(s.Err) != tt.er {
			t.Errorf("%s: stdout %v, stderr %v", tt.name, coloured(s.Out), coloured(s.Err))
		}
	}
}

func TestUnicodeByLocale(t *testing.T) {
	tests := []struct {
		pairs []string
		want  bool
	}{
		{[]string{"LANG", "de_DE.UTF-8"}, true},
		{[]string{"LANG", "en_US.utf8"}, true},
		{[]string{"LANG", "C"}, false},
		{[]string{"LANG", ""}, false},
		{[]string{"LANG", "C.UTF-8", "LC_ALL", "C"}, false},
		{[]string{"LANG", "C", "LC_CTYPE", "C.UTF-8"}, true},
		{[]string{"LC_CTYPE", "C", "LC_ALL", "C.UTF-8"}, true},
	}
	for _, tt := range tests {
		if got := canUnicode(env(tt.pairs...)); got != tt.want {
			t.Errorf("%v: %v", tt.pairs, got)
		}
	}
}

func TestWidth(t *testing.T) {
	if w := newScreen("", tty(0)).Out.Width(); w != fallbackWidth {
		t.Errorf("a terminal without a size: %d", w)
	}
	if w := newScreen("", TestOptions{Width: 30}).Out.Width(); w != 0 {
		t.Errorf("a pipe: %d", w)
	}
}

func TestToWritesExactly(t *testing.T) {
	s := newScreen("", tty(20))
	var file bytes.Buffer
	if err := WriteRows(t.Context(), s.To(&file), simple(), FormatTable); err != nil {
		t.Fatal(err)
	}
	if s.out.Len() > 0 || !strings.HasPrefix(file.String(), "spring\t1234567\t") {
		t.Errorf("stdout %q, file %q", s.out, file.String())
	}
}

func TestHumanForms(t *testing.T) {
	tests := []struct{ got, want string }{
		{Count(0), "0"},
		{Count(999), "999"},
		{Count(1000), "1,000"},
		{Count(1234567), "1,234,567"},
		{Count(-1), "?"},
		{Bytes(-1), "?"},
		{Bytes(0), "0 B"},
		{Bytes(1023), "1023 B"},
		{Bytes(1024), "1.0 KiB"},
		{Bytes(12897485), "12.3 MiB"},
		{Bytes(1<<20 - 1), "1.0 MiB"},
		{Bytes(1<<63 - 1), "8.0 EiB"},
		{Duration(0), "0 s"},
		{Duration(850 * time.Microsecond), "0.85 ms"},
		{Duration(12 * time.Millisecond), "12 ms"},
		{Duration(1250 * time.Millisecond), "1.2 s"},
		{Duration(59990 * time.Millisecond), "59.9 s"},
		{Duration(time.Minute), "1m"},
		{Duration(90 * time.Second), "1m30s"},
		{Duration(15 * time.Minute), "15m"},
		{Duration(2 * time.Hour), "2h"},
		{Duration(200 * time.Minute), "3h20m"},
		{Duration(-time.Second), "-1 s"},
		{Plural(1, "file"), "1 file"},
		{Plural(0, "file"), "0 files"},
		{Plural(2, "entry"), "2 entries"},
		{Plural(395, "day"), "395 days"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestLayout(t *testing.T) {
	text := func(n int) extent { return extent{head: 4, body: n} }
	whole := func(n int) extent { return extent{head: 4, body: n, whole: true} }
	tests := []struct {
		name  string
		cols  []extent
		total int
		want  []int // nil when they do not fit
	}{
		{"room for all", []extent{text(10), whole(5)}, 80, []int{10, 5}},
		{"no limit", []extent{text(1000)}, 0, []int{1000}},
		{"only the wide one shrinks", []extent{text(100), text(10), whole(7)}, 40, []int{19, 10, 7}},
		{"equal shares", []extent{text(100), text(100), text(100)}, 33, []int{10, 10, 9}},
		{"a number is never cut", []extent{whole(30), text(30)}, 40, []int{30, 8}},
		{"too narrow", []extent{whole(30), text(30)}, 37, nil},
		{"head of a number may be cut", []extent{{head: 20, body: 2, whole: true}, text(10)}, 20, []int{9, 9}},
		{"no columns", nil, 80, []int{}},
	}
	for _, tt := range tests {
		got, ok := layout(tt.cols, tt.total)
		if ok != (tt.want != nil) || len(got) != len(tt.want) {
			t.Errorf("%s: %v %v", tt.name, got, ok)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
				break
			}
		}
	}
}

func TestSparkline(t *testing.T) {
	s := newScreen("", tty(80))
	if got := s.Out.Sparkline([]float64{0, 1, 4, 8}, 4); got != " ▁▄█" {
		t.Errorf("got %q", got)
	}
	if got := s.Out.Sparkline(week().Values, 24); Cells(got) != 24 {
		t.Errorf("%d cells: %q", Cells(got), got)
	}
	ascii := newScreen("", tty(80, "LANG", "C"))
	if got := ascii.Out.Sparkline([]float64{0, 1, 4, 8}, 4); got != " .=@" {
		t.Errorf("got %q", got)
	}
	if got := s.Out.Sparkline(nil, 10); got != "" {
		t.Errorf("got %q", got)
	}
}
