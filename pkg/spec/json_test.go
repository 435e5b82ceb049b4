package spec

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	const want = `{"fields":[` +
		`{"name":"hotel","type":"string","source":[{"kind":"query","names":["hotel","h"]},{"kind":"path","segment":2},{"kind":"const","value":"none"}],` +
		`"transform":[{"kind":"trim"},{"kind":"lower"},{"kind":"cut","n":64}],"default":"unknown","required":true,"description":"which house, in <short>"},` +
		`{"name":"guest","type":"string","source":[{"kind":"cookie","names":["guest"]}],"transform":[{"kind":"sha256","salt":"0123456789abcdef"}],"personal":true},` +
		`{"name":"lang","type":"string","source":[{"kind":"header","names":["Accept-Language"]}],"transform":[{"kind":"map","values":{"de":"German","fr":"French"}}]},` +
		`{"name":"room","type":"int","source":[{"kind":"page","names":["room"]}],"transform":[{"kind":"url-path"},{"kind":"regexp","pattern":"^/(\\d+)$"}]},` +
		`{"name":"old_price","type":"double","retired":true}],` +
		`"drop":["city","region"],"allow_params":["plan","page size"],"deny_params":["email"],"sites":["shop","blog"],"aliases_off":["matomo"],` +
		`"privacy":{"ip":"hash","user":"hash","visitor":"daily","user_agent":"class","referrer":"origin","gpc":"drop","dnt":"strip",` +
		`"consent":{"require":"gdpr_consent","without":"strip"},"network_cookie":true,"cookie_days":30,"retention_days":395}}`
	if got := string(full().JSON()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(Spec{Sites: []string{}}.JSON()); got != "{}" {
		t.Errorf("zero: %s", got)
	}
	for _, s := range []Spec{{}, full()} {
		got, err := Parse(s.JSON())
		if err != nil || !reflect.DeepEqual(got, s) {
			t.Errorf("got %+v %v, want %+v", got, err, s)
		}
	}
}

// Zero days is a wish of its own: for ever.
func TestJSONKeepsZeroDays(t *testing.T) {
	t.Parallel()
	zero := 0
	s := Spec{Privacy: Privacy{RetentionDays: &zero}}
	got, err := Parse(s.JSON())
	if err != nil || got.Privacy.RetentionDays == nil || *got.Privacy.RetentionDays != 0 {
		t.Errorf("%s became %+v %v", s.JSON(), got, err)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "read spec: unexpected EOF",
		"{":                         "read spec: unexpected EOF",
		"null":                      "read spec: null is no spec",
		"[]":                        "read spec: json: cannot unmarshal array into Go value of type spec.Spec",
		`{"feilds":[]}`:             `read spec: json: unknown field "feilds"`,
		`{"privacy":{"ipp":""}}`:    `read spec: json: unknown field "ipp"`,
		"{} {}":                     "read spec: more than one value",
		strings.Repeat(" ", 65_537): "read spec: 65537 bytes, more than 65536",
	} {
		if _, err := Parse([]byte(text)); err == nil || err.Error() != want || fault.KindOf(err) != fault.Failed {
			t.Errorf("%.40q: got %v, want %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("{}"))
	f.Add(full().JSON())
	f.Add([]byte(`{"fields":[{"name":"","type":"","transform":[{"kind":"map","values":{}}],"source":[{"names":[]}]}],"drop":[]}`))
	f.Add([]byte(`{"fields":[{"name":"hotel","type":"string","source":[{"kind":"const","value":"\ud800"}]}],"privacy":{"retention_days":0}}`))
	f.Add([]byte(`{"drop":null,"DROP":["ip"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			return
		}
		again, err := Parse(s.JSON())
		if len(s.JSON()) > MaxJSON {
			return // quotes can make the one form longer than what was read
		}
		if err != nil || !reflect.DeepEqual(again, s) || !bytes.Equal(again.JSON(), s.JSON()) {
			t.Fatalf("%s became %s: %v", s.JSON(), again.JSON(), err)
		}
		invalid := len(s.Problems()) > 0
		if (s.Validate() != nil) != invalid {
			t.Error("Validate and Problems differ")
		}
		if invalid {
			return
		}
		if merged, changes, err := Evolve(s, s); err != nil || len(changes) > 0 || !reflect.DeepEqual(merged, s) {
			t.Errorf("%s changed into itself: %v %v", s.JSON(), changes, err)
		}
		s.Schema().Columns()
	})
}
