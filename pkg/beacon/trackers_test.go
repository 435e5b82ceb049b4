package beacon

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"pixelctl/pkg/spec"
)

var update = flag.Bool("update", false, "write the expected columns of testdata/trackers anew, to be read before they are committed")

// leastCases is how many requests stand for a tracker.
const leastCases = 5

// TestTrackers replays requests as trackers send them, from testdata/trackers:
// one file for each family of names, once as it is and once with the family
// switched off.
func TestTrackers(t *testing.T) {
	for _, family := range spec.Families() {
		t.Run(family, func(t *testing.T) {
			file := filepath.Join("testdata", "trackers", family+".txtar")
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cases := casesOf(archive)
			if len(cases) < leastCases {
				t.Errorf("%d cases, want %d", len(cases), leastCases)
			}
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) { c.replay(t, family) })
			}
			// Names that others use as well make no difference, but some do.
			if !slices.ContainsFunc(cases, func(c *tracked) bool { return c.off != "" }) {
				t.Error("the family makes no difference")
			}
			if *update {
				write(t, file, archive.Comment, cases)
			}
		})
	}
}

// tracked is one case: where the request comes from, the request, the columns
// that it fills, and those that differ with the family off.
type tracked struct {
	name                         string
	source, request, record, off string
}

func casesOf(a *txtar.Archive) []*tracked {
	var cases []*tracked
	for _, f := range a.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		if len(cases) == 0 || cases[len(cases)-1].name != name {
			cases = append(cases, &tracked{name: name})
		}
		c, text := cases[len(cases)-1], string(f.Data)
		switch part {
		case "source":
			c.source = text
		case "request":
			c.request = text
		case "record":
			c.record = text
		case "off":
			c.off = text
		}
	}
	return cases
}

func write(t *testing.T, file string, comment []byte, cases []*tracked) {
	t.Helper()
	a := txtar.Archive{Comment: comment}
	for _, c := range cases {
		a.Files = append(a.Files,
			txtar.File{Name: c.name + "/source", Data: []byte(c.source)}, txtar.File{Name: c.name + "/request", Data: []byte(c.request)},
			txtar.File{Name: c.name + "/record", Data: []byte(c.record)}, txtar.File{Name: c.name + "/off", Data: []byte(c.off)})
	}
	if err := os.WriteFile(file, txtar.Format(&a), 0o600); err != nil {
		t.Fatal(err)
	}
}

// replay compares the one record of the request, and that with the family off.
func (c *tracked) replay(t *testing.T, family string) {
	t.Helper()
	if strings.TrimSpace(c.source) == "" {
		t.Error("no source is named")
	}
	on := c.columns(t, spec.Spec{})
	off := c.columns(t, spec.Spec{AliasesOff: []string{family}})
	gotRecord, gotOff := lines(on), differences(on, off)
	if *update {
		c.record, c.off = gotRecord, gotOff
		return
	}
	if gotRecord != c.record {
		t.Errorf("record:\n%swant:\n%s", gotRecord, c.record)
	}
	if gotOff != c.off {
		t.Errorf("with the family off:\n%swant:\n%s", gotOff, c.off)
	}
}

// ours are columns that no tracker's request fills.
const ours = " schema_version event_id received_at client_class ip ip_mode user_agent language browser browser_version os os_version device" +
	" is_bot bot_reason dnt gpc status method host path truncated collector "

// columns gives the columns that the request fills, those of params as
// params.key.
func (c *tracked) columns(t *testing.T, s spec.Spec) map[string]string {
	t.Helper()
	out := answerWith(s, c.parse(t))
	if len(out.Records) != 1 {
		t.Fatalf("%d records, want 1", len(out.Records))
	}
	columns := map[string]string{}
	for name, value := range row(t, &out.Records[0]) {
		if params, ok := value.(map[string]any); ok {
			for k, v := range params {
				columns["params."+k] = fmt.Sprint(v)
			}
		} else if !strings.Contains(ours, " "+name+" ") {
			columns[name] = number(t, value)
		}
	}
	return columns
}

func number(t *testing.T, value any) string {
	t.Helper()
	if s, ok := value.(string); ok {
		return s
	}
	b, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// parse reads a request; its own path is that of the tracker.
func (c *tracked) parse(t *testing.T) *Request {
	t.Helper()
	head, body, _ := strings.Cut(c.request, "\n\n")
	first, rest, _ := strings.Cut(strings.TrimRight(head, "\n"), "\n")
	wire := first + " HTTP/1.1\r\nHost: px.example.com\r\n" + strings.ReplaceAll(rest, "\n", "\r\n")
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.TrimRight(wire, "\r\n") + "\r\n\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		t.Fatal(err)
	}
	req := newRequest(r.URL.RawQuery)
	req.Method, req.Header, req.Body = r.Method, r.Header, bytes.TrimSpace([]byte(body))
	return req
}

func lines(columns map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		fmt.Fprintf(&b, "%s: %s\n", name, columns[name])
	}
	return b.String()
}

// differences gives the lines that differ; a column that is gone has a minus.
func differences(on, off map[string]string) string {
	changed := map[string]string{}
	for name, value := range off {
		if before, ok := on[name]; !ok || before != value {
			changed[name] = value
		}
	}
	var gone strings.Builder
	for _, name := range slices.Sorted(maps.Keys(on)) {
		if _, ok := off[name]; !ok {
			gone.WriteString("-" + name + "\n")
		}
	}
	return gone.String() + lines(changed)
}
