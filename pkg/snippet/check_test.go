package snippet

import (
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

func TestRenderRefuses(t *testing.T) {
	const ok = "https://e.example"
	tests := []struct {
		name string
		o    Options
		want string // part of the message
	}{
		{"no endpoint", Options{}, "not an absolute"},
		{"relative", Options{Endpoint: "/p.gif"}, "not an absolute"},
		{"no scheme", Options{Endpoint: "e.example"}, "not an absolute"},
		{"other scheme", Options{Endpoint: "javascript:alert(1)"}, "not an absolute"},
		{"not a URL", Options{Endpoint: "http://[::1"}, "not a URL"},
		{"password", Options{Endpoint: "https://u:p@e.example"}, "user name"},
		{"fragment", Options{Endpoint: ok + "/#"}, "fragment"},
		{"query", Options{Endpoint: ok + "/?a=b"}, "query"},
		{"empty query", Options{Endpoint: ok + "/?"}, "query"},
		{"host with a quote", Options{Endpoint: `https://e"x.example`}, "not a plain name"},
		{"international host", Options{Endpoint: "https://hôtel.example"}, "xn--"},
		{"port", Options{Endpoint: ok + ":70000"}, "port"},
		{"amp over http", Options{Endpoint: "http://e.example", Form: AMP}, "needs an https endpoint"},
		{"form", Options{Endpoint: ok, Form: "gif"}, `unknown form "gif"`},
		{"campaign bytes", Options{Endpoint: ok, Campaign: "\xff"}, "campaign is not valid UTF-8"},
		{"value bytes", Options{Endpoint: ok, Params: []Param{{"a", "\xff"}}}, "not valid UTF-8"},
		{"empty key", Options{Endpoint: ok, Params: []Param{{"", "v"}}}, "has no name"},
		{"key bytes", Options{Endpoint: ok, Params: []Param{{"\xff", "v"}}}, "not valid UTF-8"},
		{"key with newline", Options{Endpoint: ok, Params: []Param{{"a\nb", "v"}}}, "control character"},
		{"long key", Options{Endpoint: ok, Params: []Param{{strings.Repeat("k", 129), "v"}}}, "129 bytes"},
		{"rnd", Options{Endpoint: ok, Params: []Param{{"rnd", "1"}}}, "reserved"},
		{"img", Options{Endpoint: ok, Params: []Param{{"img", "0"}}}, "reserved"},
		{"key twice", Options{Endpoint: ok, Params: []Param{{"a", "1"}, {"a", "2"}}}, "already given before"},
		{"site twice", Options{Endpoint: ok, Site: "s", Params: []Param{{"site", "2"}}}, "already given by its own option"},
		{"long URL", Options{Endpoint: ok, Campaign: strings.Repeat("c", 2048)}, "at most 2048"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, err := Render(tt.o)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %q, %v, want an error with %q", text, err, tt.want)
			}
			if kind := fault.KindOf(err); kind != fault.Usage {
				t.Errorf("kind %d, want usage", kind)
			}
		})
	}
}

func TestRenderTakes(t *testing.T) {
	tests := []struct{ endpoint, want string }{
		{"https://e.example", "https://e.example/p.gif"},
		{"HTTPS://e.example//", "https://e.example/p.gif"},
		{"http://127.0.0.1:8080/", "http://127.0.0.1:8080/p.gif"},
		{"http://[::1]:8080", "http://[::1]:8080/p.gif"},
		{"https://e.example:/prod/t/", "https://e.example/prod/t/p.gif"},
		{"https://my_host/a%2Fb", "https://my_host/a%2Fb/p.gif"},
	}
	for _, tt := range tests {
		if got, err := Render(Options{Endpoint: tt.endpoint, Form: URL}); err != nil || got != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.endpoint, got, err, tt.want)
		}
	}
	longest := Options{Endpoint: "https://e.example", Params: []Param{{strings.Repeat("k", 128), strings.Repeat("v", 1800)}}}
	if _, err := Render(longest); err != nil {
		t.Errorf("a URL just under the limits: %v", err)
	}
}

func TestCSP(t *testing.T) {
	if got, want := CSP("https://px.example.com:444/t/"), "img-src https://px.example.com:444; connect-src https://px.example.com:444"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := CSP("px.example.com"); got != "" {
		t.Errorf("an endpoint that is no URL gives %q", got)
	}
}
