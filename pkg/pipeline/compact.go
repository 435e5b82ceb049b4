package pipeline

import (
	"fmt"
	"time"

	"pixelctl/pkg/fault"
)

// Sizes of a file that compact makes.
const (
	DefaultTarget = 128 << 20
	minTarget     = 1 << 20
	maxTarget     = 1 << 30
)

// CompactOptions choose the partitions whose files become fewer.
type CompactOptions struct {
	Until      time.Time // only hours that ended by then
	TargetSize int64     // bytes that a file shall not exceed; 0 is DefaultTarget
	DryRun     bool
}

// Validate refuses options that name no hour, hours that are not over, or a
// size that no engine reads well. It fills in the default size.
func (o *CompactOptions) Validate(now time.Time) error {
	if o.TargetSize == 0 {
		o.TargetSize = DefaultTarget
	}
	switch {
	case o.Until.IsZero():
		return fault.New(fault.Usage, "compact: no end is given").WithHint("pixelctl compact --until 1h")
	case o.Until.After(now):
		return fault.New(fault.Usage, "compact: --until %s is in the future: files of those hours are still written", o.Until.UTC().Format(time.RFC3339)).
			WithHint("pixelctl compact --until 1h")
	case o.TargetSize < minTarget || o.TargetSize > maxTarget:
		return fault.New(fault.Usage, "compact: --target-size %d is not between 1MB and 1GB", o.TargetSize).WithHint("--target-size 128MB")
	}
	return nil
}

// Again is the command that goes on with the same hours, without the stack's
// flags.
func (o CompactOptions) Again() string {
	if o.Until.IsZero() {
		return "compact --until 1d"
	}
	return "compact --until " + o.Until.UTC().Format(time.RFC3339)
}

// CompactedPartition is one partition whose files became fewer.
type CompactedPartition struct {
	Partition   string `json:"partition"` // year=2026/month=7/day=5/hour=9
	FilesBefore int    `json:"files_before"`
	FilesAfter  int    `json:"files_after"`
	BytesBefore int64  `json:"bytes_before"`
	BytesAfter  int64  `json:"bytes_after"`      // -1 in a dry run
	Rows        int64  `json:"rows"`             // in the files that were written anew; -1 in a dry run
	Digest      string `json:"digest,omitempty"` // of these rows, whatever their order, one each new file: the same before and after
}

// CompactResult is the outcome of Compact.
type CompactResult struct {
	Looked     int                  `json:"looked"` // partitions in the window
	Partitions []CompactedPartition `json:"partitions"`
	DryRun     bool                 `json:"dry_run"`
	Note       string               `json:"note,omitempty"`
	Dollars    float64              `json:"dollars,omitempty"` // list price of what it read
	Calls      []string             `json:"calls,omitempty"`   // of a dry run on AWS
}

// Groups packs files of these sizes, in their order, into files of at most
// target bytes. Only groups of two or more are given, as indexes.
func (o CompactOptions) Groups(sizes []int64) [][]int {
	var groups [][]int
	var group []int
	var sum int64
	end := func() {
		if len(group) > 1 {
			groups = append(groups, group)
		}
		group, sum = nil, 0
	}
	for i, size := range sizes {
		if sum+size > o.TargetSize {
			end()
		}
		if size < o.TargetSize {
			group, sum = append(group, i), sum+size
		}
	}
	end()
	return groups
}

// When compacting is worth it: a question opens each file, whatever is in it,
// and files below a megabyte cost it more to open than to read.
const (
	manyFiles = 240     // the files of four hours at a buffer of 60 s
	smallFile = 1 << 20 // bytes, on average
)

// ManyFiles says when a table has so many small files that compacting it is
// worth it, with the command.
func ManyFiles(data Stored, partitions int, command string) (Problem, bool) {
	if data.Files < manyFiles || data.Files < 4*int64(partitions) || data.Bytes/data.Files >= smallFile {
		return Problem{}, false
	}
	return Problem{
		What:   fmt.Sprintf("%d files of %d kB on average lie in %d hours: questions open each of them", data.Files, data.Bytes/data.Files/1000, partitions),
		Action: command,
	}, true
}
