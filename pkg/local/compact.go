package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/compact"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
)

// maxStaged bounds what lies in the lake twice while a compaction runs: that
// many bytes are merged, then they take the place of the old files. Questions
// that run at that moment start anew, so it shall be rare.
const maxStaged = 2 << 30

// Compact makes many small files of an hour one. Rows stay as they are, also
// those that are there twice: the views leave copies out.
func (t *Target) Compact(ctx context.Context, o pipeline.CompactOptions, sink pipeline.Sink) (result pipeline.CompactResult, err error) {
	result.DryRun = o.DryRun
	if err := o.Validate(time.Now()); err != nil {
		return result, err
	}
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return result, t.notDeployed(fs.ErrNotExist)
	}
	if !o.DryRun {
		lock, failed := lockOperation(ctx, t.l, "compact")
		if failed != nil {
			return result, failed
		}
		defer func() { err = errors.Join(err, lock.Unlock()) }()
	}
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return result, err
	}
	c := compaction{l: t.l, o: o, sink: sink, swapper: swapper(t.l), result: &result}
	err = c.run(ctx, onDisk.hours)
	return result, err
}

func swapper(l Layout) compact.Swapper {
	return compact.Swapper{FS: disk.OS{}, Data: l.Data(), Staging: l.Compacting(), Journal: l.Compaction()}
}

// compaction is one run.
type compaction struct {
	l       Layout
	o       pipeline.CompactOptions
	sink    pipeline.Sink
	swapper compact.Swapper
	result  *pipeline.CompactResult

	moves  []compact.Move
	merged []pipeline.CompactedPartition // of moves
	staged int64                         // bytes
}

func (c *compaction) run(ctx context.Context, hours []lake.Hour) error {
	hours = slices.DeleteFunc(hours, func(h lake.Hour) bool { return !lake.Covered(h, time.Time{}, c.o.Until) })
	c.result.Looked = len(hours)
	files, err := c.settled(hours)
	if err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	for i, h := range hours {
		c.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "compact", Text: h.Path(), Done: int64(i), Total: int64(len(hours))})
		err := c.soundHour(ctx, h, files[i])
		if err == nil && c.staged >= maxStaged {
			err = c.swap()
		}
		if err != nil {
			err = errors.Join(fmt.Errorf("compact %s: %w", h.Path(), err), c.swapper.Recover())
			return fault.New(fault.KindOf(err), "%w", err).WithHint("see that the disk of %s has room for the new files beside the old; %s goes on", c.l.Dir, c.l.command(c.o.Again()))
		}
	}
	return c.swap()
}

// soundHour is hour without the files that turn out to be damaged: as in a
// question they are named, and the others count.
func (c *compaction) soundHour(ctx context.Context, h lake.Hour, files []string) error {
	moves, staged := len(c.moves), c.staged
	err := c.hour(ctx, h, files)
	if err == nil || ctx.Err() != nil {
		return err
	}
	paths := make([]string, len(files))
	for i, name := range files {
		paths[i] = c.path(h, name)
	}
	damaged, readErr := duck.Damaged(ctx, paths)
	if readErr != nil || len(damaged) == 0 {
		return errors.Join(err, readErr)
	}
	var sound []string
	for i, name := range files {
		if why, bad := damaged[paths[i]]; bad {
			c.sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "compact", Text: "left out " + h.Path() + "/" + name + ": " + why})
		} else {
			sound = append(sound, name)
		}
	}
	c.moves, c.staged = c.moves[:moves], staged
	return c.hour(ctx, h, sound)
}

// hour merges the small files of an hour, or counts them.
func (c *compaction) hour(ctx context.Context, h lake.Hour, files []string) error {
	sizes, err := c.sizes(h, files)
	if err != nil {
		return err
	}
	groups := c.o.Groups(sizes)
	if len(groups) == 0 {
		return nil
	}
	p := pipeline.CompactedPartition{Partition: h.Path(), FilesBefore: len(files), FilesAfter: len(files), BytesAfter: -1, Rows: -1}
	for _, size := range sizes {
		p.BytesBefore += size
	}
	if !c.o.DryRun {
		p.Rows, p.BytesAfter = 0, p.BytesBefore
	}
	for _, group := range groups {
		p.FilesAfter -= len(group) - 1
		if c.o.DryRun {
			continue
		}
		if err := c.merge(ctx, h, files, sizes, group, &p); err != nil {
			return err
		}
	}
	c.merged = append(c.merged, p)
	return nil
}

