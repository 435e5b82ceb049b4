package privacy_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it anew. got:\n%s", file, got)
	}
}

// ring returns keys that a test may know.
func ring() *privacy.Ring { return privacy.FreshRing([32]byte{1, 2, 3}) }

// columnsOf gives each column of a record as JSON text.
func columnsOf(t *testing.T, r *event.Record) map[string]string {
	t.Helper()
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(r.AppendLine(nil), &raw); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, value := range raw {
		out[name] = string(value)
	}
	return out
}

// after applies a case's policy to its record.
func after(t *testing.T, c privacytest.Case, change func(*event.Record)) map[string]string {
	t.Helper()
	r := c.Record()
	change(&r)
	privacy.New(c.Spec).Apply(&r, c.Facts(ring()))
	return columnsOf(t, &r)
}

var hexID = regexp.MustCompile(`^"[0-9a-f]{32}"$`)

// observed says what was done to a value, by looking.
func observed(was, is string) privacy.Action {
	common := 0
	for common < min(len(was), len(is)) && was[common] == is[common] {
		common++
	}
	switch {
	case is == was:
		return privacy.Kept
	case is == "":
		return privacy.Blank
	case hexID.MatchString(is):
		return privacy.Hashed
	case common > len(`"203.0`) && len(is) < len(was):
		return privacy.Cut
	}
	return privacy.Told
}

func caseOf(t *testing.T, name string) privacytest.Case {
	t.Helper()
	for _, c := range privacytest.Cases() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no case %s", name)
	return privacytest.Case{}
}

// What the table says is what a policy does, column by column, on a record
// with a value in each.
func TestTableIsWhatHappens(t *testing.T) {
	t.Parallel()
	open := caseOf(t, "open")
	for _, m := range privacy.Modes() {
		change := func(r *event.Record) {
			r.GPC = m == privacy.Stripped || m == privacy.Dropped
			r.PagePath += "?q" // as GoatCounter's p can bring it
			if m == privacy.VisitorDaily {
				r.VisitorID = ""
			}
		}
		was, is := after(t, open, change), after(t, caseOf(t, string(m)), change)
		for _, c := range open.Spec.Schema().Columns() {
			want := privacy.Effect(m, c.Name)
			if i := slices.IndexFunc(open.Spec.Fields, func(f spec.Field) bool { return f.Name == c.Name }); i >= 0 {
				want = privacy.EffectOn(m, open.Spec.Fields[i])
			}
			if was[c.Name] == "" && (m != privacy.VisitorDaily || c.Name != "visitor_id") {
				t.Errorf("%s: nothing is planted in %s", m, c.Name)
			}
			if got := observed(was[c.Name], is[c.Name]); got != want {
				t.Errorf("%s, %s: %s became %s: %s, but the table says %s", m, c.Name, was[c.Name], is[c.Name], got, want)
			}
		}
	}
}

// Every column that the table names is one.
func TestTableNamesColumns(t *testing.T) {
	t.Parallel()
	for _, m := range privacy.Modes() {
		touched := 0
		for _, name := range (event.Schema{}).Names() {
			if privacy.Effect(m, name) != privacy.Kept {
				touched++
			}
		}
		if touched == 0 {
			t.Errorf("%s touches no column", m)
		}
	}
	for _, name := range privacy.Named() {
		if !slices.Contains((event.Schema{}).Names(), name) {
			t.Errorf("the table names %q, which is no column", name)
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := privacy.Markdown()
	golden(t, "testdata/effects.md", got)
	for line := range strings.Lines(got) {
		if n := strings.Count(line, "|"); n != len(privacy.Modes())+2 {
			t.Errorf("%d bars in %s", n, line)
		}
	}
}

// No planted value is in a stored line unless the modes allow it there, and
// what they allow is there.
func TestPlantedValues(t *testing.T) {
	t.Parallel()
	for _, c := range privacytest.Cases() {
		r := c.Record()
		privacy.New(c.Spec).Apply(&r, c.Facts(ring()))
		line := string(r.AppendLine(nil))
		for _, text := range c.Forbidden() {
			if strings.Contains(line, text) {
				t.Errorf("%s: %s is stored: %s", c.Name, text, line)
			}
		}
		for _, v := range privacytest.Values() {
			if v.Lost == "" && slices.Contains(c.Allowed(), v.Text) && !strings.Contains(line, v.Text) {
				t.Errorf("%s: %s is lost: %s", c.Name, v.Text, line)
			}
		}
		if len(c.Forbidden())+len(c.Allowed()) != len(privacytest.Values()) {
			t.Errorf("%s: not every value is judged", c.Name)
		}
	}
}

// Two modes together do what each does alone.
func TestModesTogether(t *testing.T) {
	t.Parallel()
	modes := privacy.Modes()
	for _, a := range modes {
		for _, b := range modes {
			if key(a) == key(b) || b == privacy.Stripped || b == privacy.Dropped || a == privacy.Stripped || a == privacy.Dropped {
				continue
			}
			was := after(t, caseOf(t, "open"), func(*event.Record) {})
			both := caseOf(t, "open")
			both.Spec = privacytest.Spec(a, b)
			is := after(t, both, func(*event.Record) {})
			for _, name := range (event.Schema{}).Names() {
				if privacy.Effect(a, name) == privacy.Kept && privacy.Effect(b, name) == privacy.Kept && was[name] != is[name] {
					t.Errorf("%s with %s: %s became %s", a, b, name, is[name])
				}
				blank := privacy.Effect(a, name) == privacy.Blank || privacy.Effect(b, name) == privacy.Blank
				if blank && is[name] != "" {
					t.Errorf("%s with %s: %s holds %s", a, b, name, is[name])
				}
			}
		}
	}
}

// key is the setting of a mode: two modes of one key cannot be set at once.
func key(m privacy.Mode) string {
	k, _, _ := strings.Cut(string(m), ":")
	return k
}
