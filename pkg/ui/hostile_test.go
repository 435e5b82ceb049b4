package ui

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// hostileTexts are what the open internet may send in a parameter.
func hostileTexts() []string {
	return []string{
		"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]52;c;cm0gLXJmIC8=\x07", "\u009b31mC1", "a\x00b", "bell\a", "back\b\bspace",
		"line\nfeed", "tab\tstop", "cr\rover", "rtl \u202egnp.exe", "iso \u2066x\u2069", "zero\u200bwidth", "\ufeffbom", "tag \U000e0041",
		"bad \xff\xfe utf8", "del \x7f", "sep \u2028 \u2029", "漢字テスト", "e\u0301 combining", "👩‍👩‍👧‍👦 family", "🇩🇪 flag", "Z͑ͫ̓ͪ̂ͫ̽͏a̴l͗g͡o",
	}
}

func hostileRows() *fakeRows {
	f := &fakeRows{columns: columnsOf("evil\x1b[2J name", "varchar", "map", "map(varchar, varchar)", "n", "bigint")}
	for i, s := range hostileTexts() {
		f.rows = append(f.rows, []any{s, pairsOf(s, s), int64(i)})
	}
	f.stats.Warnings = []string{"left out \x1b[2J.parquet"}
	return f
}

// checkTame fails when text holds anything that steers a terminal.
func checkTame(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s: invalid UTF-8 in %q", what, text)
	}
	for _, r := range text {
		joiner := r == '\u200c' || r == '\u200d'
		if r != '\n' && !joiner && !unicode.IsGraphic(r) {
			t.Errorf("%s: %U reached the terminal in %q", what, r, text)
			return
		}
	}
}

func TestHostileRowsOnTerminal(t *testing.T) {
	for _, f := range Formats() {
		for _, width := range []int{20, 40, 80, 200} {
			s := newScreen("", tty(width, "NO_COLOR", "1"))
			if err := WriteRows(t.Context(), s.Streams, hostileRows(), f); err != nil {
				t.Fatal(err)
			}
			out := s.out.String()
			if f == FormatTSV {
				out = strings.ReplaceAll(out, "\t", " ")
			}
			checkTame(t, string(f), out+s.err.String())
			if f == FormatTable {
				fits(t, string(f), s.out.String(), width)
			}
		}
	}
}

func TestHostileRowsPipedStayOneLineEach(t *testing.T) {
	s := newScreen("", TestOptions{})
	if err := WriteRows(t.Context(), s.Streams, hostileRows(), FormatTSV); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(s.out.String(), "\n"), "\n")
	if len(lines) != len(hostileTexts()) {
		t.Fatalf("%d lines for %d rows", len(lines), len(hostileTexts()))
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")
	for i, want := range hostileTexts() {
		if got := unescape.Replace(strings.Split(lines[i], "\t")[0]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestHostileViews(t *testing.T) {
	for _, s := range hostileTexts() {
		item := pipeline.Item{Kind: s, Name: s, Reason: s}
		views := []View{
			Deployment(pipeline.Deployment{Stack: s, Target: s, Endpoint: s, Action: s, Changes: []pipeline.Change{{Name: s, From: s, To: s}}}),
			Status(pipeline.Status{
				Stack: s, State: s, Endpoint: s, Location: s,
				Hits: pipeline.Hits{Dropped: map[string]int64{s: 1}}, Problems: []pipeline.Problem{{What: s, Action: s}},
			}),
			Crawl(pipeline.CrawlResult{Added: []string{s}}),
			Inventory(pipeline.Inventory{Stack: s, Target: s, Items: []pipeline.Item{item}}),
			Destroyed(pipeline.DestroyResult{Stack: s, Target: s, Items: []pipeline.Item{item}, KeptData: s}),
			Bars(s, []Bar{{s, 1}}),
		}
		for _, v := range views {
			for _, asJSON := range []bool{false, true} {
				sc := newScreen("", tty(40, "NO_COLOR", "1"))
				if err := Show(sc.Streams, v.WithNext(s), asJSON); err != nil {
					t.Fatal(err)
				}
				checkTame(t, "view", sc.out.String()+sc.err.String())
			}
		}
	}
}

func TestHostileErrors(t *testing.T) {
	for _, s := range hostileTexts() {
		err := fault.New(fault.Partial, "read %w", errors.Join(errors.New(s), &query.SyntaxError{SQL: s, Line: 1, Column: 3, Message: s})).
			WithHint("%s", s).WithLeft([]string{s})
		for _, asJSON := range []bool{false, true} {
			sc := newScreen("", TestOptions{}) // stderr in a file is read on a terminal later
			if err := WriteError(sc.Streams, err, asJSON); err != nil {
				t.Fatal(err)
			}
			checkTame(t, "error", sc.err.String())
		}
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain", "plain"},
		{"", ""},
		{"\x1b[31m", `\x1b[31m`},
		{"a\nb\tc\rd\x00", `a\nb\tc\rd\x00`},
		{"\u202ex", `\u202ex`},
		{"\U000e0041", `\U000e0041`},
		{"\xff", `\xff`},
		{"\ufffd", "\ufffd"},
		{"👩‍👧 漢", "👩‍👧 漢"},
	}
	for _, tt := range tests {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range hostileTexts() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		checkTame(t, "clean", got)
		if strings.Contains(got, "\n") || Clean(got) != got {
			t.Errorf("%q is not clean", got)
		}
		for _, w := range []int{1, 7, 40} {
			if n := Cells(fit(got, w, "…")); n > w {
				t.Errorf("fit to %d gave %d cells: %q", w, n, got)
			}
			if joined := strings.Join(wrap(got, w), ""); strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(got, " ", "") {
				t.Errorf("wrap lost text: %q of %q", joined, got)
			}
		}
	})
}
