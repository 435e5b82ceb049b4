package cmd

import (
	"cmp"
	"context"
	"os"

	"github.com/spf13/cobra"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/ui"
)

func newPolicy(a *app) *cobra.Command {
	var s policy.Scope
	c := &cobra.Command{
		Use: "policy [TASK]", GroupID: groupSupport, Args: optional,
		Short: "Print the least IAM policy for a task on AWS",
		Long: `Policy prints the least IAM policy of a person who works with the stack: what
the calls of the commands need, and what Athena and CloudFormation do in that
person's name. It changes nothing. Tasks:
  deploy        deploy, plan
  query         query
  operate       status, buffer, crawl, repair
  errors        errors: apart, because it reads raw records and adds rows
  purge         purge, subject: apart, because they delete rows
  destroy       destroy
  all           all of these
  service-role  the role of --role-arn, by which CloudFormation then works
What is too long for one managed policy comes as several; attach all of them.
The account is that of the caller, unless --account names one.`,
		Example: `pixelctl policy
pixelctl policy query
pixelctl policy deploy --account 123456789012 --region eu-west-1 --json`,
		ValidArgs: taskNames(),
		RunE: func(c *cobra.Command, args []string) error {
			task := policy.Deploy
			if len(args) > 0 {
				task = policy.Task(args[0])
			}
			return a.policy(c.Context(), task, s)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&s.Account, "account", "", "aws: account of the stack, 12 digits (default: the caller's)")
	f.StringVar(&s.Role, "role-arn", "", "aws: role that deploy is given; then the right to pass it is enough")
	f.BoolVar(&s.Kept, "kept", false, "aws: for data that destroy --keep-data left")
	return c
}

func taskNames() []string {
	var names []string
	for _, t := range policy.Tasks() {
		names = append(names, string(t))
	}
	return names
}

func (a *app) policy(ctx context.Context, task policy.Task, s policy.Scope) error {
	if err := a.checkTarget(); err != nil {
		return err
	}
	if a.flags.target != targetAWS {
		return fault.New(fault.Usage, "policy: target %s needs no rights in AWS", a.flags.target).WithHint("leave --target out")
	}
	s, err := a.scope(ctx, s)
	if err != nil {
		return err
	}
	documents, err := policy.For(task, s)
	if err != nil {
		return err
	}
	return a.show(ui.Policies(documents))
}

// scope says where the stack is; AWS is asked when nobody names the account.
func (a *app) scope(ctx context.Context, s policy.Scope) (policy.Scope, error) {
	s.Stack, s.Database = a.flags.stack, cloud.Database(a.flags.stack)
	if s.Account != "" {
		s.Region = cmp.Or(a.flags.region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
		return s, nil
	}
	caller, err := a.session(ctx)
	if err != nil {
		return s, err
	}
	s.Account, s.Region, s.Partition = caller.Account, caller.Region, policy.Partition(caller.ARN)
	return s, nil
}
