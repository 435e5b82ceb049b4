package snippet

import (
	"os/exec"
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	const mean = "\"'\\</script>\n\u2028é"
	tests := []struct {
		name string
		f    func(string) string
		in   string
		want string
	}{
		{"attribute", attribute, `a&b"c'<d>`, "a&amp;b&#34;c&#39;&lt;d&gt;"},
		{"js", jsString, mean, `"\x22\x27\x5C\x3C/script\x3E\x0A\u2028é"`},
		{"css", cssString, mean, `"\22 \27 \5c \3c /script\3e \a ` + "\u2028é\""},
		{"css NUL", cssString, "\x00", "\"\uFFFD\""},
		{"markdown", markdownURL, "a(b)c[d]<e> \\f", "a%28b%29c[d]%3Ce%3E%20%5Cf"},
		{"shell", ShellWord, `it's $HOME`, `'it'\''s $HOME'`},
		{"query", escapeQuery, "a b+c/~é", "a%20b%2Bc%2F~%C3%A9"},
		{"amp", escapeAMP, "RANDom é", "%52%41%4E%44om%20%C3%A9"},
	}
	for _, tt := range tests {
		if got := tt.f(tt.in); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A shell splits the curl line into words; the last one must be the URL.
func TestCurlLineInAShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell on this machine")
	}
	for _, name := range hostile {
		o := Options{Endpoint: "https://e.example/it's/$HOME", Form: Curl, Campaign: name}
		line, err := Render(o)
		if err != nil {
			t.Fatal(err)
		}
		o.Form = URL
		want, err := Render(o)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.TrimPrefix(line, "curl")
		out, err := exec.CommandContext(t.Context(), sh, "-c", `printf '%s\n' `+words).Output()
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		if len(got) != 8 || got[7] != want {
			t.Errorf("%s: words %q, want the last to be %s", line, got, want)
		}
	}
}
