package lake

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
)

var (
	nine = Hour{2026, 7, 5, 9}
	ten  = Hour{2026, 7, 5, 10}
	next = Hour{2027, 1, 1, 0}
)

func TestCatalogAddAndDrop(t *testing.T) {
	c := NewCatalog("lake/data/", event.Schema{})
	columns := slices.Clone(c.Columns)
	for _, step := range []struct {
		name          string
		add, drop     []Hour
		changed, left []Hour
	}{
		{name: "nothing", left: []Hour{}},
		{name: "out of order, twice", add: []Hour{next, nine, next}, changed: []Hour{nine, next}, left: []Hour{nine, next}},
		{name: "again", add: []Hour{nine, next}, left: []Hour{nine, next}},
		{name: "one more", add: []Hour{ten, nine}, changed: []Hour{ten}, left: []Hour{nine, ten, next}},
		{name: "drop", drop: []Hour{next, nine, nine}, changed: []Hour{nine, next}, left: []Hour{ten}},
		{name: "drop again", drop: []Hour{next, nine}, left: []Hour{ten}},
	} {
		changed := slices.Concat(c.Add(step.add), c.Drop(step.drop))
		if !slices.Equal(changed, step.changed) || !slices.Equal(c.Hours(), step.left) {
			t.Errorf("%s: changed %v, left %v", step.name, changed, c.Hours())
		}
	}
	if !c.Has(ten) || c.Has(nine) {
		t.Error("Has differs from what is left")
	}
	if want := "lake/data/year=2026/month=7/day=5/hour=10"; c.Partitions[0].Location != want {
		t.Errorf("location %s, want %s", c.Partitions[0].Location, want)
	}
	if !slices.Equal(c.Columns, columns) {
		t.Error("adding changed columns")
	}
}

func TestCatalogAddKeepsTheCallersOrder(t *testing.T) {
	hours := []Hour{next, nine}
	NewCatalog("data", event.Schema{}).Add(hours)
	if !slices.Equal(hours, []Hour{next, nine}) {
		t.Errorf("the caller's hours became %v", hours)
	}
}

func TestCatalogKeepsOtherColumns(t *testing.T) {
	c := NewCatalog("data", event.Schema{})
	c.Columns = c.Columns[:7] // an older release wrote this
	c.Add([]Hour{nine})
	back := recode(t, c)
	if len(back.Columns) != 7 {
		t.Errorf("%d columns", len(back.Columns))
	}
}

func TestCatalogEncode(t *testing.T) {
	c := NewCatalog("s3://bucket/data", event.Schema{})
	c.Add([]Hour{next, nine})
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "catalog.json", string(data))
	if back := recode(t, c); !reflect.DeepEqual(back, c) {
		t.Errorf("got %+v", back)
	}
	other := NewCatalog("s3://bucket/data/", event.Schema{})
	other.Add([]Hour{nine})
	other.Add([]Hour{next})
	if again, err := other.Encode(); err != nil || !bytes.Equal(again, data) {
		t.Errorf("the same catalog has other bytes: %v", err)
	}
}

// recode encodes and decodes c.
func recode(t *testing.T, c *Catalog) *Catalog {
	t.Helper()
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := DecodeCatalog(data)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestEncodeRefuses(t *testing.T) {
	c := NewCatalog("data", event.Schema{})
	c.Add([]Hour{{2026, 13, 1, 0}})
	if data, err := c.Encode(); err == nil {
		t.Errorf("wrote %s", data)
	}
}

func TestDecodeCatalogRefuses(t *testing.T) {
	c := NewCatalog("data", event.Schema{})
	c.Add([]Hour{nine, ten})
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	for _, c := range []struct{ name, from, to, want string }{
		{"newer version", `"version": 1`, `"version": 2`, "version 2, want 1"},
		{"other table", `"table": "tp_hits"`, `"table": "tp_other"`, "want pixelctl.tp_hits"},
		{"no location", `"location": "data"`, `"location": ""`, "no location"},
		{"unknown field", `"version": 1`, `"version": 1, "owner": "x"`, "unknown field"},
		{"padded hour", `"hour": "year=2026/month=7`, `"hour": "year=2026/month=07`, "padded"},
		{"no such hour", `"hour": "year=2026/month=7`, `"hour": "year=2026/month=77`, "no such hour"},
		{"hour is no text", `"hour": "year=2026/month=7/day=5/hour=9"`, `"hour": 9`, "cannot unmarshal"},
		{"elsewhere", `"location": "data/year`, `"location": "/etc/year`, "location"},
		{"twice", "hour=10", "hour=9", "there twice"},
		{"not by time", "hour=9", "hour=11", "not by time"},
		{"column twice", `"name": "event_id"`, `"name": "schema_version"`, "there twice"},
		{"column without type", `"type": "boolean"`, `"type": ""`, "no type"},
		{"string keys", `"name": "year",` + "\n" + `      "type": "int"`, `"name": "year",` + "\n" + `      "type": "string"`, "partition keys"},
		{"partitions null", good[strings.Index(good, `"partitions": [`):], `"partitions": null}`, "no list of partitions"},
		{"more follows", "\n}\n", "\n}\n{}", "more follows"},
		{"cut short", good[len(good)/2:], "", "unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := strings.ReplaceAll(good, c.from, c.to)
			if bad == good {
				t.Fatal("the case changes nothing")
			}
			_, err := DecodeCatalog([]byte(bad))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "decode catalog: ") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	for _, bad := range []string{"", "null", "{}", "[]", "\x00", "true", strings.Repeat("[", 100_000)} {
		if _, err := DecodeCatalog([]byte(bad)); err == nil {
			t.Errorf("%.20q is a catalog", bad)
		}
	}
	if _, err := DecodeCatalog(make([]byte, MaxCatalog+1)); err == nil {
		t.Error("a catalog of any size is read")
	}
}

func TestColumnsAreTheRecords(t *testing.T) {
	var got []string
	for _, c := range Columns(event.Schema{}) {
		got = append(got, c.Name)
	}
	if !slices.Equal(got, (event.Schema{}).Names()) {
		t.Errorf("got %v", got)
	}
	for _, k := range PartitionKeys() {
		if k.Type != "int" || slices.Contains(got, k.Name) {
			t.Errorf("partition key %s %s: no int, or a column of the record too", k.Name, k.Type)
		}
	}
}

func FuzzDecodeCatalog(f *testing.F) {
	c := NewCatalog("data", event.Schema{})
	c.Columns = c.Columns[:2]
	c.Add([]Hour{nine, ten})
	good, err := c.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-10])
	f.Add([]byte(`{"version":1,"partitions":[{"hour":"year=1/month=1/day=1/hour=0"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeCatalog(data)
		if err != nil {
			return
		}
		if back := recode(t, c); !reflect.DeepEqual(back, c) {
			t.Errorf("got %+v, want %+v", back, c)
		}
		hours := c.Hours()
		if added := c.Add(hours); len(added) != 0 {
			t.Errorf("added %v again", added)
		}
		if dropped := c.Drop(hours); !slices.Equal(dropped, hours) || len(c.Partitions) != 0 {
			t.Errorf("dropped %v of %v", dropped, hours)
		}
	})
}
