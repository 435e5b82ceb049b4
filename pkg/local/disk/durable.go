package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
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

// MkdirAll makes dir and its parents, each durable before the next is made.
// So only the deepest directory that exists already can be one whose maker
// was killed before it was durable, and that one is made so too.
func MkdirAll(fsys FS, dir string, perm fs.FileMode) error {
	if err := mkdirAll(fsys, filepath.Clean(dir), perm); err != nil {
		return fmt.Errorf("make directory %s: %w", dir, err)
	}
	return nil
}

func mkdirAll(fsys FS, dir string, perm fs.FileMode) error {
	parent := filepath.Dir(dir)
	if parent == dir {
		return nil
	}
	info, err := fsys.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
	case err == nil:
		// A parent that may not be read is not one in which we made anything.
		if err := fsys.SyncDir(parent); err != nil && !errors.Is(err, fs.ErrPermission) {
			return err
		}
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := mkdirAll(fsys, parent, perm); err != nil {
		return err
	}
	if err := fsys.MkdirAll(dir, perm); err != nil {
		return err
	}
	return fsys.SyncDir(parent)
}
