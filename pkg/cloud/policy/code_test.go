package policy

import (
	"go/types"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
)

// commands are the methods of cloud.Target behind each task.
var commands = map[Task][]string{
	Deploy:  {"Deploy"},
	Query:   {"Query", "Estimate", "Trace", "Tail"},
	Operate: {"Status", "Buffer", "SetBuffer", "Crawl", "Repair", "Kept", "Usage"},
	Errors:  {"Errors", "ReplayErrors"},
	Purge:   {"Purge", "FindSubject", "ExportSubject", "EraseSubject", "Compact"},
	Destroy: {"Inventory", "Destroy"},
}

// never are operations that a task reaches in the code and not in life.
var never = map[Task]map[string]string{
	Operate: {
		"cloudformation:DeleteStack":        "only a stack that never completed is deleted to make room, and then nothing can be operated",
		"cloudformation:ListStackResources": "it goes with that deletion",
	},
	Errors: {
		"cloudformation:ListChangeSets": "whose a stack in review is, they tell; it has no data yet",
	},
	Purge: {
		"cloudformation:ListChangeSets": "whose a stack in review is, they tell; it has no data yet",
	},
	Destroy: {
		"cloudformation:ContinueUpdateRollback": "a stack in such a state is deleted as it is",
		"cloudformation:RollbackStack":          "a stack in such a state is deleted as it is",
	},
}

func TestCode(t *testing.T) {
	p := load(t)
	t.Run("tasks", func(t *testing.T) { tasksCallWhatTheCodeCalls(t, p) })
	t.Run("calls", func(t *testing.T) { everyCallIsKnown(t, p) })
	t.Run("clients", func(t *testing.T) { onlyKnownWaysToAWS(t, p) })
}

// tasksCallWhatTheCodeCalls compares, both ways, the operations of each task
// with those that its methods reach in the code.
func tasksCallWhatTheCodeCalls(t *testing.T, p *program) {
	t.Helper()
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
		compare(t, string(task), slices.Values(tasks[task]), maps.Keys(code))
	}
}

// everyCallIsKnown compares, both ways, the operations that stand anywhere
// in the code of the target with the table of their actions.
func everyCallIsKnown(t *testing.T, p *program) {
	t.Helper()
	compare(t, "calls", maps.Keys(calls), maps.Keys(p.reached(slices.Collect(maps.Keys(p.funcs))...)))
}

func compare(t *testing.T, what string, table, code iter.Seq[string]) {
	t.Helper()
	got, want := slices.Sorted(table), slices.Sorted(code)
	for _, op := range want {
		if _, known := slices.BinarySearch(got, op); !known {
			t.Errorf("%s: the code calls %s, the table has it not", what, op)
		}
	}
	for _, op := range got {
		if _, called := slices.BinarySearch(want, op); !called {
			t.Errorf("%s: the table has %s, no code calls it", what, op)
		}
	}
	if len(want) == 0 {
		t.Errorf("%s: no call found in the code", what)
	}
}

// onlyKnownWaysToAWS keeps out what this test would not see: clients that
// call operations by themselves.
func onlyKnownWaysToAWS(t *testing.T, p *program) {
	t.Helper()
	for _, pkg := range p.all {
		for _, i := range pkg.Imports() {
			if strings.HasPrefix(i.Path(), "github.com/aws/aws-sdk-go-v2/feature/") && !strings.HasSuffix(i.Path(), "/ec2/imds") {
				t.Errorf("%s imports %s, whose calls nobody looks at here", pkg.Path(), i.Path())
			}
		}
	}
}
