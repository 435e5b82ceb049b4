package cloud

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pixelctl/pkg/cloud/presence"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// prove asks for every item: what shall be gone, and what shall be kept. Items
// that the caller may not ask for are listed after all others were asked for.
func (t *Target) prove(ctx context.Context, r *pipeline.DestroyResult) error {
	all := make([]presence.Resource, len(r.Items))
	for i, item := range r.Items {
		all[i] = presence.Resource{Type: item.Kind, ID: item.Name}
	}
	var left []string
	var denied []error
	for i, resource := range presence.Adopt(all) {
		line, err := t.proof(ctx, &r.Items[i], resource)
		switch {
		case forbidden(err):
			denied = append(denied, err)
		case err != nil:
			return err
		}
		if line != "" {
			left = append(left, line)
		}
	}
	switch {
	case len(left) == 0:
		return nil
	case len(left) == len(denied):
		return fault.New(fault.Credentials, "destroy stack %s: prove that all is gone: %w", t.o.Stack, denied[0]).WithLeft(left)
	}
	return fault.New(fault.Partial, "destroy stack %s: %d resources are not as they should be", t.o.Stack, len(left)).
		WithLeft(left).WithHint("%s", t.command(destroying(r.KeptData != "")))
}

// proof completes an item and gives a line about one that is not as it should
// be, or cannot be asked for.
func (t *Target) proof(ctx context.Context, item *pipeline.Item, resource presence.Resource) (string, error) {
	line := item.Kind + " " + item.Name
	there, err := t.presence.Exists(ctx, resource)
	switch {
	case errors.Is(err, presence.ErrUnknownType), errors.Is(err, presence.ErrNoParent):
		item.Reason = err.Error()
		return line + ": nobody can be asked whether it is gone", nil
	case forbidden(err):
		item.Reason = err.Error()
		return line + ": you may not ask whether it is gone", err
	case err != nil:
		return "", err
	}
	item.Gone = !there
	switch {
	case there && !item.Kept:
		return line, nil
	case !there && item.Kept:
		return line + ": it was to be kept and is gone", nil
	}
	return "", nil
}

// forbidden tells a right that lacks from credentials that are none. S3 answers
// a HEAD without a body, so its code is the status.
func forbidden(err error) bool {
	code := session.Code(err)
	return strings.HasPrefix(code, "AccessDenied") || code == "Forbidden"
}

// withLeft completes a failed removal with what is still there.
func (t *Target) withLeft(ctx context.Context, r *pipeline.DestroyResult, failed error) error {
	if ctx.Err() != nil || fault.KindOf(failed) == fault.Credentials {
		r.Items = nil
		return failed
	}
	if err := t.prove(ctx, r); fault.KindOf(err) == fault.Partial {
		left := fault.LeftOf(failed)
		for _, line := range fault.LeftOf(err) {
			if !slices.ContainsFunc(left, func(told string) bool { return strings.HasPrefix(told, line) }) {
				left = append(left, line)
			}
		}
		return fault.New(fault.Partial, "%w", failed).WithLeft(left).WithHint("%s", hintOr(failed, t.command(destroying(r.KeptData != ""))))
	}
	return failed
}
