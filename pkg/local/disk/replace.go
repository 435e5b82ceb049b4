package disk

import (
	"fmt"
	"path/filepath"
)

// Replace puts the file from in the place of to, durably: after a crash to
// holds the old or the new content, whole. Both lie in one directory.
func Replace(fsys FS, from, to string) error {
	if err := SyncFile(fsys, from); err != nil {
		return fmt.Errorf("replace %s: %w", to, err)
	}
	if err := fsys.Rename(from, to); err != nil {
		return fmt.Errorf("replace %s: %w", to, err)
	}
	if err := fsys.SyncDir(filepath.Dir(to)); err != nil {
		return fmt.Errorf("replace %s: %w", to, err)
	}
	return nil
}
