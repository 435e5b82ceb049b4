package pipelinetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// tailHits sends hits of two sites and looks at the newest ones through filters.
func tailHits(t *testing.T, h Harness) {
	d := deploy(t, h)
	for i := range 4 {
		mustRecord(t, get(t, h, d.Endpoint+fmt.Sprintf("/p.gif?site=s%d&label=n%d&colour=it's&value=%d.5", i%2, i, i)))
		h.Pass(2 * time.Millisecond)
	}
	settle(t, h)
	for _, c := range []struct {
		lines   int
		filters []string
		want    []string
	}{
		{10, nil, []string{"n0", "n1", "n2", "n3"}},
		{2, nil, []string{"n2", "n3"}},
		{10, []string{"site=s1"}, []string{"n1", "n3"}},
		{1, []string{"site!=s1"}, []string{"n2"}},
		{10, []string{"label~N3"}, []string{"n3"}},
		{10, []string{"label!~3", "site=s1"}, []string{"n1"}},
		{10, []string{"params.colour=it's", "value=2.5"}, []string{"n2"}},
		{10, []string{"params.size!=x", "is_bot!=true", "value!=0.5"}, []string{"n1", "n2", "n3"}},
		{10, []string{"utm_campaign~x"}, nil},
	} {
		if got := labels(tailOnce(t, h, c.lines, c.filters...)); !slices.Equal(got, c.want) {
			t.Errorf("the last %d of %q are %q, want %q", c.lines, c.filters, got, c.want)
		}
	}
	tail := tailOnce(t, h, 1)
	if got := tail.Rows[0][tail.Column("params")]; fmt.Sprint(got) != fmt.Sprint(query.Pairs{{Key: "colour", Value: "it's"}}) {
		t.Errorf("params are %v", got)
	}
	wrong := pipeline.TailOptions{Lines: 1, Filters: filtersOf(t, "sites=s1")}
	if err := h.Pipeline.Tail(t.Context(), wrong, nil); fault.KindOf(err) != fault.Usage || fault.HintOf(err) != "did you mean site?" {
		t.Errorf("a wrong column: %v, hint %q", err, fault.HintOf(err))
	}
}

func filtersOf(t *testing.T, texts ...string) (all []query.Filter) {
	t.Helper()
	for _, s := range texts {
		f, err := query.ParseFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

func tailOnce(t *testing.T, h Harness, lines int, filters ...string) (last pipeline.Tail) {
	t.Helper()
	err := h.Pipeline.Tail(t.Context(), pipeline.TailOptions{Lines: lines, Filters: filtersOf(t, filters...)}, func(tail pipeline.Tail) error {
		last = tail
		return nil
	})
	if err != nil {
		t.Fatalf("tail: %v", err)
	}
	return last
}

func labels(tail pipeline.Tail) (all []string) {
	for _, row := range tail.Rows {
		s, _ := row[tail.Column("label")].(string)
		all = append(all, s)
	}
	return all
}

// tailFollows shows each record once, those that come later too, until it is told
// to end.
func tailFollows(t *testing.T, h Harness) {
	d := deploy(t, h)
	send := func(label string) {
		mustRecord(t, get(t, h, d.Endpoint+"/p.gif?site=s&label="+label))
		settle(t, h)
	}
	send("first")
	send("second")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var shown []string
	err := h.Pipeline.Tail(ctx, pipeline.TailOptions{Lines: 1, Follow: true}, func(tail pipeline.Tail) error {
		shown = append(shown, labels(tail)...)
		switch len(shown) {
		case 1:
			send("third")
			send("fourth")
		case 3:
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || !slices.Equal(shown, []string{"second", "third", "fourth"}) {
		t.Errorf("shown were %q, and it ended by %v", shown, err)
	}
}
