package cloud_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// others is a stack with buckets named as this program's stacks name theirs.
const others = `Resources:
  DataBucket: {Type: AWS::S3::Bucket}
  ArtifactBucket: {Type: AWS::S3::Bucket}
`

// A stack of somebody else is refused before anything that it names is touched:
// by its tags, and where they look right by its template.
func TestForeignStack(t *testing.T) {
	t.Parallel()
	for name, tags := range map[string]map[string]string{
		"other tags": {"made-by": "somebody else"}, "our tag, their template": {stack.OwnerTag: stackName},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			if _, err := a.fake.CloudFormation.Adopt(stackName, "CREATE_COMPLETE", tags, others); err != nil {
				t.Fatal(err)
			}
			before := len(a.fake.Calls())
			for command, run := range changing() {
				err := run(t.Context(), a.target())
				if fault.KindOf(err) == fault.NotDeployed && tags[stack.OwnerTag] != "" {
					continue // it has no outputs, so these commands find nothing to change
				}
				if fault.KindOf(err) != fault.Failed || !strings.Contains(err.Error(), "somebody else") {
					t.Errorf("%s: %v", command, err)
				}
			}
			for _, c := range a.fake.Calls()[before:] {
				asks := slices.ContainsFunc([]string{"Get", "Describe", "List"}, func(verb string) bool { return strings.HasPrefix(c.Operation, verb) })
				if !asks || c.Service == "s3" {
					t.Errorf("%s:%s was called", c.Service, c.Operation)
				}
			}
		})
	}
}

// changing are the commands that change something.
func changing() map[string]func(context.Context, *cloud.Target) error {
	return map[string]func(context.Context, *cloud.Target) error{
		"deploy": deployOnce,
		"destroy": func(ctx context.Context, p *cloud.Target) error {
			_, err := p.Destroy(ctx, pipeline.DestroyOptions{}, nil)
			return err
		},
		"keep": func(ctx context.Context, p *cloud.Target) error {
			_, err := p.Destroy(ctx, pipeline.DestroyOptions{KeepData: true}, nil)
			return err
		},
		"purge": func(ctx context.Context, p *cloud.Target) error {
			_, err := p.Purge(ctx, pipeline.PurgeOptions{All: true}, nil)
			return err
		},
		"erase": func(ctx context.Context, p *cloud.Target) error {
			_, err := p.EraseSubject(ctx, pipeline.EraseOptions{Subject: anna}, nil)
			return err
		},
		"buffer": func(ctx context.Context, p *cloud.Target) error {
			_, err := p.SetBuffer(ctx, pipeline.BufferOptions{Interval: 5 * time.Minute}, nil)
			return err
		},
		"crawl": func(ctx context.Context, p *cloud.Target) error {
			_, err := p.Crawl(ctx, pipeline.CrawlOptions{}, nil)
			return err
		},
		"repair": func(ctx context.Context, p *cloud.Target) error {
			_, err := p.Repair(ctx, pipeline.RepairOptions{}, nil)
			return err
		},
	}
}
