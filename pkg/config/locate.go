package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"pixelctl/pkg/fault"
)

// ProjectName is the project file looked for in the working directory.
const ProjectName = "pixelctl.yaml"

// maxFile is the size a config file may have, in bytes.
const maxFile = 1 << 20

// Locate fills the files of o: named is the value of --config, "" when not
// given; PIXELCTL_CONFIG stands in for it, then ./pixelctl.yaml if it exists.
// The user file is config.yaml under $XDG_CONFIG_HOME/pixelctl, else under
// ~/.config/pixelctl.
func Locate(o Options, named string) Options {
	if named == "" {
		named, _ = lookup(o.Env, EnvName("config"))
	}
	o.ProjectFile, o.Explicit = named, named != ""
	if named == "" {
		o.ProjectFile = ProjectName
	}
	base, ok := lookup(o.Env, "XDG_CONFIG_HOME")
	if !ok || !filepath.IsAbs(base) { // the XDG rules ignore a relative path
		home, ok := lookup(o.Env, "HOME")
		if !ok {
			return o
		}
		base = filepath.Join(home, ".config")
	}
	o.UserFile = filepath.Join(base, "pixelctl", "config.yaml")
	return o
}

// ReadFile reads a config file of at most 1 MiB. It stops reading there, so
// that an endless device does not fill the memory.
func ReadFile(path string) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// ReadProject reads the project file of o; data is nil when there is none and
// none was named. Errors are fault.Usage.
func ReadProject(o Options) (name string, data []byte, err error) {
	data, err = read(o.ProjectFile, o.Explicit, o)
	return o.ProjectFile, data, err
}

// WriteProject replaces the project file of o, which held before when it was
// read; nil is no file. The file is written whole or not at all, and keeps its
// mode. One that somebody else changed meanwhile is fault.Busy.
func WriteProject(o Options, before, after []byte) (err error) {
	path := o.ProjectFile
	mode := fs.FileMode(0o644)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fault.New(fault.Failed, "write config %s: %w", o.ProjectFile, readCause(err)).WithHint("make its directory writable, or name another file with --config")
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write config %s: %w", o.ProjectFile, err), os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(after)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	now, err := read(o.ProjectFile, false, o)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, before) {
		return fault.New(fault.Busy, "somebody else changed it meanwhile").WithHint("run the command again")
	}
	return os.Rename(f.Name(), path)
}

// readCause drops operation and path from an error of the file system: the
// caller names both.
func readCause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

func tooLarge(n int) error {
	if n <= maxFile {
		return nil
	}
	return fmt.Errorf("larger than %d bytes", maxFile)
}
