package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

// failing is an answer that names entries with a code.
func failing(code string, list ...[]string) any {
	all := []any{}
	for _, values := range list {
		all = append(all, map[string]any{"PartitionValues": values, "ErrorDetail": map[string]any{"ErrorCode": code}})
	}
	return map[string]any{"Errors": all}
}

func many(t *testing.T, n int) []lake.Hour {
	t.Helper()
	var all []lake.Hour
	for i := range n {
		all = append(all, hour(t, fmt.Sprintf("year=2026/month=7/day=%d/hour=%d", 1+i/24, i%24)))
	}
	return all
}

func sizes(calls []map[string]any, field string) []int {
	var all []int
	for _, c := range calls {
		list, _ := c[field].([]any)
		all = append(all, len(list))
	}
	return all
}

func TestRegister(t *testing.T) {
	nine, eight := values(lake.Hour{Year: 2026, Month: 7, Day: 1, Hour: 9}), values(lake.Hour{Year: 2026, Month: 7, Day: 1, Hour: 8})
	for _, c := range []struct {
		name    string
		hours   int
		answers []any
		sizes   []int
		added   int
		left    []string
	}{
		{"none", 0, []any{failing("")}, nil, 0, nil},
		{"one", 1, []any{failing("")}, []int{1}, 1, nil},
		{"a hundred a call", 250, []any{failing("")}, []int{100, 100, 50}, 250, nil},
		{"already there", 20, []any{failing("AlreadyExistsException", nine, eight)}, []int{20}, 18, nil},
		{"passes on the second try", 20, []any{failing("InternalServiceException", nine), failing("")}, []int{20, 1}, 20, nil},
		{"there on the second try", 20, []any{failing("InternalServiceException", nine), failing("AlreadyExistsException", nine)}, []int{20, 1}, 19, nil},
		{
			"refused twice", 20,
			[]any{failing("ResourceNumberLimitExceededException", eight, nine), failing("ResourceNumberLimitExceededException", nine)},
			[]int{20, 2},
			19,
			[]string{"year=2026/month=7/day=1/hour=9: ResourceNumberLimitExceededException"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(t)
			s.on("BatchCreatePartition", c.answers...)
			added, err := s.engine().Register(t.Context(), many(t, c.hours), "s3://lake/data/")
			if len(added) != c.added || !slices.IsSortedFunc(added, lake.Hour.Compare) && c.left == nil && len(c.sizes) == 1 {
				t.Errorf("added %d", len(added))
			}
			if got := sizes(s.made("BatchCreatePartition"), "PartitionInputList"); !slices.Equal(got, c.sizes) {
				t.Errorf("calls of %v", got)
			}
			if !slices.Equal(fault.LeftOf(err), c.left) || (err != nil) != (c.left != nil) {
				t.Errorf("%v, left %q", err, fault.LeftOf(err))
			}
			if err != nil && fault.KindOf(err) != fault.Partial {
				t.Errorf("kind %d", fault.KindOf(err))
			}
		})
	}
}

// A partition takes the table's format; one under a padded name alone gets the
// unpadded values and the place where it is.
func TestRegisterPlaces(t *testing.T) {
	s := newScript(t)
	s.on("BatchCreatePartition", failing(""))
	e := s.engine()
	missing, _, err := e.Discover(t.Context(), &tree{dirs: []string{july5h8, padded9}}, nil, lake.Hour{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Register(t.Context(), missing, "s3://lake/data"); err != nil {
		t.Fatal(err)
	}
	list, _ := s.made("BatchCreatePartition")[0]["PartitionInputList"].([]any)
	got := fmt.Sprint(list...)
	for _, want := range []string{"Location:s3://lake/data/" + july5h8 + "/", "Location:s3://lake/data/" + padded9 + "/", "[2026 7 5 8]", "[2026 7 5 9]", "SerializationLibrary:serde", "InputFormat:in", "Name:event"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if strings.Contains(got, "[2026 07") {
		t.Errorf("padded values in %s", got)
	}
}

func TestRegisterFails(t *testing.T) {
	s := newScript(t)
	s.on("BatchCreatePartition", failing(""), wire.Error{Code: "AccessDeniedException", Message: "no"})
	added, err := s.engine().Register(t.Context(), many(t, 150), "s3://lake/data/")
	if len(added) != 100 || fault.KindOf(err) != fault.Credentials {
		t.Errorf("added %d, %v", len(added), err)
	}
}

func TestPrune(t *testing.T) {
	s := newScript(t)
	s.on("GetPartitions", partitions("", july5h9, padded9, padded6, july5h8))
	s.on("BatchDeletePartition", failing("EntityNotFoundException", []string{"2026", "7", "5", "6"}, []string{"2026", "7", "5", "8"}))
	e := s.engine()
	if _, _, err := e.Hours(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	dropped, err := e.Prune(t.Context(), hours(t, july5h9, padded6, july5h8))
	if err != nil || !slices.Equal(dropped, hours(t, padded6, july5h9)) {
		t.Errorf("dropped %v, %v", dropped, err)
	}
	got := fmt.Sprint(s.made("BatchDeletePartition")[0]["PartitionsToDelete"])
	const want = "[map[Values:[2026 7 5 6]] map[Values:[2026 07 05 06]] map[Values:[2026 7 5 8]] map[Values:[2026 7 5 9]] map[Values:[2026 07 05 09]]]"
	if got != want {
		t.Errorf("dropped %s", got)
	}
}

func TestPruneBatches(t *testing.T) {
	s := newScript(t)
	refused := values(lake.Hour{Year: 2026, Month: 7, Day: 1, Hour: 0})
	s.on("BatchDeletePartition", failing("InternalServiceException", refused), failing("InternalServiceException", refused), failing(""))
	dropped, err := s.engine().Prune(t.Context(), many(t, 60))
	if got := sizes(s.made("BatchDeletePartition"), "PartitionsToDelete"); !slices.Equal(got, []int{25, 1, 25, 10}) {
		t.Errorf("calls of %v", got)
	}
	if len(dropped) != 59 || fault.KindOf(err) != fault.Partial || len(fault.LeftOf(err)) != 1 {
		t.Errorf("dropped %d, %v", len(dropped), err)
	}
}
