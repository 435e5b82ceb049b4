package duckdb

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/lake"
)

// partition is an hour of the table and its objects. Two partitions may hold
// the same hour, by month=7 and month=07: its rows count twice, as in Trino.
type partition struct {
	hour    lake.Hour
	bucket  string
	objects []object
	serde   string
}

type object struct {
	key  string
	body []byte
}

func size(list []partition) (bytes int64) {
	for _, p := range list {
		for _, o := range p.objects {
			bytes += int64(len(o.body))
		}
	}
	return bytes
}

// partitions gives those that Athena sees: the projected ones when projection
// is on, whatever is registered, else the registered ones.
func (b *Backend) partitions(ctx context.Context, t glue.Table) ([]partition, error) {
	if t.Parameters["projection.enabled"] == "true" {
		return b.projected(ctx, t)
	}
	registered, err := b.catalog.Partitions(ctx, t.DatabaseName, t.Name)
	if err != nil {
		return nil, err
	}
	var list []partition
	for _, r := range registered {
		hour, err := hourOf(r.Values)
		if err != nil {
			return nil, err
		}
		d := r.StorageDescriptor
		if d == nil {
			d = t.StorageDescriptor
		}
		one := partition{hour: hour, serde: serdeOf(d)}
		if err := b.read(ctx, &one, d.Location); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func serdeOf(d *glue.StorageDescriptor) string {
	if d == nil || d.SerdeInfo == nil {
		return ""
	}
	return d.SerdeInfo.SerializationLibrary
}

// hourOf reads the values of a partition, which may be padded.
func hourOf(values []string) (lake.Hour, error) {
	var n [4]int
	if len(values) != len(n) {
		return lake.Hour{}, athena.Fail("HIVE_INVALID_METADATA", "Expected %d partition key values, but got %d", len(n), len(values))
	}
	for i, v := range values {
		var err error
		if n[i], err = strconv.Atoi(v); err != nil {
			return lake.Hour{}, athena.Fail("HIVE_INVALID_PARTITION_VALUE", "Invalid partition value '%s' for integer partition key", v)
		}
	}
	return lake.Hour{Year: n[0], Month: n[1], Day: n[2], Hour: n[3]}, nil
}

// read gets the objects below a location but for hidden ones.
func (b *Backend) read(ctx context.Context, p *partition, at string) error {
	bucket, prefix, ok := athena.SplitURL(at)
	if !ok {
		return athena.Fail("HIVE_INVALID_METADATA", "Partition location is not valid: %s", at)
	}
	prefix = strings.TrimSuffix(prefix, "/") + "/"
	keys, err := b.store.List(ctx, bucket, prefix)
	if err != nil {
		return fmt.Errorf("list s3://%s/%s: %w", bucket, prefix, err)
	}
	p.bucket = bucket
	for _, key := range keys {
		if err := b.get(ctx, p, key); err != nil {
			return err
		}
	}
	return nil
}

func (b *Backend) get(ctx context.Context, p *partition, key string) error {
	if name := path.Base(key); strings.HasSuffix(key, "/") || name[0] == '.' || name[0] == '_' {
		return nil
	}
	body, err := b.store.Get(ctx, p.bucket, key)
	if err != nil {
		return fmt.Errorf("get s3://%s/%s: %w", p.bucket, key, err)
	}
	if len(body) > 0 {
		p.objects = append(p.objects, object{key, body})
	}
	return nil
}

// projected finds the objects of the partitions that the table's properties
// span. Directories are as the properties write them: without digits, year=2026
// and month=7; an object in month=07 is not seen.
func (b *Backend) projected(ctx context.Context, t glue.Table) ([]partition, error) {
	bucket, prefix, ok := athena.SplitURL(t.StorageDescriptor.Location)
	if !ok {
		return nil, athena.Fail("HIVE_INVALID_METADATA", "Table location is not valid: %s", t.StorageDescriptor.Location)
	}
	prefix = strings.TrimSuffix(prefix, "/") + "/"
	keys, err := b.store.List(ctx, bucket, prefix)
	if err != nil {
		return nil, err
	}
	var list []partition
	for _, key := range keys {
		hour, canonical, err := lake.ParseHour(strings.TrimPrefix(path.Dir(key), prefix))
		if err != nil || !canonical {
			continue
		}
		within, err := inRanges(t.Parameters, hour)
		if err != nil {
			return nil, err
		}
		if !within {
			continue
		}
		if n := len(list); n == 0 || list[n-1].hour != hour {
			list = append(list, partition{hour: hour, bucket: bucket, serde: serdeOf(t.StorageDescriptor)})
		}
		if err := b.get(ctx, &list[len(list)-1], key); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// inRanges tells whether projection has an hour.
func inRanges(properties map[string]string, h lake.Hour) (bool, error) {
	for key, value := range map[string]int{"year": h.Year, "month": h.Month, "day": h.Day, "hour": h.Hour} {
		text := properties["projection."+key+".range"]
		var low, high int
		if n, err := fmt.Sscanf(text, "%d,%d", &low, &high); err != nil || n != 2 || properties["projection."+key+".type"] != "integer" {
			return false, athena.Fail("INVALID_TABLE_PROPERTY", "The fake projects integers with a range; projection.%s.range is %q", key, text)
		}
		if value < low || value > high {
			return false, nil
		}
	}
	return true, nil
}
