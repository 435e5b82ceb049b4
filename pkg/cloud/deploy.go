package cloud

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// change is what one deploy sets out to do.
type change struct {
	have     *deployed // nil when there is no stack
	input    stack.Input
	engine   *stack.Engine
	settings []pipeline.Change
}

// Deploy makes the stack in two change sets: the artifact bucket, and, once
// the function's code lies there, everything. It can be repeated at any point.
func (t *Target) Deploy(ctx context.Context, o pipeline.DeployOptions, sink pipeline.Sink) (pipeline.Deployment, error) {
	c, err := t.change(ctx, o)
	if err != nil {
		return pipeline.Deployment{}, err
	}
	d := t.deployment(c)
	if o.DryRun {
		return t.planned(ctx, c, d, sink)
	}
	applied, err := t.apply(ctx, c, sink)
	if err != nil {
		return d, err
	}
	if d, err = t.outcome(ctx, d, applied); err != nil {
		return d, err
	}
	return d, t.sweepArtifacts(ctx, c, sink)
}

// change compares what is deployed with what is wanted, before any effect.
func (t *Target) change(ctx context.Context, o pipeline.DeployOptions) (*change, error) {
	want := t.o.Want
	if o.Buffer != 0 {
		want.Buffer = &o.Buffer
	}
	given, err := want.values()
	if err != nil {
		return nil, err
	}
	have, err := t.deployed(ctx, "deploy")
	switch {
	case fault.KindOf(err) == fault.NotDeployed:
		have, err = nil, t.refuseKept(ctx)
	case err == nil:
		err = t.own(ctx, have, "deploy")
	}
	if err != nil {
		return nil, err
	}
	c := &change{have: have, settings: []pipeline.Change{}}
	parameters := t.parameters(have, given)
	c.input = stack.Input{Template: t.o.Template, Parameters: parameters}
	if have == nil {
		c.engine = t.stack("deploy", tags(t.o.Stack, nil, want.Tags))
		return c, nil
	}
	all := tags(t.o.Stack, have.stack.Tags, want.Tags)
	c.engine = t.stack("deploy", all)
	if have.endpoint != "" {
		c.settings = append(changes(have.stack.Parameters, parameters), tagChanges(have.stack.Tags, all)...)
	}
	return c, t.refuseFormat(ctx, have, parameters[paramFormat])
}

// parameters are those of the whole template: defaults, under what is
// deployed, under what was given.
func (t *Target) parameters(have *deployed, given map[string]string) map[string]string {
	digest := sha256.Sum256(t.o.Zip)
	p := defaults()
	first, deployed := t.clock.Now(), ""
	if have != nil {
		for name := range p {
			if v, ok := have.stack.Parameters[name]; ok {
				p[name] = v
			}
		}
		first, deployed = have.stack.Created, have.parameter(paramYears)
	}
	maps.Copy(p, given)
	p[paramArtifact] = artifactKey(hex.EncodeToString(digest[:]))
	p[paramDatabase] = Database(t.o.Stack)
	p[paramYears] = years(deployed, first, t.clock.Now())
	p[paramVersion] = cmp.Or(t.o.Version, "dev")
	p[paramIntake] = intakeOpen
	return p
}

// refuseKept keeps a new stack off the data that an earlier one left: its
// database has the name that the new one needs.
func (t *Target) refuseKept(ctx context.Context) error {
	kept, err := t.keptData(ctx)
	if err != nil || kept == nil {
		return err
	}
	return fault.New(fault.Failed, "deploy stack %s: the data that an earlier stack of this name left is still here, in bucket %s", t.o.Stack, kept.data).
		WithHint("deploy under another name with --stack, or remove the data with %s", t.command("destroy"))
}

// refuseFormat keeps files that the table could no longer read from being
// orphaned: the format is the table's, not the file's.
func (t *Target) refuseFormat(ctx context.Context, have *deployed, format string) error {
	from := have.parameter(paramFormat)
	if from == "" || from == format || have.data == "" {
		return nil
	}
	files, err := t.bucket.List(ctx, have.data, dataPrefix, 1)
	if err != nil || len(files) == 0 {
		return err
	}
	return fault.New(fault.Usage, "setting format: the lake holds %s files, which a table of %s cannot read", from, format).
		WithHint("deploy a second stack with --stack, or remove the data first with %s --all", t.command("purge"))
}

func (t *Target) deployment(c *change) pipeline.Deployment {
	d := pipeline.Deployment{
		Stack: t.o.Stack, Target: TargetName, Action: pipeline.Created, Changes: c.settings,
		Buffer: interval(c.input.Parameters[paramBuffer]),
	}
	if c.have != nil && c.have.endpoint != "" {
		d.Action, d.Endpoint = pipeline.Unchanged, c.have.endpoint
	}
	return d
}

