package cloud

import (
	"context"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Destroy closes the intake, empties the buckets, deletes the stack and asks
// for each resource. What a killed Destroy left is taken up again.
func (t *Target) Destroy(ctx context.Context, o pipeline.DestroyOptions, sink pipeline.Sink) (pipeline.DestroyResult, error) {
	r := pipeline.DestroyResult{Stack: t.o.Stack, Target: TargetName, DryRun: o.DryRun}
	d, err := t.owning(ctx, "destroy")
	if err == nil {
		err = t.own(ctx, d, "destroy")
	}
	if err != nil {
		return r, err
	}
	if r.Items, err = t.items(ctx, d); err != nil {
		return r, err
	}
	if o.KeepData {
		r.KeptData = d.location()
		t.markKept(d, r.Items)
	}
	if o.DryRun {
		r.Calls = t.destroyCalls(d, o)
		return r, nil
	}
	if err := t.refuseProtected(d); err != nil {
		return r, err
	}
	if err := t.remove(ctx, d, o, sink); err != nil {
		err = t.withLeft(ctx, &r, err)
		return r, err
	}
	err = t.prove(ctx, &r)
	return r, err
}

// destroying is the command that goes on with a destroy: a hint must not lose
// the flag that keeps the data.
func destroying(keepData bool) string {
	if keepData {
		return "destroy --keep-data"
	}
	return "destroy"
}

func (t *Target) markKept(d *deployed, items []pipeline.Item) {
	for i := range items {
		items[i].Kept = items[i].Name == d.data || items[i].Kind == typeDatabase || items[i].Kind == typeTable
	}
}

// refuseProtected comes before anything is emptied.
func (t *Target) refuseProtected(d *deployed) error {
	if !d.stack.Protected {
		return nil
	}
	return fault.New(fault.Failed, "destroy stack %s: termination protection is on", t.o.Stack).
		WithHint("aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name %s --region %s",
			t.o.Stack, t.o.Session.Region)
}

func (t *Target) remove(ctx context.Context, d *deployed, o pipeline.DestroyOptions, sink pipeline.Sink) error {
	if d.kept {
		if o.KeepData {
			return nil
		}
		return t.removeKept(ctx, d, sink)
	}
	if d.crawler != "" {
		if err := d.catalog.StopCrawler(ctx, d.crawler); err != nil {
			return err
		}
	}
	if err := t.closeIntake(ctx, d, o, sink); err != nil {
		return err
	}
	// Before, because nobody would find them after a kill; after, for late lines.
	if err := t.sweepCrawlerLogs(ctx, d); err != nil {
		return err
	}
	if err := t.deleteStack(ctx, d, o, sink); err != nil {
		return err
	}
	if err := t.sweepLogs(ctx, d); err != nil || o.KeepData {
		return err
	}
	// A destroy that was to keep the data, and was killed, had it retained.
	kept, err := t.keptData(ctx)
	if err != nil || kept == nil {
		return err
	}
	return t.removeKept(ctx, kept, sink)
}

// closable are the states in which a stack takes an update; from the others
// only deletion leads on.
func closable(s stack.Stack) bool {
	return slices.Contains([]string{"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}, s.Status)
}

// updating is a stack that will take an update when the present one has ended.
func updating(s stack.Stack) bool {
	return strings.HasPrefix(s.Status, "UPDATE_") && strings.HasSuffix(s.Status, "_IN_PROGRESS")
}

// closeIntake takes the routes away, so that no record comes after the last one
// that is emptied. To keep the data it marks what shall stay and waits until the
// stream is drained; without that, a stack that cannot be changed goes as it is.
func (t *Target) closeIntake(ctx context.Context, d *deployed, o pipeline.DestroyOptions, sink pipeline.Sink) error {
	if o.KeepData {
		return t.closeAndKeep(ctx, d, sink)
	}
	if !closable(d.stack) || d.endpoint == "" {
		return nil
	}
	err := t.reparametrise(ctx, d, destroying(false), map[string]string{paramIntake: intakeClosed}, sink)
	if err != nil && fault.KindOf(err) == fault.Failed {
		sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "close the intake", Text: err.Error() + "; deleting the stack all the same"})
		return nil
	}
	return err
}

// closeAndKeep changes the template that the stack has, not this program's: no
// more than these policies may differ.
func (t *Target) closeAndKeep(ctx context.Context, d *deployed, sink pipeline.Sink) error {
	var stored string // goes with the bucket
	engine := t.storing(destroying(true), d.stack.Tags, &d.artifacts, &stored)
	if updating(d.stack) { // and may be a destroy that was killed before it drained
		if err := t.reparametrise(ctx, d, destroying(true), map[string]string{paramIntake: intakeClosed}, sink); err != nil {
			return err
		}
		var err error
		if d.stack, err = engine.Describe(ctx); err != nil {
			return err
		}
	}
	body, err := engine.Template(ctx, d.stack)
	if err != nil {
		return err
	}
	if !closable(d.stack) || d.endpoint == "" {
		if marked, err := template.Retained(body, retained...); err != nil || marked {
			return err // a destroy that was killed came as far
		}
		return fault.New(fault.Failed, "keep the data of stack %s: in state %s its resources cannot be marked for it", t.o.Stack, d.stack.Status).
			WithHint("%s first, or destroy without --keep-data", t.command("deploy"))
	}
	if body, err = template.Retain(body, retained...); err != nil {
		return err
	}
	if _, err := engine.Apply(ctx, stack.Input{Template: body, Parameters: map[string]string{paramIntake: intakeClosed}}, sink); err != nil {
		return err
	}
	return t.stream.Drain(ctx, d.stream, stream.DrainOptions{Stopped: t.clock.Now(), Objects: t.objects(d)}, sink)
}

func (t *Target) objects(d *deployed) func(context.Context) (int64, error) {
	return func(ctx context.Context) (int64, error) {
		u, err := t.bucket.Usage(ctx, d.data, "")
		return u.Objects, err
	}
}

// sweepCrawlerLogs removes the crawler's stream from the group that all crawlers
// of the account share.
func (t *Target) sweepCrawlerLogs(ctx context.Context, d *deployed) error {
	if d.crawler == "" {
		return nil
	}
	return t.presence.DeleteCrawlerLogs(ctx, d.crawler)
}

// sweepLogs removes what late lines bring back after the stack.
func (t *Target) sweepLogs(ctx context.Context, d *deployed) error {
	for _, output := range []string{"BeaconLogGroup", "DeliveryLogGroup", "AccessLogGroup"} {
		if group := d.stack.Outputs[output]; group != "" {
			if err := t.presence.DeleteLogGroup(ctx, group); err != nil {
				return err
			}
		}
	}
	return t.sweepCrawlerLogs(ctx, d)
}

// rounds bounds how often late objects make CloudFormation fail on a bucket.
const rounds = 4

// deleteStack empties and deletes, again when objects came late: Firehose
// finishes what it buffered while the stack goes.
func (t *Target) deleteStack(ctx context.Context, d *deployed, o pipeline.DestroyOptions, sink pipeline.Sink) error {
	engine := t.stack(destroying(o.KeepData), nil)
	for round := 1; ; round++ {
		if err := t.emptyBuckets(ctx, d, o, sink); err != nil {
			return err
		}
		err := engine.Delete(ctx, stack.DeleteOptions{}, sink)
		if err == nil || ctx.Err() != nil || !leftBucket(err) || round == rounds {
			return err
		}
		sink.Send(pipeline.Event{Phase: pipeline.Note, Step: "late objects", Text: "empty the buckets again"})
		if err := t.clock.Wait(ctx, time.Duration(round)*5*time.Second); err != nil {
			return err
		}
	}
}

// leftBucket reports whether a bucket was among what could not be deleted.
func leftBucket(err error) bool {
	return fault.KindOf(err) == fault.Partial &&
		slices.ContainsFunc(fault.LeftOf(err), func(line string) bool { return strings.HasPrefix(line, typeBucket+" ") })
}

func (t *Target) emptyBuckets(ctx context.Context, d *deployed, o pipeline.DestroyOptions, sink pipeline.Sink) error {
	all, err := t.resources(ctx, d)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Type != typeBucket || o.KeepData && r.PhysicalID == d.data {
			continue
		}
		if _, err := t.bucket.Empty(ctx, r.PhysicalID, "", sink); err != nil {
			return err
		}
	}
	return nil
}

// removeKept takes the bucket first: the database, which names it, goes last.
func (t *Target) removeKept(ctx context.Context, d *deployed, sink pipeline.Sink) error {
	if _, err := t.bucket.Empty(ctx, d.data, "", sink); err != nil {
		return err
	}
	if err := t.bucket.Delete(ctx, d.data, sink); err != nil {
		return err
	}
	return d.catalog.DropDatabase(ctx)
}
