package policy

import (
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"
)

// commands are the methods of cloud.Target behind each task.
var commands = map[Task][]string{
	Deploy:  {"Deploy"},
	Query:   {"Query"},
	Operate: {"Status", "Buffer", "SetBuffer", "Crawl", "Repair"},
	Purge:   {"Purge"},
	Destroy: {"Inventory", "Destroy"},
}

// never are operations that a task reaches in the code and not in life.
var never = map[Task]map[string]string{
	Operate: {
		"cloudformation:DeleteStack":        "only a stack that never completed is deleted to make room, and then nothing can be operated",
		"cloudformation:ListStackResources": "it goes with that deletion",
	},
}

// TestTasksCallWhatTheCodeCalls compares, both ways, the operations of each task
// with those that its methods reach in the code.
func TestTasksCallWhatTheCodeCalls(t *testing.T) {
	p := load(t)
	open := p.method(t, cloudPath+"/session", "", "Open")
	for task, methods := range commands {
		from := []*types.Func{open}
		for _, m := range methods {
			from = append(from, p.method(t, cloudPath, "Target", m))
		}
		code := p.reached(from...)
		for op, why := range never[task] {
			if !code[op] {
				t.Errorf("%s: %s is not reached: take out of never that %s", task, op, why)
			}
			delete(code, op)
		}
		if got, want := slices.Sorted(slices.Values(tasks[task])), slices.Sorted(maps.Keys(code)); !slices.Equal(got, want) {
			t.Errorf("%s: the code calls\n\t%s\nthe table has\n\t%s", task, strings.Join(want, " "), strings.Join(got, " "))
		}
	}
}
