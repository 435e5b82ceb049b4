package disktest

import (
	"io/fs"

	"pixelctl/pkg/local/disk"
)

// Usage counts the files under dir and their bytes.
func Usage(fsys disk.FS, dir string) (files, bytes int64, err error) {
	err = disk.Walk(fsys, dir, func(_ string, info fs.FileInfo) error {
		files++
		bytes += info.Size()
		return nil
	})
	return files, bytes, err
}
