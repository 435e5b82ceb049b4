package disk

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Walk calls visit for every file under dir, in order of name. A dir that is
// not there has no files, and a file that vanishes meanwhile is left out.
func Walk(fsys FS, dir string, visit func(path string, info fs.FileInfo) error) error {
	entries, err := fsys.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			if err := Walk(fsys, path, visit); err != nil {
				return err
			}
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := visit(path, info); err != nil {
			return err
		}
	}
	return nil
}
