package stack

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/cloud/template"
)

// Input is what the stack shall be.
type Input struct {
	Template []byte // sent without comments; nil keeps the one the stack has
	// Parameters by name. Those that the template lacks are left out; those not
	// given keep the stack's value, or else take the template's default.
	Parameters map[string]string
	// Review sees the changes before they are made; an error withdraws them. Nil
	// agrees. A second attempt after a race in AWS is not reviewed again.
	Review func(ctx context.Context, changes []Change) error
}

// prefix begins the names of our change sets: one of this kind that was left
// behind may be deleted.
const prefix = "pixelctl-"

// token names one operation: its change set, and the events it causes. It fits
// ClientRequestToken and ChangeSetName ([a-zA-Z][-a-zA-Z0-9]*, at most 128).
func token() string { return prefix + rand.Text() }

// values are the parameters of a change set for a stack that has old values.
func (in Input) values(old map[string]string) ([]types.Parameter, error) {
	names := slices.Sorted(maps.Keys(old))
	if in.Template != nil {
		var err error
		if names, err = template.Parameters(in.Template); err != nil {
			return nil, err
		}
	}
	var ps []types.Parameter
	for _, name := range names {
		_, kept := old[name]
		switch v, given := in.Parameters[name]; {
		case given:
			ps = append(ps, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(v)})
		case kept:
			ps = append(ps, types.Parameter{ParameterKey: aws.String(name), UsePreviousValue: aws.Bool(true)})
		}
	}
	return ps, nil
}

// tags are the stack's tags: the given ones and the one that tells it is ours.
func (o Options) tags() []types.Tag {
	all := maps.Clone(o.Tags)
	if all == nil {
		all = map[string]string{}
	}
	all[OwnerTag] = o.Stack
	var tags []types.Tag
	for _, k := range slices.Sorted(maps.Keys(all)) {
		tags = append(tags, types.Tag{Key: aws.String(k), Value: aws.String(all[k])})
	}
	return tags
}
