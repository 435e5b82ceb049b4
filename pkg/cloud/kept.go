package cloud

import (
	"context"
	"strconv"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Days after which the template's rules delete what is no row.
const (
	logDays     = 30 // logs of the function and of the delivery
	resultsDays = 7
)

// Kept tells what the stack keeps of its visitors. Error lines lie in the same
// bucket as rows and go by the same rule.
func (t *Target) Kept(ctx context.Context) (pipeline.Kept, error) {
	d, err := t.standing(ctx, "privacy statement")
	if err != nil {
		return pipeline.Kept{}, err
	}
	s, err := t.deployedSpec(ctx, d)
	if err != nil {
		return pipeline.Kept{}, err
	}
	days, err := d.retention()
	if err != nil {
		return pipeline.Kept{}, err
	}
	return pipeline.Kept{
		Stack: t.o.Stack, Target: TargetName, Location: t.location() + ", bucket " + d.data, Endpoint: d.endpoint, Spec: s,
		Buffer: d.buffer(), RetentionDays: days, ErrorsDays: days, LogDays: logDays, ResultsDays: resultsDays,
		Readers: []string{"people and programs of the AWS account whose rights allow to read the bucket, or to query its table"},
	}, nil
}

// retention is the age in days at which rows are deleted; 0 is never.
func (d *deployed) retention() (int, error) {
	days, err := strconv.Atoi(d.parameter(paramRetention))
	if err != nil {
		return 0, fault.New(fault.Failed, "read stack %s: retention %q is no number of days", d.stack.Name, d.parameter(paramRetention))
	}
	return days, nil
}

// anew tells what the age of rows is after their files were written anew; ""
// where no rule goes by it.
func (d *deployed) anew() string {
	days := d.parameter(paramRetention)
	if days == "" || days == "0" {
		return ""
	}
	return "the bucket counts the age of a file from when it was written: rows in files written anew stay for another " + days + " days"
}
