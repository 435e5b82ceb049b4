package local

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/reject"
)

// purgeErrors removes the lines that never became rows: they hold the raw
// request. With --all torn ends go too; they carry no time of their own.
func (t *Target) purgeErrors(o pipeline.PurgeOptions, result *pipeline.PurgeResult) error {
	if o.All {
		err := walkFiles(t.l.Errors(), "", func(_ string, info fs.FileInfo) error {
			result.Removed++
			result.Bytes += info.Size()
			return nil
		})
		if err == nil {
			err = os.RemoveAll(t.l.Errors())
		}
		if err != nil {
			return fmt.Errorf("purge errors: %w", err)
		}
		return nil
	}
	return walkFiles(t.l.Errors(), errorSuffix, func(path string, info fs.FileInfo) error {
		return purgeErrorFile(path, info, o, result)
	})
}

func purgeErrorFile(path string, info fs.FileInfo, o pipeline.PurgeOptions, result *pipeline.PurgeResult) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var kept []byte
	for line := range bytes.Lines(b) {
		if !inWindow(line, o) {
			kept = append(kept, line...)
		}
	}
	switch {
	case len(kept) == len(b):
		return nil
	case len(kept) == 0:
		result.Removed++
		result.Bytes += info.Size()
		return os.Remove(path)
	}
	result.Rewritten++
	result.Bytes += int64(len(b) - len(kept))
	return disk.WriteFileAtomic(disk.OS{}, path, kept, filePerm)
}

// inWindow keeps lines whose time cannot be read: nobody asked to remove them.
func inWindow(line []byte, o pipeline.PurgeOptions) bool {
	at, err := reject.Arrival(line)
	if err != nil {
		return false
	}
	return (o.Since.IsZero() || !at.Before(o.Since)) && (o.Until.IsZero() || at.Before(o.Until))
}
