package spec

import (
	"reflect"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	if got := string(Spec{}.JSON()); got != "{}" {
		t.Errorf("the zero spec is %s", got)
	}
	if err := full().Validate(); err != nil {
		t.Fatal(err)
	}
	got, err := Parse(full().JSON())
	if err != nil || !reflect.DeepEqual(got, full()) {
		t.Errorf("%v\n%s", err, got.JSON())
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "unexpected EOF",
		"null":                             "null is no spec",
		"[]":                               "cannot unmarshal",
		`{"fields":[{"nam":"x"}]}`:         "unknown field",
		"{}{}":                             "more than one value",
		"{" + strings.Repeat(" ", MaxJSON): "more than 65536",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
}

// What is read is written the same again, and never breaks the checks.
func FuzzParse(f *testing.F) {
	f.Add(string(full().JSON()))
	f.Add(`{"fields":[{"name":"a","type":"int","source":[{"kind":"query","names":["a"]}],"transform":[{"kind":"regexp","pattern":"("}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse([]byte(text))
		if err != nil {
			return
		}
		valid := s.Validate() == nil
		again, err := Parse(s.JSON())
		if err != nil && valid {
			t.Fatalf("%s: %v", s.JSON(), err)
		}
		if valid && !reflect.DeepEqual(again, s) {
			t.Errorf("got %s, want %s", again.JSON(), s.JSON())
		}
		if !valid {
			return
		}
		if merged, changes, err := Evolve(s, s); err != nil || len(changes) > 0 || string(merged.JSON()) != string(s.JSON()) {
			t.Errorf("%s does not stay itself: %v, %v", s.JSON(), changes, err)
		}
	})
}
