package cloud

import (
	"context"
	"slices"
	"time"

	"pixelctl/pkg/cloud/presence"
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
		return r, t.withLeft(ctx, &r, err)
	}
	return r, t.prove(ctx, &r)
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
	if err := t.sweepLogs(ctx, d); err != nil {
		return err
	}
	return t.deleteStack(ctx, d, o, sink)
}

// closable are the states in which a stack takes an update; from the others
// only deletion leads on.
func closable(s stack.Stack) bool {
	return slices.Contains([]string{"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}, s.Status)
}

// closeIntake takes the routes away, so that no record comes after the last
// one that is emptied, and marks what shall be kept.
func (t *Target) closeIntake(ctx context.Context, d *deployed, o pipeline.DestroyOptions, sink pipeline.Sink) error {
	if !closable(d.stack) || d.endpoint == "" {
		if o.KeepData {
			return fault.New(fault.Failed, "keep the data of stack %s: in state %s its resources cannot be marked for it", t.o.Stack, d.stack.Status).
				WithHint("%s first, or destroy without --keep-data", t.command("deploy"))
		}
		return nil
	}
	body := t.o.Template
	if o.KeepData {
		var err error
		if body, err = template.Retain(body, retained...); err != nil {
			return err
		}
	}
	parameters := map[string]string{paramIntake: intakeClosed}
	if _, err := t.stack("destroy", d.stack.Tags).Apply(ctx, stack.Input{Template: body, Parameters: parameters}, sink); err != nil {
		return err
	}
	if !o.KeepData {
		return nil
	}
	return t.stream.Drain(ctx, d.stream, stream.DrainOptions{Stopped: t.clock.Now(), Objects: t.objects(d)}, sink)
}

func (t *Target) objects(d *deployed) func(context.Context) (int64, error) {
	return func(ctx context.Context) (int64, error) {
		u, err := t.bucket.Usage(ctx, d.data, "")
		return u.Objects, err
	}
}

// sweepLogs removes the crawler's stream from the group that all crawlers of
// the account share; the groups of the stack go with it.
func (t *Target) sweepLogs(ctx context.Context, d *deployed) error {
	if d.crawler == "" {
		return nil
	}
	return t.presence.DeleteCrawlerLogs(ctx, d.crawler)
}

// rounds bounds how often late objects make CloudFormation fail on a bucket.
const rounds = 4

// deleteStack empties and deletes, again when objects came late: Firehose
// finishes what it buffered while the stack goes.
func (t *Target) deleteStack(ctx context.Context, d *deployed, o pipeline.DestroyOptions, sink pipeline.Sink) error {
	engine := t.stack("destroy", nil)
	for round := 1; ; round++ {
		if err := t.emptyBuckets(ctx, d, o, sink); err != nil {
			return err
		}
		err := engine.Delete(ctx, stack.DeleteOptions{}, sink)
		if err == nil || ctx.Err() != nil || fault.KindOf(err) != fault.Partial || round == rounds {
			return err
		}
		sink.Send(pipeline.Event{Phase: pipeline.Note, Step: "late objects", Text: "empty the buckets again"})
		if err := t.clock.Wait(ctx, time.Duration(round)*5*time.Second); err != nil {
			return err
		}
	}
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

// prove asks for every item that shall be gone.
func (t *Target) prove(ctx context.Context, r *pipeline.DestroyResult) error {
	all := make([]presence.Resource, len(r.Items))
	for i, item := range r.Items {
		all[i] = presence.Resource{Type: item.Kind, ID: item.Name}
	}
	all = presence.Adopt(all)
	var left []string
	for i := range r.Items {
		item := &r.Items[i]
		if item.Kept {
			continue
		}
		there, err := t.presence.Exists(ctx, all[i])
		if err != nil {
			return err
		}
		if item.Gone = !there; there {
			left = append(left, item.Kind+" "+item.Name)
		}
	}
	if len(left) > 0 {
		return fault.New(fault.Partial, "destroy stack %s: %d resources are still there", t.o.Stack, len(left)).
			WithLeft(left).WithHint("%s", t.command("destroy"))
	}
	return nil
}

// withLeft completes a failed removal with what is still there.
func (t *Target) withLeft(ctx context.Context, r *pipeline.DestroyResult, failed error) error {
	if ctx.Err() != nil || fault.KindOf(failed) == fault.Credentials {
		r.Items = nil
		return failed
	}
	if err := t.prove(ctx, r); fault.KindOf(err) == fault.Partial {
		left := append(fault.LeftOf(failed), fault.LeftOf(err)...)
		return fault.New(fault.Partial, "%w", failed).WithLeft(left).WithHint("%s", hintOr(failed, t.command("destroy")))
	}
	return failed
}
