package stack

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestApplyWithdrawsWhatAReviewRefuses(t *testing.T) {
	refused := errors.New("refused")
	for _, tt := range []struct {
		name   string
		answer error
		ops    []string
	}{
		{"agreed", nil, []string{"CreateChangeSet", "ExecuteChangeSet"}},
		{"refused", refused, []string{"CreateChangeSet", "DeleteChangeSet"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScript(t, map[string][]string{
				"DescribeStacks":  {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_IN_PROGRESS"), ours("UPDATE_COMPLETE")},
				"CreateChangeSet": {proposed}, "DescribeChangeSet": {set}, "GetTemplate": {goodBody},
				"DescribeStackEvents": {noEvents, events(
					event(1, "", "UPDATE_IN_PROGRESS", "User Initiated", "TOKEN"), event(2, "", "UPDATE_COMPLETE", "", "TOKEN"),
				)},
			})
			var seen []Change
			done, err := s.engine().Apply(t.Context(), Input{Template: []byte(body), Review: func(_ context.Context, list []Change) error {
				seen = list
				return tt.answer
			}}, s.sink)
			if !errors.Is(err, tt.answer) || done.Changed != (tt.answer == nil) {
				t.Errorf("got %+v, %v", done, err)
			}
			if len(seen) == 0 {
				t.Error("the review saw no changes")
			}
			if ops := s.ops(); !slices.Equal(ops, tt.ops) {
				t.Errorf("calls %q, want %q", ops, tt.ops)
			}
		})
	}
}
