package traffic

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the goldens")

var noon = time.Date(2026, time.July, 5, 12, 30, 0, 0, time.UTC)

func fixed(t time.Time) func() time.Time { return func() time.Time { return t } }

func collect(o Options) []Hit { return slices.Collect(Generate(o)) }

// text is a hit as lines, headers in alphabetical order.
func text(h Hit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s?%s\n", h.At.Format(time.RFC3339Nano), h.Method, h.Path, h.Query)
	var names []string
	for name := range h.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "%s: %s\n", name, h.Header.Get(name))
	}
	fmt.Fprintf(&b, "\n%s\n", h.Body)
	return b.String()
}

func TestGenerateGolden(t *testing.T) {
	for _, profile := range Profiles() {
		t.Run(string(profile), func(t *testing.T) {
			var got strings.Builder
			for _, h := range collect(Options{Count: 5, Seed: 1, Profile: profile, Rate: 10, Now: fixed(noon)}) {
				got.WriteString(text(h))
			}
			golden(t, string(profile)+".golden", got.String())
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

// parameters of a hit, wherever they travel.
func parameters(t *testing.T, h Hit) url.Values {
	t.Helper()
	v, err := url.ParseQuery(h.Query + string(h.Body))
	if err != nil {
		t.Fatalf("hit %s: %v", h.ID, err)
	}
	return v
}

func TestOnlyTimesDependOnNow(t *testing.T) {
	o := Options{Count: 400, Seed: 7, Days: 5, Now: fixed(noon)}
	early := collect(o)
	o.Now = fixed(noon.Add(-7*time.Hour - 13*time.Minute))
	late := collect(o)
	for i := range early {
		a, b := parameters(t, early[i]), parameters(t, late[i])
		if a.Get("ts") != fmt.Sprint(early[i].At.UnixMilli()) {
			t.Fatalf("hit %d: ts %s is not %s", i, a.Get("ts"), early[i].At)
		}
		a.Del("ts")
		b.Del("ts")
		if a.Encode() != b.Encode() || early[i].Path != late[i].Path {
			t.Fatalf("hit %d depends on the clock:\n%v\n%v", i, a, b)
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	one := collect(Options{Count: 50, Seed: 1, Now: fixed(noon)})
	two := collect(Options{Count: 50, Seed: 2, Now: fixed(noon)})
	same := 0
	for i := range one {
		if one[i].Path == two[i].Path && one[i].Header.Get("User-Agent") == two[i].Header.Get("User-Agent") {
			same++
		}
	}
	if same > 15 {
		t.Errorf("%d of 50 hits agree for two seeds", same)
	}
}

func TestFewerHitsAreTheFirstOfMore(t *testing.T) {
	few := collect(Options{Count: 10, Seed: 3, Now: fixed(noon)})
	more := collect(Options{Count: 500, Seed: 3, Now: fixed(noon)})
	for i := range few {
		if text(few[i]) != text(more[i]) {
			t.Fatalf("hit %d differs:\n%s\n%s", i, text(few[i]), text(more[i]))
		}
	}
}

func TestHitsAreWellFormed(t *testing.T) {
	for _, profile := range Profiles() {
		seen := map[string]bool{}
		for _, h := range collect(Options{Count: 500, Seed: 5, Profile: profile, Now: fixed(noon)}) {
			p := parameters(t, h)
			if seen[h.ID] || p.Get("eid") != h.ID {
				t.Fatalf("%s: id %q is not unique or not sent as eid %q", profile, h.ID, p.Get("eid"))
			}
			seen[h.ID] = true
			if h.Header.Get(SyntheticHeader) != "1" {
				t.Fatalf("%s: hit %s is not marked", profile, h.ID)
			}
			if _, set := h.Header["User-Agent"]; !set {
				t.Fatalf("%s: hit %s leaves its user agent to net/http", profile, h.ID)
			}
			for key, values := range p {
				if len(values) != 1 || values[0] == "" {
					t.Fatalf("%s: hit %s has %s=%q", profile, h.ID, key, values)
				}
			}
			if len(h.Path)+len(h.Query) > 2048 || !strings.HasPrefix(h.Path, "/hotels/") {
				t.Fatalf("%s: hit %s asks for %s?%s", profile, h.ID, h.Path, h.Query)
			}
		}
	}
}

func TestProfiles(t *testing.T) {
	const n = 2000
	tests := []struct {
		profile              Profile
		post, mid, vid, page [2]int // least and most of n hits
	}{
		{Web, [2]int{900, 1100}, [2]int{0, 0}, [2]int{n, n}, [2]int{n, n}},
		{Mail, [2]int{0, 0}, [2]int{n, n}, [2]int{0, 0}, [2]int{0, 0}},
		{Bots, [2]int{0, 0}, [2]int{0, 0}, [2]int{0, 0}, [2]int{900, 1100}},
		{Mixed, [2]int{700, 900}, [2]int{190, 290}, [2]int{1520, 1680}, [2]int{1600, 1800}},
	}
	for _, tt := range tests {
		t.Run(string(tt.profile), func(t *testing.T) {
			var post, mid, vid, page int
			for _, h := range collect(Options{Count: n, Seed: 11, Profile: tt.profile, Now: fixed(noon)}) {
				p := parameters(t, h)
				post += count(h.Method == "POST")
				mid += count(p.Has("mid"))
				vid += count(p.Has("vid"))
				page += count(h.Header.Get("Referer") != "")
			}
			for i, got := range []int{post, mid, vid, page} {
				want := [][2]int{tt.post, tt.mid, tt.vid, tt.page}[i]
				if got < want[0] || got > want[1] {
					t.Errorf("%s: %d of %d, want %v", []string{"POST", "mid", "vid", "Referer"}[i], got, n, want)
				}
			}
		})
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestCampaignAndSiteOfTheCaller(t *testing.T) {
	for _, profile := range Profiles() {
		for _, h := range collect(Options{Count: 100, Campaign: "été & 春", Site: "a/b", Profile: profile, Now: fixed(noon)}) {
			p := parameters(t, h)
			if h.Path != "/p.gif" || p.Get("site") != "a/b" || p.Get("utm_campaign") != "été & 春" {
				t.Fatalf("%s: %s has %v", profile, h.Path, p)
			}
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	for _, days := range []int{0, 7} {
		b.Run(fmt.Sprintf("days=%d", days), func(b *testing.B) {
			b.ReportAllocs()
			o := Options{Count: 1000, Seed: 1, Days: days, Now: fixed(noon)}
			for b.Loop() {
				n := 0
				for range Generate(o) {
					n++
				}
				if n != o.Count {
					b.Fatal(n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*o.Count), "ns/hit")
		})
	}
}
