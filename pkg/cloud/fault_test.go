package cloud_test

import (
	"fmt"
	"testing"

	"pixelctl/pkg/awsfake"
)

// Each call that changes something takes effect and its answer is lost: the call
// that repeats it finds its own work.
func TestAnswerLostAtEveryCall(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range o.calls(t).changes {
				t.Run(fmt.Sprintf("call %d", n), func(t *testing.T) {
					t.Parallel()
					o.endures(t, "", awsfake.Fault{Nth: n, Reset: true, After: true})
				})
			}
		})
	}
}

// Every call of an operation goes wrong once, before it takes effect.
func TestFaultAtEveryCall(t *testing.T) {
	t.Parallel()
	every := func(f awsfake.Fault) awsfake.Fault { f.EveryOther, f.Times = true, awsfake.Forever; return f }
	for kind, faults := range map[string][]awsfake.Fault{
		"throttle": {every(awsfake.Fault{Service: "s3", Code: "SlowDown"}), every(awsfake.Fault{Code: "ThrottlingException"})},
		"500":      {every(awsfake.Fault{Status: 500})},
		"503":      {every(awsfake.Fault{Status: 503})},
		"reset":    {every(awsfake.Fault{Reset: true})},
		"half":     {every(awsfake.Fault{Truncate: true})},
	} {
		for _, o := range operations() {
			t.Run(o.name+", "+kind, func(t *testing.T) {
				t.Parallel()
				// The adaptive mode would slow down for real after each throttle.
				o.endures(t, "standard", faults...)
			})
		}
	}
}

// In the adaptive mode, which is the default, a throttle slows the next calls
// down for real: one is enough.
func TestThrottleInAdaptiveMode(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			o.endures(t, "", awsfake.Fault{Service: "cloudformation", Nth: 8, Code: "Throttling"})
		})
	}
}

// endures runs the operation once, through the faults.
func (o operation) endures(t *testing.T, mode string, faults ...awsfake.Fault) {
	t.Helper()
	a := newSmall(t)
	o.prepare(a)
	a.mode = mode
	p := a.target()
	for _, f := range faults {
		a.fake.Fail(f)
	}
	if err := o.run(t.Context(), p); err != nil {
		t.Fatalf("%v\n%s", err, a.log())
	}
	o.reached(a)
	if t.Failed() {
		t.Log(a.log())
	}
}
