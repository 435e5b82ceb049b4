// Package config gives every setting its value and remembers where the value
// came from: flag, environment, project file, user file or default.
package config

import (
	"strconv"
	"strings"

	"pixelctl/pkg/fault"
)

// Level is where a value came from; a higher one wins.
type Level int

// The levels, weakest first.
const (
	Default Level = iota
	UserFile
	ProjectFile
	Environment
	CommandLine
)

// Source is the place that gave a value.
type Source struct {
	Level Level
	Name  string // variable or file; "" for flags and defaults
	Line  int    // line in the file, from 1; else 0
}

// String says the place in words: flag, environment PIXELCTL_X, file F line N
// or default.
func (s Source) String() string {
	switch s.Level {
	case CommandLine:
		return "flag"
	case Environment:
		return "environment " + s.Name
	case ProjectFile, UserFile:
		return "file " + s.Name + " line " + strconv.Itoa(s.Line)
	case Default:
	}
	return "default"
}

// Setting is one flag with its value and where that came from.
type Setting struct {
	Name   string
	Value  string
	Source Source
}

// Flag is what Resolve needs of a command-line flag.
type Flag struct {
	Name    string
	Changed bool               // given on the command line
	List    bool               // may be given several times
	Value   func() string      // the value now
	Set     func(string) error // sets or, for a List, adds
}

// Options are the places to look in.
type Options struct {
	Env         func(string) (string, bool) // as os.LookupEnv
	ProjectFile string                      // "" for none
	Explicit    bool                        // ProjectFile was named by the user and must be there
	UserFile    string                      // "" for none
	ReadFile    func(string) ([]byte, error)
	Known       []string // every name a file may set, whatever the command
	Structured  []string // keys of the project file that others read: their values are passed over
}

// EnvName is the environment twin of a flag: PIXELCTL_ and the name in upper
// case, - as _.
func EnvName(flag string) string {
	return "PIXELCTL_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Resolve sets every flag that the command line left alone from the strongest
// place that names it, and returns all flags in their order. An empty variable
// counts as unset. Files are checked whole, also for keys of other commands.
// Errors are fault.Usage and name their place.
func Resolve(flags []Flag, o Options) ([]Setting, error) {
	user, err := load(o.UserFile, UserFile, o)
	if err != nil {
		return nil, err
	}
	project, err := load(o.ProjectFile, ProjectFile, o)
	if err != nil {
		return nil, err
	}
	out := make([]Setting, 0, len(flags))
	for _, f := range flags {
		src, err := apply(f, o.Env, project, user)
		if err != nil {
			return nil, err
		}
		out = append(out, Setting{Name: f.Name, Value: f.Value(), Source: src})
	}
	return out, nil
}

func apply(f Flag, env func(string) (string, bool), project, user file) (Source, error) {
	if f.Changed {
		return Source{Level: CommandLine}, nil
	}
	if v, ok := lookup(env, EnvName(f.Name)); ok {
		src := Source{Level: Environment, Name: EnvName(f.Name)}
		if err := f.Set(v); err != nil {
			return src, fault.New(fault.Usage, "setting %s from environment %s: %w", f.Name, src.Name, err)
		}
		return src, nil
	}
	if e, ok := project.entries[f.Name]; ok {
		return e.source(ProjectFile, project.name), project.set(f, e)
	}
	if e, ok := user.entries[f.Name]; ok {
		return e.source(UserFile, user.name), user.set(f, e)
	}
	return Source{Level: Default}, nil
}

func lookup(env func(string) (string, bool), name string) (string, bool) {
	if env == nil {
		return "", false
	}
	v, ok := env(name)
	return v, ok && v != ""
}
