package awsfake

import (
	"slices"
	"sync"
)

// Call is one call that came in, or that one service made of another.
type Call struct {
	Service, Operation string
	N                  int  // of all calls, from 1
	Inner              bool // made by the function or a schedule, not by a client
}

// calls are the log and the hooks.
type calls struct {
	lock  sync.Mutex
	log   []Call
	hooks []func(Call)
}

func (c *calls) add(call Call) {
	c.lock.Lock()
	call.N = len(c.log) + 1
	c.log = append(c.log, call)
	hooks := c.hooks
	c.lock.Unlock()
	for _, hook := range hooks {
		hook(call)
	}
}

// Calls gives every call so far, in order.
func (f *Fake) Calls() []Call {
	f.calls.lock.Lock()
	defer f.calls.lock.Unlock()
	return append([]Call(nil), f.calls.log...)
}

// OnCall adds a hook that runs before each call takes effect.
func (f *Fake) OnCall(hook func(Call)) {
	f.calls.lock.Lock()
	defer f.calls.lock.Unlock()
	f.calls.hooks = append(slices.Clip(f.calls.hooks), hook)
}

// Fail makes calls go wrong.
func (f *Fake) Fail(fault Fault) {
	f.faults.add(fault)
}
