package cloudformation

import "context"

// Provider makes, changes and removes the resources of one type. The text of
// an error becomes the ResourceStatusReason. A server calls its providers one
// at a time.
type Provider interface {
	// Create makes the resource.
	Create(ctx context.Context, r Resource) (Physical, error)
	// Update changes the resource that old describes into r; r.Physical is what
	// exists. An empty Physical.ID in the answer keeps the ID, another ID makes
	// the update a replacement: the old Physical is deleted in the clean-up.
	Update(ctx context.Context, r, old Resource) (Physical, error)
	// Delete removes what Create or Update answered.
	Delete(ctx context.Context, p Physical) error
}

// Resource is one resource of a stack with its functions resolved.
type Resource struct {
	LogicalID string
	Type      string // such as AWS::S3::Bucket
	Stack     string // the stack's name
	StackID   string // the stack's ARN
	// Properties hold string, bool, int, float64, []any and map[string]any.
	Properties map[string]any
	// Tags are the stack's, the resource's own and the aws:cloudformation:
	// ones; none where the type takes no tags.
	Tags map[string]string
	// Physical is what exists already; zero on create.
	Physical Physical
}

// Physical is what a provider made: Ref answers the ID, GetAtt an attribute.
type Physical struct {
	ID         string
	Attributes map[string]string
}
