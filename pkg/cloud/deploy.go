package cloud

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// change is what one deploy sets out to do.
type change struct {
	have     *deployed // nil when there is no stack
	records  records
	input    stack.Input
	engine   *stack.Engine
	bucket   string // of artifacts, once it is known
	stored   string // key of the template, when it was too long for a request
	settings []pipeline.Change
}

// Deploy makes the stack in two change sets: the artifact bucket, and, once
// the function's code lies there, everything. It can be repeated at any point.
func (t *Target) Deploy(ctx context.Context, o pipeline.DeployOptions, sink pipeline.Sink) (pipeline.Deployment, error) {
	c, err := t.change(ctx, o, sink)
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
	if err := t.alignHours(ctx, c); err != nil {
		return d, err
	}
	return d, t.sweepArtifacts(ctx, c, sink)
}

// change compares what is deployed with what is wanted, before any effect.
func (t *Target) change(ctx context.Context, o pipeline.DeployOptions, sink pipeline.Sink) (*change, error) {
	want := t.o.Want
	if o.Buffer != 0 {
		want.Buffer = &o.Buffer
	}
	given, err := t.given(want, o.Spec)
	if err != nil {
		return nil, err
	}
	have, err := t.current(ctx, o.DryRun, sink)
	if err != nil {
		return nil, err
	}
	c := &change{have: have, settings: []pipeline.Change{}}
	if have != nil {
		c.bucket = have.artifacts
	}
	if c.records, err = t.records(ctx, have, o.Spec); err != nil {
		return nil, err
	}
	follow, err := c.records.settings(want.RetentionDays)
	if err != nil {
		return nil, err
	}
	maps.Copy(given, follow)
	parameters := t.parameters(have, given)
	c.input = stack.Input{Template: c.records.template, Parameters: parameters}
	if have == nil {
		c.engine = t.storing("deploy", tags(t.o.Stack, nil, want.Tags), &c.bucket, &c.stored)
		return c, nil
	}
	all := tags(t.o.Stack, have.stack.Tags, want.Tags)
	c.engine = t.storing("deploy", all, &c.bucket, &c.stored)
	if have.endpoint != "" {
		c.settings = append(changes(have.stack.Parameters, parameters), tagChanges(have.stack.Tags, all)...)
	}
	return c, t.refuseFormat(ctx, have, parameters[paramFormat])
}

// given are the parameters that flags set, once they and the spec are such as a
// stack can have.
func (t *Target) given(want Patch, s *spec.Spec) (map[string]string, error) {
	if s != nil {
		if err := s.Validate(); err != nil {
			return nil, err
		}
		if _, err := s.Privacy.Retention(want.RetentionDays); err != nil {
			return nil, err
		}
	}
	return want.values()
}

// current is the stack as it stands, nil when there is none. An operation that
// somebody began is followed to its end first, because it may bring another
// spec; for a dry run nobody waits.
func (t *Target) current(ctx context.Context, dryRun bool, sink pipeline.Sink) (*deployed, error) {
	have, err := t.deployed(ctx, "deploy")
	if err == nil {
		err = t.own(ctx, have, "deploy")
	}
	if err == nil && !dryRun && have.stack.Moving() {
		if err = t.stack("deploy", nil).Follow(ctx, have.stack, sink); err == nil {
			have, err = t.deployed(ctx, "deploy")
		}
	}
	if fault.KindOf(err) == fault.NotDeployed {
		return nil, t.refuseKept(ctx)
	}
	return have, err
}

// parameters are those of the whole template: defaults, under what is
// deployed, under what was given.
func (t *Target) parameters(have *deployed, given map[string]string) map[string]string {
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
		Stack: t.o.Stack, Target: TargetName, Action: pipeline.Created, Changes: c.settings, Fields: c.records.fields,
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
	plan, err := t.compare(ctx, c, sink)
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

// compare makes the plan. Before there is a bucket, a template that is too long
// for a request cannot be asked about: the built-in one makes the same
// resources.
func (t *Target) compare(ctx context.Context, c *change, sink pipeline.Sink) (stack.Plan, error) {
	if c.bucket == "" {
		c.input.Template = t.o.Template
	}
	plan, err := c.engine.Plan(ctx, c.input)
	if err == nil && c.stored != "" {
		_, err = t.bucket.Empty(ctx, c.bucket, c.stored, sink)
	}
	return plan, err
}

// apply runs the steps.
func (t *Target) apply(ctx context.Context, c *change, sink pipeline.Sink) (stack.Applied, error) {
	artifacts, err := t.ensureArtifacts(ctx, c, sink)
	if err != nil {
		return stack.Applied{}, err
	}
	c.bucket = artifacts
	key := c.input.Parameters[paramArtifact]
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "upload function", Text: shortDigest(key)})
	if _, err := t.bucket.Upload(ctx, artifacts, key, c.records.zip); err != nil {
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
	if err := t.refuseOvertaken(ctx, have); err != nil {
		return err
	}
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

// refuseOvertaken keeps a deploy off columns that another one added since this
// one looked: its template lacks them.
func (t *Target) refuseOvertaken(ctx context.Context, have *deployed) error {
	if have == nil {
		return nil
	}
	now, err := t.stack("deploy", nil).Describe(ctx)
	if err != nil || now.Parameters[paramArtifact] == have.parameter(paramArtifact) {
		return err
	}
	return fault.New(fault.Busy, "deploy stack %s: another deploy changed it in between", t.o.Stack).WithHint("%s", t.command("deploy"))
}

// ensureArtifacts gives the bucket of the function's code; on a first deploy
// a stack of that bucket alone is made for it.
func (t *Target) ensureArtifacts(ctx context.Context, c *change, sink pipeline.Sink) (string, error) {
	if c.have != nil && c.have.artifacts != "" {
		return c.have.artifacts, nil
	}
	part, err := template.Only(c.records.template, artifactBucket, artifactPolicy)
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
// is deployed now and what was before (CloudFormation rolls back by key). Of
// templates it needs none: CloudFormation keeps its own copy.
func (t *Target) sweepArtifacts(ctx context.Context, c *change, sink pipeline.Sink) error {
	if (c.have == nil || c.have.artifacts == "") && c.stored == "" {
		return nil
	}
	objects, err := t.bucket.List(ctx, c.bucket, "", 0)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if !c.obsolete(o.Key) {
			continue
		}
		if _, err := t.bucket.Empty(ctx, c.bucket, o.Key, sink); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) obsolete(key string) bool {
	switch {
	case strings.HasPrefix(key, templatePrefix):
		return strings.HasSuffix(key, ".yaml")
	case strings.HasPrefix(key, artifactPrefix):
		return strings.HasSuffix(key, ".zip") && key != c.input.Parameters[paramArtifact] && (c.have == nil || key != c.have.parameter(paramArtifact))
	}
	return false
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
