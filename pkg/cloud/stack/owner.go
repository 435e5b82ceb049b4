package stack

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/fault"
)

// Own refuses a stack that is not ours, by its tag and its template. A stack in
// review has neither for certain: there the change sets tell.
func (e *Engine) Own(ctx context.Context, st Stack) error {
	if st.Status == string(types.StackStatusReviewInProgress) {
		return e.ownReview(ctx, st)
	}
	if err := e.Tagged(st); err != nil {
		return err
	}
	body, err := e.Template(ctx, st)
	if err != nil {
		return err
	}
	if g, err := template.Generator(body); err != nil || g != Generator {
		return e.foreign(st, "its template was not made by pixelctl")
	}
	return nil
}

// Tagged refuses a stack that is not tagged as ours: enough to read, and without
// a call. One in review may have no tag yet.
func (e *Engine) Tagged(st Stack) error {
	if st.Tags[OwnerTag] == st.Name || st.Status == string(types.StackStatusReviewInProgress) {
		return nil
	}
	return e.foreign(st, "it has no tag "+OwnerTag+"="+st.Name)
}

// Template reads the template that the stack was last given.
func (e *Engine) Template(ctx context.Context, st Stack) ([]byte, error) {
	out, err := e.c.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &st.ID, TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return nil, session.Explain(err, "get template of stack %s", st.Name)
	}
	return []byte(aws.ToString(out.TemplateBody)), nil
}

// ownReview takes a stack in review as ours when no change set on it is
// somebody else's.
func (e *Engine) ownReview(ctx context.Context, st Stack) error {
	if t, ok := st.Tags[OwnerTag]; ok && t != st.Name {
		return e.foreign(st, "its tag "+OwnerTag+" says "+t)
	}
	sets, err := e.sets(ctx, st)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if name := aws.ToString(s.ChangeSetName); !strings.HasPrefix(name, prefix) {
			return e.foreign(st, "change set "+name+" waits on it")
		}
	}
	if _, ok := st.Tags[OwnerTag]; !ok && len(sets) == 0 && len(st.Tags) > 0 {
		return e.foreign(st, "it has no tag "+OwnerTag+"="+st.Name)
	}
	return nil
}

func (e *Engine) foreign(st Stack, why string) error {
	return fault.New(fault.Failed, "stack %s belongs to somebody else: %s", st.Name, why).
		WithHint("take another name: --stack NAME")
}

// sets lists the change sets of a stack. Executed ones are not among them.
func (e *Engine) sets(ctx context.Context, st Stack) ([]types.ChangeSetSummary, error) {
	var sets []types.ChangeSetSummary
	pages := cloudformation.NewListChangeSetsPaginator(e.c, &cloudformation.ListChangeSetsInput{StackName: &st.ID})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Explain(err, "list change sets of stack %s", st.Name)
		}
		sets = append(sets, out.Summaries...)
	}
	return sets, nil
}

// tidy deletes change sets of ours that a killed process left.
func (e *Engine) tidy(ctx context.Context, st Stack) error {
	sets, err := e.sets(ctx, st)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if !strings.HasPrefix(aws.ToString(s.ChangeSetName), prefix) || s.ExecutionStatus == types.ExecutionStatusExecuteInProgress {
			continue
		}
		if err := e.dropSet(ctx, aws.ToString(s.ChangeSetId)); err != nil {
			return err
		}
	}
	return nil
}
