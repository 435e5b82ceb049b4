package snippet

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens")

// hostile are names that break out of a tag whose escaping has a hole.
var hostile = []string{
	"spring-sale",
	"Grand Hotel & Spa",
	`"><script>alert(1)</script>`,
	`' onerror='alert(1)`,
	"</script><!--",
	"</style></noscript>-->",
	"a\u2028b\u2029c",
	"été 春 🏨",
	"two\nlines\r\n\ttab",
	"{{x}}", "{{ .Subscriber.UUID }}", "*|UNIQID|*",
	"RANDOM CLIENT_ID(x) ${TITLE}",
	`back\slash $HOME $(id) ` + "`id`",
	"100% a+b=c;d,e?f#g",
	`)![x](javascript:1)`,
	"a/b", "..", "%41", "&amp;&copy;",
	"nul\x00esc\x1b[31m",
}

func TestRenderDecodesToTheGivenValues(t *testing.T) {
	for _, form := range Forms() {
		for _, name := range hostile {
			o := Options{
				Endpoint: "https://px.example.com/t'(1)/", Form: form, Campaign: name, Site: name, Label: "x " + name,
				Params: []Param{{"k " + strings.Map(dropControl, name), name}, {"plain", "v"}},
			}
			text, err := Render(o)
			if err != nil {
				t.Errorf("%s: Render(%q): %v", form, name, err)
				continue
			}
			if err := checkRequest(o, text); err != nil {
				t.Errorf("%s, name %q: %v\n%s", form, name, err, text)
			}
		}
	}
}

func dropControl(r rune) rune {
	if r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0) {
		return -1
	}
	return r
}

func TestRenderGolden(t *testing.T) {
	for _, form := range Forms() {
		t.Run(string(form), func(t *testing.T) {
			text, err := Render(Options{
				Endpoint: "https://px.example.com/", Form: form, Campaign: "Spring & Sale", Site: "hotels", Label: "hero",
				Params: []Param{{"uid", "u 1"}, {"mid", "{{ message_id }}"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, string(form)+".golden", text+"\n")
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s\nwant\n%s", path, got, want)
	}
}

func TestRenderAddress(t *testing.T) {
	tests := []struct {
		name string
		o    Options
		want string
	}{
		{"nothing but the endpoint", Options{}, "https://e.example/p.gif"},
		{"site and label", Options{Site: "s", Label: "l"}, "https://e.example/s/l.gif"},
		{"site only", Options{Site: "s"}, "https://e.example/p.gif?site=s"},
		{"label only", Options{Label: "l"}, "https://e.example/p.gif?label=l"},
		{"site with slash", Options{Site: "a/b", Label: "l"}, "https://e.example/p.gif?site=a%2Fb&label=l"},
		{"site of dots", Options{Site: "..", Label: "l"}, "https://e.example/p.gif?site=..&label=l"},
		{"space", Options{Site: "a b", Label: "l", Campaign: "c d"}, "https://e.example/a%20b/l.gif?utm_campaign=c%20d"},
		{"order", Options{Campaign: "c", Params: []Param{{"z", "1"}, {"a", ""}}}, "https://e.example/p.gif?utm_campaign=c&z=1&a="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Endpoint, tt.o.Form = "https://e.example", URL
			got, err := Render(tt.o)
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestRenderMergeTags(t *testing.T) {
	tests := []struct {
		form  Form
		value string
		want  string
	}{
		{Email, "{{uid}}", "uid={{uid}}"},
		{Email, "{{ .Subscriber.UUID }}", "uid={{ .Subscriber.UUID }}"},
		{Email, "*|UNIQID|*", "uid=*|UNIQID|*"},
		{Email, "{{a}}b", "uid=%7B%7Ba%7D%7Db"},
		{Email, "{{a\"b}}", "uid=%7B%7Ba%22b%7D%7D"},
		{HTML, "{{uid}}", "uid=%7B%7Buid%7D%7D"},
	}
	for _, tt := range tests {
		text, err := Render(Options{Endpoint: "https://e.example", Form: tt.form, Params: []Param{{"uid", tt.value}}})
		if err != nil || !strings.Contains(text, tt.want+`"`) {
			t.Errorf("%s, %s: got %s, %v, want %s in it", tt.form, tt.value, text, err, tt.want)
		}
	}
}

func TestFormsAreDocumented(t *testing.T) {
	if len(Forms()) != 9 {
		t.Errorf("%d forms, want 9", len(Forms()))
	}
	for _, f := range Forms() {
		if f.Doc() == "" || strings.Contains(f.Doc(), "\n") {
			t.Errorf("form %s: doc %q is not one line", f, f.Doc())
		}
	}
	if Form("gif").Doc() != "" {
		t.Error("an unknown form has a doc")
	}
}

func TestCacheBusterStandsLastInStaticForms(t *testing.T) {
	t.Parallel()
	for _, form := range Forms() {
		o := Options{Endpoint: "https://px.example.com", Form: form, Campaign: "c", CacheBuster: "b7"}
		text, err := Render(o)
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		static := form != JS && form != AMP
		if got := strings.Contains(text, "rnd=b7"); got != static {
			t.Errorf("%s: rnd=b7 is there: %v, want %v in\n%s", form, got, static, text)
		}
	}
	mail, err := Render(Options{Endpoint: "https://px.example.com", Form: Email, CacheBuster: "{{unique}}"})
	if err != nil || !strings.Contains(mail, "rnd={{unique}}") {
		t.Errorf("mail: %s, %v; want the merge tag as it is", mail, err)
	}
}
