package catalog

import (
	"slices"
	"testing"

	"pixelctl/pkg/lake"
)

func TestDiscover(t *testing.T) {
	whole := []string{old, july4, july5h7, july5h8, july5h9, october, "_temporary/0", "year=2026/month=7/day=5/hour=x", "year=2026/month=13/day=1/hour=1"}
	for _, c := range []struct {
		name           string
		dirs           []string
		known          []string
		since          string // "" is the whole lake
		missing, twice []string
		lists          int
	}{
		{name: "empty lake", lists: 1},
		{name: "steady state", dirs: []string{old, july4, july5h7, july5h8, july5h9}, known: []string{july5h8, july5h9}, since: july5h8, lists: 4},
		{name: "new hour", dirs: []string{old, july4, july5h8, july5h9}, known: []string{july5h8}, since: july5h8, missing: []string{july5h9}, lists: 4},
		{name: "late hour before the newest", dirs: []string{july4, july5h8, july5h9}, known: []string{july5h9}, since: july5h9, missing: []string{july5h8}, lists: 4},
		{name: "month of more digits", dirs: []string{july5h9, october}, known: []string{july5h9}, since: july5h9, missing: []string{october}, lists: 6},
		{name: "around midnight", dirs: []string{july4, "year=2026/month=7/day=5/hour=0"}, known: []string{"year=2026/month=7/day=5/hour=0"}, since: "year=2026/month=7/day=5/hour=0", missing: []string{july4}, lists: 5},
		{name: "new year", dirs: []string{old, "year=2026/month=1/day=1/hour=0"}, known: []string{old}, since: old, missing: []string{"year=2026/month=1/day=1/hour=0"}, lists: 7},
		{name: "whole lake", dirs: whole, known: []string{july4}, missing: []string{old, july5h7, july5h8, july5h9, october}, lists: 1 + 2 + 4 + 5},
		{name: "both names", dirs: []string{july5h9, padded9}, missing: []string{july5h9}, twice: []string{padded9}, lists: 6},
		{name: "padded name of a known hour", dirs: []string{padded9}, known: []string{july5h9}, twice: []string{padded9}, lists: 4},
		{name: "padded alone", dirs: []string{padded9}, missing: []string{july5h9}, twice: []string{padded9}, lists: 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &tree{dirs: c.dirs}
			var since lake.Hour
			if c.since != "" {
				since = hour(t, c.since)
			}
			missing, twice, err := newScript(t).engine().Discover(t.Context(), b, hours(t, c.known...), since)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(missing, hours(t, c.missing...)) || !slices.Equal(twice, c.twice) {
				t.Errorf("missing %v, padded %v", missing, twice)
			}
			if len(b.lists) != c.lists {
				t.Errorf("%d listings, want %d: %q", len(b.lists), c.lists, b.lists)
			}
		})
	}
}

func TestGone(t *testing.T) {
	s := newScript(t)
	s.on("GetPartitions", map[string]any{"Partitions": []any{
		map[string]any{"Values": []string{"2026", "7", "5", "7"}, "StorageDescriptor": map[string]any{"Location": "s3://elsewhere/x"}},
		map[string]any{"Values": []string{"2026", "7", "5", "8"}, "StorageDescriptor": map[string]any{"Location": "s3://lake/data/" + july5h8}},
	}})
	e := s.engine()
	if _, _, err := e.Hours(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	registered := hours(t, july4, july5h7, july5h8, july5h9)
	got, err := e.Gone(t.Context(), &tree{dirs: []string{july4, padded9}}, registered)
	if err != nil || !slices.Equal(got, hours(t, july5h8)) {
		t.Errorf("gone %v, %v", got, err)
	}
}

func TestHours(t *testing.T) {
	s := newScript(t)
	s.on("GetPartitions", partitions("next", july5h9, padded9, old), partitions("", padded6, "year=2026/month=x/day=1/hour=1"))
	got, twice, err := s.engine().Hours(t.Context(), "year = 2026")
	if err != nil || !slices.Equal(got, hours(t, old, padded6, july5h9)) || !slices.Equal(twice, []string{padded6, padded9}) {
		t.Errorf("%v, %v, %v", got, twice, err)
	}
	calls := s.made("GetPartitions")
	if len(calls) != 2 || calls[1]["NextToken"] != "next" {
		t.Fatalf("calls %v", calls)
	}
	if in := calls[0]; in["ExcludeColumnSchema"] != true || in["MaxResults"] != float64(1000) || in["Expression"] != "year = 2026" {
		t.Errorf("asked %v", in)
	}
}

func TestNewest(t *testing.T) {
	for _, c := range []struct {
		name  string
		pages []any
		want  []string
		calls int
	}{
		{"today", []any{partitions("", july4, july5h7, july5h8, july5h9)}, []string{july5h8, july5h9}, 1},
		{"a gap", []any{partitions("", july5h7, july5h9)}, []string{july5h9}, 1},
		{"long ago", []any{partitions(""), partitions("", old)}, []string{old}, 2},
		{"none", []any{partitions("")}, nil, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(t)
			s.on("GetPartitions", c.pages...)
			got, err := s.engine().Newest(t.Context())
			if err != nil || !slices.Equal(got, hours(t, c.want...)) {
				t.Errorf("%v, %v", got, err)
			}
			calls := s.made("GetPartitions")
			const days = "(year = 2026 AND month = 7 AND day = 4) OR (year = 2026 AND month = 7 AND day = 5) OR (year = 2026 AND month = 7 AND day = 6)"
			if len(calls) != c.calls || calls[0]["Expression"] != days {
				t.Errorf("%d calls, first %v", len(calls), calls[0])
			}
		})
	}
}
