package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/local/spool"
	"pixelctl/pkg/pipeline"
)

// flushOffline empties the spool when no server runs, and keeps one from
// starting meanwhile.
func (t *Target) flushOffline(ctx context.Context) (result pipeline.FlushResult, err error) {
	lock, err := lockFile(ctx, t.l, t.l.ServerLock(), "flush")
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	schema, err := settingsSchema(t.l)
	if err != nil {
		return result, err
	}
	f := flush.New(flush.Options{
		Lake: t.l.Lake(), FS: disk.OS{}, Converter: t.o.Converter, Schema: func() event.Schema { return schema },
	})
	if err := f.Recover(); err != nil {
		return result, err
	}
	s, _, err := spool.Open(spool.Options{Dir: t.l.Spool(), ErrorsDir: t.l.Errors()})
	if err != nil {
		return result, err
	}
	if exists(t.l.Counts()) { // only what the spool holds can be counted
		err = saveCounts(t.l, loadCounts(t.l))
	}
	if err == nil {
		result, err = flushSpool(ctx, s, f)
	}
	if err != nil {
		err = fmt.Errorf("flush spool: %w", err)
	}
	return result, errors.Join(err, s.Close())
}

// segmentID is the segment of a spool file.
func segmentID(name string) (string, bool) { return strings.CutSuffix(name, spool.Suffix) }

// segmentsIn are those whose files lie in a directory; none when it is gone.
func segmentsIn(dir string) (map[string]bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	in := map[string]bool{}
	for _, e := range entries {
		if id, ok := segmentID(e.Name()); ok {
			in[id] = true
		}
	}
	return in, nil
}

// awaitFree waits until no process holds the server lock.
func (t *Target) awaitFree(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	for {
		held, err := lockHeld(t.l.ServerLock())
		if err != nil || !held {
			return err
		}
		if err := sleep(ctx, lockRetry); err != nil {
			return fmt.Errorf("wait for server pid %s to end: %w", holder(t.l.ServerLock()), err)
		}
	}
}
