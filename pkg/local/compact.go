package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

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
		lock, err := lockOperation(ctx, t.l, "compact")
		if err != nil {
			return result, err
		}
		defer func() { err = errors.Join(err, lock.Unlock()) }()
	}
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return result, err
	}
	c := compaction{l: t.l, o: o, sink: sink, swapper: swapper(t.l), result: &result}
	return result, c.run(ctx, onDisk.hours)
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
	for i, h := range hours {
		if !lake.Covered(h, time.Time{}, c.o.Until) {
			continue
		}
		c.result.Looked++
		c.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "compact", Text: h.Path(), Done: int64(i), Total: int64(len(hours))})
		err := c.hour(ctx, h)
		if err == nil && c.staged >= maxStaged {
			err = c.swap()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("compact %s: %w", h.Path(), err), c.swapper.Recover())
		}
	}
	return c.swap()
}

// hour merges the small files of an hour, or counts them.
func (c *compaction) hour(ctx context.Context, h lake.Hour) error {
	files, sizes, err := c.settled(h)
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

// settled lists the files of an hour that nothing writes any more. A segment
// that is still in the spool is converted again after a crash, and a question
// that began while it was there reads it from its links: its file stays as it
// is. The lake is listed first: a segment that is gone from the spool
// afterwards does not come back.
func (c *compaction) settled(h lake.Hour) (files []string, sizes []int64, err error) {
	dir := filepath.Join(c.l.Data(), filepath.FromSlash(h.Path()))
	names, err := dataNames(dir)
	if err != nil {
		return nil, nil, err
	}
	open, err := openSegments(c.l)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		if segment, _ := lake.SegmentOf(name); open[segment] {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			return nil, nil, err
		}
		files, sizes = append(files, name), append(sizes, info.Size())
	}
	return files, sizes, nil
}

// openSegments are those in the spool, those that questions read, and that of a
// replay which was killed.
func openSegments(l Layout) (map[string]bool, error) {
	dirs := []string{l.Spool()}
	snapshots, err := os.ReadDir(l.Snapshots())
	for _, s := range snapshots {
		dirs = append(dirs, filepath.Join(l.Snapshots(), s.Name()))
	}
	open := map[string]bool{}
	for _, dir := range dirs {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			break
		}
		var entries []fs.DirEntry
		entries, err = os.ReadDir(dir)
		for _, e := range entries {
			if segment, ok := segmentID(e.Name()); ok {
				open[segment] = true
			}
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list spool: %w", err)
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
		paths = append(paths, filepath.Join(c.l.Data(), filepath.FromSlash(h.Path()), files[i]))
		p.BytesAfter -= sizes[i]
	}
	m.File = mergedName(m.Replaces)
	to, err := c.swapper.Stage(m)
	if err != nil {
		return err
	}
	merged, err := duck.Merge(ctx, paths, to)
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