// sizes gives the bytes of files.
func (c *compaction) sizes(h lake.Hour, files []string) ([]int64, error) {
	sizes := make([]int64, len(files))
	for i, name := range files {
		info, err := os.Stat(c.path(h, name))
		if err != nil {
			return nil, err
		}
		sizes[i] = info.Size()
	}
	return sizes, nil
}

func (c *compaction) path(h lake.Hour, name string) string {
	return filepath.Join(c.l.Data(), filepath.FromSlash(h.Path()), name)
}

// settled lists the files of hours that nothing writes any more. A segment that
// is still in the spool is converted again after a crash, and a question that
// began while it was there reads it from its links: its file stays as it is. The
// lake is listed first: a segment that is gone from the spool afterwards does
// not come back.
func (c *compaction) settled(hours []lake.Hour) ([][]string, error) {
	files := make([][]string, len(hours))
	for i, h := range hours {
		var err error
		if files[i], err = dataNames(c.path(h, "")); err != nil {
			return nil, err
		}
	}
	open, err := openSegments(c.l)
	if err != nil {
		return nil, err
	}
	for i := range files {
		files[i] = slices.DeleteFunc(files[i], func(name string) bool {
			segment, _ := lake.SegmentOf(name)
			return open[segment]
		})
	}
	return files, nil
}

// openSegments are those in the spool, those that questions read, and that of a
// replay which was killed.
func openSegments(l Layout) (map[string]bool, error) {
	open, err := segmentsIn(l.Spool())
	if err != nil {
		return nil, err
	}
	snapshots, err := os.ReadDir(l.Snapshots())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	for _, s := range snapshots {
		read, err := segmentsIn(filepath.Join(l.Snapshots(), s.Name()))
		if err != nil {
			return nil, err
		}
		maps.Copy(open, read)
	}
	j, found, err := loadReplay(l)
	if found {
		open[j.Segment] = true
	}
	return open, err
}

// merge writes the files of a group as one, beside the lake.
func (c *compaction) merge(ctx context.Context, h lake.Hour, files []string, sizes []int64, group []int, p *pipeline.CompactedPartition) error {
	m := compact.Move{Dir: h.Path()}
	paths := make([]string, 0, len(group))
	for _, i := range group {
		m.Replaces = append(m.Replaces, files[i])
		paths = append(paths, c.path(h, files[i]))
		p.BytesAfter -= sizes[i]
	}
	m.File = mergedName(m.Replaces)
	to, err := c.swapper.Stage(m)
	if err != nil {
		return err
	}
	merged, err := duck.Merge(ctx, h, paths, to)
	if err != nil {
		return err
	}
	info, err := os.Stat(to)
	if err != nil {
		return err
	}
	p.Rows += merged.Rows
	p.BytesAfter += info.Size()
	p.Digest = strings.TrimPrefix(p.Digest+" "+merged.Digest, " ")
	c.staged += info.Size()
	c.moves = append(c.moves, m)
	return nil
}

// mergedName derives from the files that are replaced, so that the same ones
// give the same file after a kill.
func mergedName(files []string) string {
	h := sha256.New()
	for _, f := range files {
		h.Write([]byte(f + "\n"))
	}
	return lake.FileName("compact-" + hex.EncodeToString(h.Sum(nil)[:12]))
}

// swap puts what was merged in place.
func (c *compaction) swap() error {
	if len(c.moves) > 0 {
		if err := c.swapper.Swap(c.moves); err != nil {
			return err
		}
	}
	c.result.Partitions = append(c.result.Partitions, c.merged...)
	c.moves, c.merged, c.staged = nil, nil, 0
	return nil
}

// lockOperation keeps other operations out and ends a compaction that was
// killed: every operation finds each row in one file.
func lockOperation(ctx context.Context, l Layout, what string) (unlocker, error) {
	lock, err := lockFile(ctx, l, l.OperationLock(), what)
	if err != nil {
		return nil, err
	}
	if err := swapper(l).Recover(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", what, err), lock.Unlock())
	}
	return lock, nil
}

// unlocker ends a lock.
type unlocker interface{ Unlock() error }
