package ui

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pixelctl/pkg/fault"
)

// WriteOut has write draw into the file at path, which a flag named; without a
// path, and for -, to standard output.
func WriteOut(s *Streams, flag, path string, write func(*Streams) error) error {
	if path == "" || path == "-" {
		return write(s)
	}
	return WriteFile(s, flag, path, write)
}

// WriteFile has write draw into a file at path, which a flag named, exactly as
// into a pipe. The file appears whole or not at all, in the place of one that
// was there; a pipe or a device is written as it is. What cannot be written is
// refused before anything is drawn.
func WriteFile(s *Streams, flag, path string, write func(*Streams) error) error {
	target, mode := path, fs.FileMode(0o600)
	if file, err := filepath.EvalSymlinks(path); err == nil {
		target = file
	}
	if info, err := os.Stat(target); err == nil {
		if info.IsDir() {
			return fault.New(fault.Failed, "write %s: it is a directory", path).WithHint("name a file with --%s", flag)
		}
		if !info.Mode().IsRegular() {
			return writeThrough(s, flag, path, write)
		}
		mode = info.Mode().Perm()
	}
	if err := replaceFile(s, flag, path, target, mode, write); err != nil {
		return err
	}
	return s.Say("wrote " + path)
}

// replaceFile puts a new file in the place of target, to which path leads.
func replaceFile(s *Streams, flag, path, target string, mode fs.FileMode, write func(*Streams) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return fault.New(fault.Failed, "create %s: %w", path, reason(err)).WithHint("name a directory that exists and can be written with --%s", flag)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := cmp.Or(write(s.To(f)), f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return ofFile(f, path, err)
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return fmt.Errorf("write %s: %w", path, reason(err))
	}
	return nil
}

// writeThrough writes into what is no file: a file must not take its place.
func writeThrough(s *Streams, flag, path string, write func(*Streams) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fault.New(fault.Failed, "open %s: %w", path, reason(err)).WithHint("name a file that can be written with --%s", flag)
	}
	if err := cmp.Or(write(s.To(f)), f.Close()); err != nil {
		return ofFile(f, path, err)
	}
	return nil
}

// ofFile has an error of the file f name the path that the user gave. What else
// went wrong while it was drawn stays as it is.
func ofFile(f *os.File, path string, err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok && at.Path == f.Name() {
		return fmt.Errorf("write %s: %w", path, at.Err)
	}
	return err
}

// reason is an error of the file system without the names that it was about.
func reason(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	if at, ok := errors.AsType[*os.LinkError](err); ok {
		return at.Err
	}
	return err
}
