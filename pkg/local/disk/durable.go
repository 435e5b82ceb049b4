package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// TempSuffix ends the name of a file that WriteAtomic has not finished. One
// that is found is left over from a killed process; the next WriteAtomic to
// the same path replaces it.
const TempSuffix = ".tmp"

// WriteFileAtomic replaces path by data: after a crash at any point it holds
// the old bytes or the new ones, and after a nil error the new ones. There
// must be one writer of a path at a time.
func WriteFileAtomic(fsys FS, path string, data []byte, perm fs.FileMode) error {
	return WriteAtomic(fsys, path, perm, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteAtomic is WriteFileAtomic for contents that fill writes.
func WriteAtomic(fsys FS, path string, perm fs.FileMode, fill func(io.Writer) error) error {
	temp := path + TempSuffix
	if err := writeSynced(fsys, temp, perm, fill); err != nil {
		// The error that counts is the one that stopped the write.
		return errors.Join(fmt.Errorf("write %s: %w", path, err), RemoveIfExists(fsys, temp))
	}
	if err := fsys.Rename(temp, path); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), RemoveIfExists(fsys, temp))
	}
	if err := fsys.SyncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func writeSynced(fsys FS, path string, perm fs.FileMode, fill func(io.Writer) error) error {
	f, err := fsys.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// SyncFile makes the bytes of a file that is already written durable.
func SyncFile(fsys FS, path string) error {
	f, err := fsys.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// RemoveIfExists is Remove that does not mind when there is nothing.
func RemoveIfExists(fsys FS, path string) error {
	if err := fsys.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// MkdirAll makes dir, which lies under root, and makes every entry on the way
// durable. It syncs directories that exist too: whoever made them may have
// been killed before they did.
func MkdirAll(fsys FS, root, dir string, perm fs.FileMode) error {
	rel, err := filepath.Rel(root, dir)
	if err != nil || !filepath.IsLocal(rel) {
		return fmt.Errorf("make directory %s: not under %s", dir, root)
	}
	if err := fsys.MkdirAll(dir, perm); err != nil {
		return fmt.Errorf("make directory %s: %w", dir, err)
	}
	parent := root
	for name := range strings.SplitSeq(rel, string(filepath.Separator)) {
		if err := fsys.SyncDir(parent); err != nil {
			return fmt.Errorf("make directory %s: %w", dir, err)
		}
		parent = filepath.Join(parent, name)
	}
	return nil
}
