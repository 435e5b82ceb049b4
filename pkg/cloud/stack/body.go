package stack

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// compact takes from the template what CloudFormation does not look at, and
// refuses one that no request can carry.
func (in Input) compact(o Options) (Input, error) {
	if in.Template == nil {
		return in, nil
	}
	var err error
	if in.Template, err = template.Compact(in.Template); err != nil {
		return in, err
	}
	most := template.MaxBody
	if o.Store != nil {
		most = template.MaxStored
	}
	if n := len(in.Template); n > most {
		return in, fault.New(fault.Failed, "change stack %s: the template has %d bytes, of which CloudFormation takes %d", o.Stack, n, most).
			WithHint("shorten the descriptions of fields")
	}
	return in, nil
}

// carry puts the template into a request: its text, or where it is stored when
// the text is too long.
func (e *Engine) carry(ctx context.Context, body []byte, req *cloudformation.CreateChangeSetInput) error {
	switch {
	case body == nil:
		req.UsePreviousTemplate = aws.Bool(true)
	case len(body) <= template.MaxBody:
		req.TemplateBody = aws.String(string(body))
	default:
		url, err := e.o.Store(ctx, body)
		if err != nil {
			return err
		}
		req.TemplateURL = &url
	}
	return nil
}

// Follow follows an operation that is under way to its end. A stack that has
// none is left as it is.
func (e *Engine) Follow(ctx context.Context, st Stack, sink pipeline.Sink) error {
	if !st.Moving() {
		return nil
	}
	return e.attach(ctx, st, sink)
}
