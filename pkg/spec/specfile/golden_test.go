package specfile

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

// Every form of every key becomes the JSON that travels.
func TestGolden(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/hotel.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read("pixelctl.yaml", data)
	if err != nil {
		t.Fatal(err, fault.HintOf(err))
	}
	var got bytes.Buffer
	if err := json.Indent(&got, s.JSON(), "", "  "); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/hotel.json")
	if err != nil || got.String() != strings.TrimSpace(string(want)) {
		t.Errorf("%v: got\n%s\nwant\n%s", err, got.String(), want)
	}
}

// personal is true where the source or the hash says so, unless it is written.
func TestPersonal(t *testing.T) {
	t.Parallel()
	const hashed = ", transform: {sha256: 0123456789abcdef}"
	for field, want := range map[string]bool{
		"source: query:hotel":                      false,
		"source: cookie:plan":                      true,
		"source: header:X-Plan":                    true,
		"source: query:hotel" + hashed:             true,
		"source: cookie:plan, personal: false":     false,
		"source: query:hotel, personal: yes":       true,
		"source: query:h, personal: off" + hashed:  false,
		"source: query:hotel, retired: true":       false,
		"source: query:guest, personal: 'on'":      true,
		"source: [const:x], transform: [trim]":     false,
		"source: [query:a, cookie:a], default: no": true,
	} {
		s, err := Read("f", []byte("fields: [{name: a, type: string, "+field+"}]"))
		if err != nil || s.Fields[0].Personal != want {
			t.Errorf("%s: got %+v %v, want %v", field, s.Fields, err, want)
		}
	}
}

// What cannot be read is no YAML, too large, or of a form that has no meaning.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	field := func(more string) string {
		return "fields:\n  - name: a\n    type: string\n    source: query:a\n" + more
	}
	for _, c := range []struct{ text, want string }{
		{"drop: []\n---\ndrop: []\n", "f:2:1: a second document: one is enough"},
		{strings.Repeat("#", maxFile+1), "f: larger than 1048576 bytes"},
		{"drop: [city]\ndrop: [os]", `f:2:1: key "drop" is already set in line 1`},
		{field("    ? [x]\n    : y"), "f:5:7: fields[0]: a key must be a name"},
		{field("    required: ''"), "f:5:15: fields[0].required is empty"},
		{field("    default:"), "f:5:13: fields[0].default has no value"},
		{field("    default: [a]"), "f:5:14: fields[0].default takes a single value"},
		{field("    default: !!binary aGk="), `f:5:14: fields[0].default has a value of type "!!binary"`},
		{"stack: &x a\n" + field("    default: *x"), "f:6:14: fields[0].default: an alias of YAML"},
		{field("    transform: [trim, {ct: 3}]"), `f:5:24: fields[0].transform[1]: unknown key "ct"`},
		{field("    transform: [trim, {cut: 0}]"), "f:5:29: field a: cut 0, 1 to 1024 bytes are possible"},
		{field("    transform: {cut: x}"), `f:5:22: fields[0].transform[0].cut: "x" is no whole number`},
		{field("    transform: lower 3"), "f:5:16: fields[0].transform[0]: lower takes no value"},
		{field("    transform: {map: x}"), "f:5:22: fields[0].transform[0].map is no mapping of values"},
		{field("    transform: {map: {a: b, a: c}}"), `f:5:29: fields[0].transform[0].map: "a" is there twice`},
		{field("    transform: {regexp: '('}"), "f:5:25: field a: regexp: missing closing ): ("},
		{"privacy:\n  network_cookie: {}", "f:2:19: privacy.network_cookie names no days"},
		{"privacy:\n  consent: {without: drop}", "f:2:22: privacy.consent.without: drop without require would drop nothing"},
	} {
		if _, err := Read("f", []byte(c.text)); err == nil || err.Error() != c.want || fault.KindOf(err) != fault.Usage {
			t.Errorf("%.60q\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}

// What cannot be read is told once: the rules leave out what follows from it,
// and judge all the rest.
func TestRulesBesideMistakes(t *testing.T) {
	t.Parallel()
	const text = `fields:
  - {name: a, tpye: int, source: query:a}
  - {name: b, type: strng, source: query:b}
  - {name: C, type: sting, sorce: query:c}
  - {name: d, type: string, source: [qery:d, query:d, "header:Authorization"], transform: [uper, sha256]}
drop: [cty, event_id]
aliases: {motomo: off}
privacy: {ip: trunc, retention: soon, consent: {require: [x], without: keep}}
`
	want := []string{
		`f:2:15: fields[0]: unknown key "tpye"`,
		`f:3:21: field b: unknown type "strng"`,
		`f:4:12: field "C": a name is a to z, 0 to 9 and _, begins with a letter and has at most 40 characters`,
		`f:4:21: field C: unknown type "sting"`,
		`f:4:28: fields[2]: unknown key "sorce"`,
		`f:5:38: fields[3].source: unknown source "qery"`,
		`f:5:55: field d: header "Authorization" holds a password or a key`,
		`f:5:92: field d: unknown transform "uper"`,
		`f:5:98: fields[3].transform[1]: sha256 lacks its value`,
		`f:6:8: drop: unknown column "cty"`,
		"f:6:13: drop: column event_id cannot be left out: every record is counted, dated or told apart by it",
		`f:7:11: aliases: unknown key "motomo"`,
		`f:8:15: privacy.ip: unknown mode "trunc"`,
		`f:8:33: privacy.retention: "soon" is no number of days`,
		"f:8:58: privacy.consent.require takes a single value",
		`f:8:72: privacy.consent.without: unknown mode "keep"`,
	}
	var got []string
	for _, p := range Check("f", []byte(text)) {
		got = append(got, p.Place+": "+p.Message)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
