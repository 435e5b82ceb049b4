package cloud

import (
	"context"
	"time"

	sdkathena "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"pixelctl/pkg/cloud/athena"
	"pixelctl/pkg/cloud/catalog"
	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

// deployed is a stack that stands, or what one that was destroyed left of its
// data.
type deployed struct {
	stack stack.Stack
	// Names from the stack's outputs.
	endpoint, stream, data, artifacts, results, crawler, workGroup string
	database                                                       string
	kept                                                           bool // the stack is gone, its data is here

	catalog *catalog.Engine
	athena  *athena.Engine
}

// deployed describes the stack. Without one it fails with fault.NotDeployed;
// one that is not tagged as ours is refused.
func (t *Target) deployed(ctx context.Context, command string) (*deployed, error) {
	engine := t.stack(command, nil)
	s, err := engine.Describe(ctx)
	if err != nil {
		return nil, t.notDeployed(err)
	}
	if err := engine.Tagged(s); err != nil {
		return nil, err
	}
	out := s.Outputs
	d := &deployed{
		stack: s, endpoint: out["Endpoint"], stream: out["DeliveryStream"], data: out["DataBucket"], artifacts: out["ArtifactBucket"],
		results: out["ResultsBucket"], crawler: out["Crawler"], workGroup: out["WorkGroup"], database: out["Database"],
	}
	t.engines(d, "")
	return d, nil
}

// own refuses, before anything is changed that a stack only names, one whose
// template is not ours: the outputs of another may name anybody's buckets.
func (t *Target) own(ctx context.Context, d *deployed, command string) error {
	if d.kept {
		return nil
	}
	return t.stack(command, nil).Own(ctx, d.stack)
}

// standing is a deployed stack that has all its parts.
func (t *Target) standing(ctx context.Context, command string) (*deployed, error) {
	d, err := t.deployed(ctx, command)
	if err == nil && d.endpoint == "" {
		return nil, fault.New(fault.NotDeployed, "find stack %s: its deploy has not ended (%s)", t.o.Stack, d.stack.Status).
			WithHint("%s", t.command("deploy"))
	}
	return d, err
}

// readable is a standing stack, or the data that a destroyed one left.
func (t *Target) readable(ctx context.Context, command string) (*deployed, error) {
	d, err := t.standing(ctx, command)
	if fault.KindOf(err) != fault.NotDeployed {
		return d, err
	}
	if kept, keptErr := t.keptData(ctx); keptErr != nil || kept != nil {
		return kept, keptErr
	}
	return nil, err
}

// primary is the workgroup that every account has.
const primary = "primary"

// keptData finds what a destroyed stack left of its data; nil when there is
// nothing. The database names its stack and bucket.
func (t *Target) keptData(ctx context.Context) (*deployed, error) {
	d := &deployed{database: Database(t.o.Stack), workGroup: primary, kept: true}
	parameters, err := t.glue(d.database).Parameters(ctx)
	if err != nil || parameters[tagStack] != t.o.Stack {
		return nil, err
	}
	d.data = parameters[tagBucket]
	t.engines(d, "s3://"+d.data+"/"+resultsPrefix)
	return d, nil
}

// engines makes those that need the names of the stack.
func (t *Target) engines(d *deployed, results string) {
	d.catalog = t.glue(d.database)
	d.athena = athena.New(sdkathena.NewFromConfig(t.o.Session.Config), t.o.Session.S3(), athena.Options{
		WorkGroup: d.workGroup, Database: d.database, Output: results, MaxScan: t.o.MaxScan, Clock: t.clock,
		Prices: t.o.Prices, Region: t.o.Session.Region,
	})
}

func (t *Target) glue(database string) *catalog.Engine {
	return catalog.New(glue.NewFromConfig(t.o.Session.Config), catalog.Options{Database: database, Table: lake.Table, Clock: t.clock})
}

// notDeployed gives the error of a missing stack the command that makes one.
func (t *Target) notDeployed(err error) error {
	if fault.KindOf(err) != fault.NotDeployed {
		return err
	}
	return fault.New(fault.NotDeployed, "%w", err).WithHint("%s", t.command("deploy"))
}

func (d *deployed) parameter(name string) string { return d.stack.Parameters[name] }

func (d *deployed) buffer() time.Duration { return interval(d.parameter(paramBuffer)) }

func (d *deployed) projected() bool { return d.parameter(paramPartitions) == byProjection }

// url is that of an object of the data bucket.
func (d *deployed) url(key string) string { return "s3://" + d.data + "/" + key }

// location is the table's, as Glue holds it.
func (d *deployed) location() string { return d.url(dataPrefix) }
