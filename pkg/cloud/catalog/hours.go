package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/lake"
)

// oddity is what differs in a registered hour from how this program registers.
type oddity struct {
	values   [][]string // registered values that are padded, such as 07
	location string     // where it lies, if not in a directory of its hour
}

// Hours returns the registered hours by time, each once, and the padded names
// of those that are registered with a value such as 07. Expression is Glue's
// filter on the partition keys; "" takes all.
func (e *Engine) Hours(ctx context.Context, expression string) (hours []lake.Hour, padded []string, err error) {
	seen := map[lake.Hour]bool{}
	err = e.partitions(ctx, expression, func(x types.Partition) {
		path := directory(x.Values)
		h, canonical, err := lake.ParseHour(path)
		if err != nil {
			return // no hour: nothing that this program registers or drops
		}
		if e.note(h, x, canonical); !canonical {
			padded = append(padded, path)
		}
		if !seen[h] {
			seen[h] = true
			hours = append(hours, h)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(hours, lake.Hour.Compare)
	slices.Sort(padded)
	return hours, slices.Compact(padded), nil
}

func (e *Engine) partitions(ctx context.Context, expression string, each func(types.Partition)) error {
	in := &glue.GetPartitionsInput{
		DatabaseName: &e.database, TableName: &e.table, ExcludeColumnSchema: aws.Bool(true), MaxResults: aws.Int32(1000),
	}
	if expression != "" {
		in.Expression = &expression
	}
	for p := glue.NewGetPartitionsPaginator(e.c, in); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return session.Explain(err, "list partitions of %s.%s", e.database, e.table)
		}
		for _, x := range page.Partitions {
			each(x)
		}
	}
	return nil
}

// directory gives the Hive path of partition values; "" when there are not as
// many as keys.
func directory(values []string) string {
	keys := lake.PartitionKeys()
	if len(values) != len(keys) {
		return ""
	}
	parts := make([]string, len(keys))
	for i := range keys {
		parts[i] = keys[i].Name + "=" + values[i]
	}
	return strings.Join(parts, "/")
}

// note keeps what Prune and Gone must know of an hour.
func (e *Engine) note(h lake.Hour, p types.Partition, canonical bool) {
	var location string
	if p.StorageDescriptor != nil {
		location = strings.TrimSuffix(aws.ToString(p.StorageDescriptor.Location), "/")
	}
	own := location == "" || within(location, h)
	e.mu.Lock()
	defer e.mu.Unlock()
	if canonical && own {
		return
	}
	o := e.odd[h]
	if !own {
		o.location = location
	}
	if !canonical && !slices.ContainsFunc(o.values, func(v []string) bool { return slices.Equal(v, p.Values) }) {
		o.values = append(o.values, p.Values)
	}
	e.odd[h] = o
}

// within reports whether a location ends in a directory of the hour, padded or not.
func within(location string, h lake.Hour) bool {
	at := strings.LastIndex(location, "/year=")
	if at < 0 {
		return false
	}
	got, _, err := lake.ParseHour(location[at+1:])
	return err == nil && got == h
}

// Newest returns the newest registered hour and, if registered, the one before
// it: as much as Discover needs to find what came since. It asks for the last
// two days, then for the rest.
func (e *Engine) Newest(ctx context.Context) ([]lake.Hour, error) {
	today := e.clock.Now().UTC()
	known, _, err := e.Hours(ctx, day(today.AddDate(0, 0, -1))+" OR "+day(today)+" OR "+day(today.AddDate(0, 0, 1)))
	if err == nil && len(known) == 0 {
		known, _, err = e.Hours(ctx, "")
	}
	if err != nil || len(known) == 0 {
		return nil, err
	}
	floor := before(known[len(known)-1])
	return slices.DeleteFunc(known, func(h lake.Hour) bool { return h.Compare(floor) < 0 }), nil
}

// day is the filter of one day.
func day(t time.Time) string {
	return fmt.Sprintf("(year = %d AND month = %d AND day = %d)", t.Year(), t.Month(), t.Day())
}

// before is the hour before h.
func before(h lake.Hour) lake.Hour {
	t := h.Start().Add(-time.Hour)
	return lake.Hour{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Hour: t.Hour()}
}
