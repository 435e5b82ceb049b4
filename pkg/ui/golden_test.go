package ui

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew")

// golden compares got with testdata/name.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("%s differs; run with -update and look at the change\n%s", path, got)
	}
}

// screen is streams over buffers.
type screen struct {
	*Streams
	out, err *bytes.Buffer
}

func newScreen(in string, o TestOptions) screen {
	var out, errs bytes.Buffer
	return screen{Test(&out, &errs, strings.NewReader(in), o), &out, &errs}
}

func env(pairs ...string) func(string) string {
	m := map[string]string{"LANG": "C.UTF-8", "TERM": "xterm"}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(k string) string { return m[k] }
}

func tty(width int, pairs ...string) TestOptions {
	return TestOptions{Settings: Settings{Env: env(pairs...)}, InTTY: true, OutTTY: true, ErrTTY: true, Width: width}
}

// forms draws one scene in every form a stream has.
func forms(t *testing.T, draw func(*Streams) error) string {
	t.Helper()
	var b strings.Builder
	for _, f := range []struct {
		name  string
		o     TestOptions
		limit int
	}{
		{"40 columns", tty(40, "NO_COLOR", "1"), 40},
		{"80 columns", tty(80, "NO_COLOR", "1"), 80},
		{"200 columns", tty(200, "NO_COLOR", "1"), 200},
		{"80 columns, ASCII", tty(80, "NO_COLOR", "1", "LANG", "C"), 80},
		{"80 columns, colour", tty(80), 0},
		{"piped", TestOptions{}, 0},
	} {
		s := newScreen("", f.o)
		if err := draw(s.Streams); err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		fits(t, f.name, s.out.String()+s.err.String(), f.limit)
		fmt.Fprintf(&b, "=== %s\n%s", f.name, visible(s.out.String()))
		if s.err.Len() > 0 {
			fmt.Fprintf(&b, "--- stderr\n%s", visible(s.err.String()))
		}
	}
	return b.String()
}

// visible writes the escape character as \e, so that a golden shows it.
func visible(s string) string { return strings.ReplaceAll(s, "\x1b", `\e`) }

// fits checks what must hold in every form: no line is too wide, none ends in
// blanks. Lines that say what to type may be longer: they must be copied whole.
func fits(t *testing.T, form, text string, limit int) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasSuffix(line, " ") {
			t.Errorf("%s: blanks at the end of %q", form, line)
		}
		copied := strings.Contains(line, "pixelctl ")
		if limit > 0 && Cells(line) > limit && !copied {
			t.Errorf("%s: %d cells: %q", form, Cells(line), line)
		}
	}
}