// planned asks CloudFormation what would change; the change set it makes for
// the answer is removed again.
func (t *Target) planned(ctx context.Context, c *change, d pipeline.Deployment, sink pipeline.Sink) (pipeline.Deployment, error) {
	d.DryRun = true
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "compare stack " + t.o.Stack})
	plan, err := c.engine.Plan(ctx, c.input)
	if err != nil {
		return d, err
	}
	d.Resources = resources(plan.Changes)
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "compare stack " + t.o.Stack, Text: fmt.Sprintf("resources to change: %d", len(d.Resources))})
	if d.Action == pipeline.Unchanged && len(d.Resources)+len(d.Changes) > 0 {
		d.Action = pipeline.Updated
	}
	if d.Action != pipeline.Unchanged {
		d.Calls = t.deployCalls(c)
	}
	return d, nil
}

// apply runs the steps.
func (t *Target) apply(ctx context.Context, c *change, sink pipeline.Sink) (stack.Applied, error) {
	artifacts, err := t.ensureArtifacts(ctx, c, sink)
	if err != nil {
		return stack.Applied{}, err
	}
	key := c.input.Parameters[paramArtifact]
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "upload function", Text: shortDigest(key)})
	if _, err := t.bucket.Upload(ctx, artifacts, key, t.o.Zip); err != nil {
		return stack.Applied{}, err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "upload function"})
	in := c.input
	in.Review = func(ctx context.Context, list []stack.Change) error { return t.review(ctx, c.have, list) }
	return c.engine.Apply(ctx, in, sink)
}

// review lets the user see the changes, then stops the crawler if it is among
// them: one that runs would make its own update fail (CrawlerRunningException).
func (t *Target) review(ctx context.Context, have *deployed, list []stack.Change) error {
	if t.o.Review != nil {
		if err := t.o.Review(ctx, resources(list)); err != nil {
			return err
		}
	}
	changed := slices.ContainsFunc(list, func(c stack.Change) bool { return c.Type == typeCrawler })
	if have == nil || have.crawler == "" || !changed {
		return nil
	}
	return have.catalog.StopCrawler(ctx, have.crawler)
}

// ensureArtifacts gives the bucket of the function's code; on a first deploy
// a stack of that bucket alone is made for it.
func (t *Target) ensureArtifacts(ctx context.Context, c *change, sink pipeline.Sink) (string, error) {
	if c.have != nil && c.have.artifacts != "" {
		return c.have.artifacts, nil
	}
	part, err := template.Only(t.o.Template, artifactBucket, artifactPolicy)
	if err != nil {
		return "", err
	}
	if _, err := c.engine.Apply(ctx, stack.Input{Template: part}, sink); err != nil {
		return "", err
	}
	d, err := t.deployed(ctx, "deploy")
	if err != nil {
		return "", err
	}
	if d.artifacts == "" {
		return "", fault.New(fault.Failed, "find artifact bucket: stack %s has no output %s", t.o.Stack, artifactBucket).
			WithHint("%s", t.command("status"))
	}
	return d.artifacts, nil
}

// outcome completes d from the stack as it is now.
func (t *Target) outcome(ctx context.Context, d pipeline.Deployment, applied stack.Applied) (pipeline.Deployment, error) {
	if d.Action == pipeline.Unchanged && applied.Changed {
		d.Action = pipeline.Updated
	}
	d.Resources = resources(applied.Changes)
	now, err := t.standing(ctx, "deploy")
	if err != nil {
		return d, err
	}
	d.Endpoint = now.endpoint
	return d, nil
}

// sweepArtifacts removes code that no rollback needs any more: all but what
// is deployed now and what was before (CloudFormation rolls back by key).
func (t *Target) sweepArtifacts(ctx context.Context, c *change, sink pipeline.Sink) error {
	if c.have == nil || c.have.artifacts == "" {
		return nil
	}
	objects, err := t.bucket.List(ctx, c.have.artifacts, artifactPrefix, 0)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if o.Key == c.input.Parameters[paramArtifact] || o.Key == c.have.parameter(paramArtifact) || !strings.HasSuffix(o.Key, ".zip") {
			continue
		}
		if _, err := t.bucket.Empty(ctx, c.have.artifacts, o.Key, sink); err != nil {
			return err
		}
	}
	return nil
}

func resources(list []stack.Change) []pipeline.ResourceChange {
	var all []pipeline.ResourceChange
	for _, c := range list {
		all = append(all, pipeline.ResourceChange{
			Action: action(c), ID: c.LogicalID, Type: c.Type, Name: c.PhysicalID, Properties: c.Properties, Destroys: c.Destroys,
		})
	}
	return all
}

func action(c stack.Change) string {
	if c.Action == "Modify" && c.Replacement == "True" {
		return "Replace"
	}
	return c.Action
}
