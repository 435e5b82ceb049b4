package cloud

import (
	"context"
	"slices"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/pipeline"
)

// Inventory lists the resources of the stack; buckets with what lies in them.
func (t *Target) Inventory(ctx context.Context) (pipeline.Inventory, error) {
	inv := pipeline.Inventory{Stack: t.o.Stack, Target: TargetName}
	d, err := t.owning(ctx, "destroy")
	if err != nil {
		return inv, err
	}
	inv.Items, err = t.items(ctx, d)
	return inv, err
}

// owning is a stack in any state, or the data that one left.
func (t *Target) owning(ctx context.Context, command string) (*deployed, error) {
	d, err := t.deployed(ctx, command)
	if err == nil {
		return d, nil
	}
	return t.readable(ctx, command)
}

func (t *Target) items(ctx context.Context, d *deployed) ([]pipeline.Item, error) {
	resources, err := t.resources(ctx, d)
	if err != nil {
		return nil, err
	}
	items := make([]pipeline.Item, 0, len(resources))
	for _, r := range resources {
		item := pipeline.Item{Kind: r.Type, Name: r.PhysicalID}
		if r.Type == typeBucket {
			u, err := t.bucket.Usage(ctx, r.PhysicalID, "")
			if err != nil {
				return nil, err
			}
			item = withUsage(item, u)
		}
		items = append(items, item)
	}
	return items, nil
}

const (
	typeBucket   = "AWS::S3::Bucket"
	typeDatabase = "AWS::Glue::Database"
	typeTable    = "AWS::Glue::Table"
	typeCrawler  = "AWS::Glue::Crawler"
)

// resources are those of the stack that are there, or the kept ones.
func (t *Target) resources(ctx context.Context, d *deployed) ([]stack.Resource, error) {
	if d.kept {
		return []stack.Resource{
			{Type: typeBucket, PhysicalID: d.data},
			{Type: typeDatabase, PhysicalID: d.database},
		}, nil
	}
	all, err := t.stack("destroy", nil).Resources(ctx, d.stack.ID)
	return slices.DeleteFunc(all, func(r stack.Resource) bool {
		return r.PhysicalID == "" || r.Status == "DELETE_COMPLETE"
	}), err
}

// withUsage counts every version, and the rest of uploads that never ended.
func withUsage(i pipeline.Item, u bucket.Usage) pipeline.Item {
	i.Files, i.Bytes, i.Rows = u.Versions+u.Markers+u.Uploads, u.Bytes, -1
	return i
}
