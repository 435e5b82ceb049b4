package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

// Limits of one call (Glue API, BatchCreatePartition and BatchDeletePartition).
const (
	mostCreated = 100
	mostDeleted = 25
)

// Register adds hours to the catalog and returns, by time, those that were not
// registered before. Location is the directory above year=…, as s3:// URL.
// Partitions take format and columns from the table; an hour that Discover
// found only under a padded name keeps its values unpadded and points there.
func (e *Engine) Register(ctx context.Context, hours []lake.Hour, location string) (added []lake.Hour, err error) {
	if len(hours) == 0 {
		return nil, nil
	}
	table, err := e.get(ctx)
	if err != nil {
		return nil, err
	}
	descriptor := *table.StorageDescriptor
	create := func(ctx context.Context, some []lake.Hour) ([]types.PartitionError, error) {
		inputs := make([]types.PartitionInput, len(some))
		for i, h := range some {
			own := descriptor
			own.Location = aws.String(e.place(h, location))
			inputs[i] = types.PartitionInput{Values: values(h), StorageDescriptor: &own}
		}
		out, err := e.c.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{
			DatabaseName: &e.database, TableName: &e.table, PartitionInputList: inputs,
		})
		if err != nil {
			return nil, session.Explain(err, "register partitions of %s.%s", e.database, e.table)
		}
		return out.Errors, nil
	}
	hours = sorted(hours)
	b := batches[lake.Hour]{most: mostCreated, done: "AlreadyExistsException", values: values, call: create, wait: e.rest}
	added, left, err := b.run(ctx, hours)
	if err == nil && len(left) > 0 {
		err = fault.New(fault.Partial, "register partitions of %s.%s: %d of %d were refused", e.database, e.table, len(left), len(hours)).
			WithLeft(left).WithHint("pixelctl repair")
	}
	return added, err
}

// place is the location of an hour.
func (e *Engine) place(h lake.Hour, location string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	dir, padded := e.dirs[h]
	if !padded {
		dir = h.Path()
	}
	return strings.TrimSuffix(location, "/") + "/" + dir + "/"
}

// Prune takes hours out of the catalog and returns, by time, those that were
// registered. Names that Hours saw padded are taken out with them.
func (e *Engine) Prune(ctx context.Context, hours []lake.Hour) (dropped []lake.Hour, err error) {
	drop := func(ctx context.Context, some [][]string) ([]types.PartitionError, error) {
		list := make([]types.PartitionValueList, len(some))
		for i := range some {
			list[i].Values = some[i]
		}
		out, err := e.c.BatchDeletePartition(ctx, &glue.BatchDeletePartitionInput{
			DatabaseName: &e.database, TableName: &e.table, PartitionsToDelete: list,
		})
		if err != nil {
			return nil, session.Explain(err, "drop partitions of %s.%s", e.database, e.table)
		}
		return out.Errors, nil
	}
	names := e.names(hours)
	b := batches[[]string]{most: mostDeleted, done: missing, values: func(v []string) []string { return v }, call: drop, wait: e.rest}
	went, left, err := b.run(ctx, names)
	for _, v := range went {
		if h, _, parseErr := lake.ParseHour(directory(v)); parseErr == nil {
			dropped = append(dropped, h)
		}
	}
	if err == nil && len(left) > 0 {
		err = fault.New(fault.Partial, "drop partitions of %s.%s: %d of %d were refused", e.database, e.table, len(left), len(names)).
			WithLeft(left).WithHint("pixelctl repair --prune")
	}
	return sorted(dropped), err
}

// names gives the values under which hours may be registered: unpadded, and as
// Hours saw them.
func (e *Engine) names(hours []lake.Hour) [][]string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all [][]string
	for _, h := range sorted(hours) {
		all = append(all, values(h))
		all = append(all, e.odd[h].values...)
	}
	return all
}

// rest is the pause before what Glue refused is sent again.
func (e *Engine) rest(ctx context.Context) error { return e.clock.Wait(ctx, time.Second) }

func sorted(hours []lake.Hour) []lake.Hour {
	all := slices.SortedFunc(slices.Values(hours), lake.Hour.Compare)
	return slices.Compact(all)
}

// values are the partition values of an hour, unpadded.
func values(h lake.Hour) []string {
	return []string{strconv.Itoa(h.Year), strconv.Itoa(h.Month), strconv.Itoa(h.Day), strconv.Itoa(h.Hour)}
}

// batches sends many entries, most in a call, and what a call refuses once more.
type batches[T any] struct {
	most   int
	done   string // code of an entry that is already as it shall be
	values func(T) []string
	call   func(ctx context.Context, some []T) ([]types.PartitionError, error)
	wait   func(ctx context.Context) error // before the second try
}

func detailOf(x types.PartitionError) types.ErrorDetail {
	if x.ErrorDetail == nil {
		return types.ErrorDetail{}
	}
	return *x.ErrorDetail
}

// run returns the entries that a call took and, as lines, those that it refused
// twice. What the calls before a failed one took is returned with the error.
func (b batches[T]) run(ctx context.Context, all []T) (took []T, left []string, err error) {
	for some := range slices.Chunk(all, b.most) {
		ok, refused, _, err := b.once(ctx, some)
		took = append(took, ok...)
		if err == nil && len(refused) > 0 {
			var lines []string
			ok, lines, err = b.again(ctx, refused)
			took, left = append(took, ok...), append(left, lines...)
		}
		if err != nil {
			return took, left, err
		}
	}
	return took, left, nil
}

func (b batches[T]) again(ctx context.Context, refused []T) (took []T, lines []string, err error) {
	if err := b.wait(ctx); err != nil {
		return nil, nil, err
	}
	took, _, lines, err = b.once(ctx, refused)
	return took, lines, err
}

func (b batches[T]) once(ctx context.Context, some []T) (took, refused []T, lines []string, err error) {
	list, err := b.call(ctx, some)
	if err != nil {
		return nil, nil, nil, err
	}
	codes := make(map[string]types.ErrorDetail, len(list))
	for _, x := range list {
		codes[directory(x.PartitionValues)] = detailOf(x)
	}
	for _, x := range some {
		path := directory(b.values(x))
		detail, failed := codes[path]
		switch {
		case !failed:
			took = append(took, x)
		case aws.ToString(detail.ErrorCode) != b.done:
			refused = append(refused, x)
			lines = append(lines, fmt.Sprintf("%s: %s", path, aws.ToString(detail.ErrorCode)))
		}
	}
	return took, refused, lines, nil
}
