package cloudformation

import "context"

type action func(ctx context.Context, f form) (any, error)

// reads makes an action of one that needs no context.
func reads(do func(f form) (any, error)) action {
	return func(_ context.Context, f form) (any, error) { return do(f) }
}

func (s *Server) actions() map[string]action {
	return map[string]action{
		"CreateChangeSet": s.createChangeSet, "ExecuteChangeSet": s.executeChangeSet,
		"DescribeChangeSet": reads(s.describeChangeSet), "DeleteChangeSet": reads(s.deleteChangeSet),
		"ListChangeSets": reads(s.listChangeSets), "DescribeStacks": reads(s.describeStacks), "ListStacks": reads(s.listStacks),
		"DescribeStackEvents": reads(s.describeStackEvents), "DescribeEvents": reads(s.describeEvents),
		"ListStackResources": reads(s.listStackResources), "DescribeStackResources": reads(s.describeStackResources),
		"GetTemplate": reads(s.getTemplate), "GetTemplateSummary": s.getTemplateSummary, "ValidateTemplate": s.validateTemplate,
		"CreateStack": s.createStack, "UpdateStack": s.updateStack, "DeleteStack": s.deleteStackAction,
		"UpdateTerminationProtection": reads(s.updateTerminationProtection),
		"ContinueUpdateRollback":      s.continueUpdateRollback, "CancelUpdateStack": reads(s.cancelUpdateStack),
	}
}
