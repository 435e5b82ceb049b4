package cloud

import (
	"context"
	"time"

	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/pipeline"
)

// Buffer gives how long the delivery stream holds records.
func (t *Target) Buffer(ctx context.Context) (time.Duration, error) {
	d, err := t.standing(ctx, "buffer")
	if err != nil {
		return 0, err
	}
	return d.buffer(), nil
}

// SetBuffer changes the stack's parameter, so that the change survives the
// next deploy and is no drift. Firehose applies it without an interruption.
func (t *Target) SetBuffer(ctx context.Context, o pipeline.BufferOptions, sink pipeline.Sink) (pipeline.BufferResult, error) {
	r := pipeline.BufferResult{To: o.Interval, DryRun: o.DryRun}
	if err := pipeline.ValidateBuffer(o.Interval); err != nil {
		return r, err
	}
	d, err := t.standing(ctx, "buffer")
	if err != nil {
		return r, err
	}
	// A change under way may show the new value already, and may yet fail.
	if r.From = d.buffer(); r.From == r.To && !updating(d.stack) {
		return r, nil
	}
	if o.DryRun {
		r.Calls = []string{
			"cloudformation:CreateChangeSet stack " + t.o.Stack + " (" + paramBuffer + "=" + seconds(o.Interval) + ")",
			"cloudformation:ExecuteChangeSet stack " + t.o.Stack,
		}
		return r, nil
	}
	r.Changed = true
	return r, t.reparametrise(ctx, d, "buffer "+o.Interval.String(), map[string]string{paramBuffer: seconds(o.Interval)}, sink)
}

// reparametrise updates the stack with its own template and other values of
// some parameters.
func (t *Target) reparametrise(ctx context.Context, d *deployed, command string, values map[string]string, sink pipeline.Sink) error {
	_, err := t.stack(command, d.stack.Tags).Apply(ctx, stack.Input{Parameters: values}, sink)
	return err
}
