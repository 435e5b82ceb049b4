package config

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/fault"
)

// file is a config file read and checked.
type file struct {
	name    string
	level   Level // UserFile or ProjectFile
	entries map[string]entry
}

// entry is the value of one key; a scalar has one element.
type entry struct {
	values    []string
	list      bool
	line, col int
}

func (e entry) source(l Level, name string) Source {
	return Source{Level: l, Name: name, Line: e.line}
}

func (f file) set(flag Flag, e entry) error {
	if e.list && !flag.List {
		return f.wrong(e.line, e.col, "setting %s: takes one value, not a list", flag.Name)
	}
	for _, v := range e.values {
		if err := flag.Set(v); err != nil {
			return f.wrong(e.line, e.col, "setting %s: %w", flag.Name, err)
		}
	}
	return nil
}

// wrong is an error at a place of the file.
func (f file) wrong(line, col int, format string, args ...any) *fault.Error {
	args = append([]any{f.name, line, col}, args...)
	return fault.New(fault.Usage, "%s:%d:%d: "+format, args...)
}

// load reads the file at path. A file that is not there is empty, unless it
// must be.
func load(path string, level Level, o Options) (file, error) {
	f, must := file{name: path, level: level}, level == ProjectFile && o.Explicit
	if path == "" {
		return f, nil
	}
	data, err := read(path, must, o)
	if err != nil {
		return f, err
	}
	err = f.parse(data, o)
	return f, err
}

// read gives the bytes of a file; nil when it is not there and need not be.
func read(path string, must bool, o Options) ([]byte, error) {
	data, err := o.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return nil, nil
	}
	if err == nil {
		err = tooLarge(len(data))
	}
	if err != nil {
		return nil, fault.New(fault.Usage, "read config %s: %w", path, readCause(err)).
			WithHint("make it a readable YAML file, or name another one with --config")
	}
	return data, nil
}

// parse fills the entries. Nodes keep the places, and aliases stay unexpanded.
func (f *file) parse(data []byte, o Options) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return f.syntax(err)
	}
	if err := dec.Decode(&more); err == nil {
		return f.wrong(more.Line, more.Column, "a second document: one is enough")
	} else if !errors.Is(err, io.EOF) {
		return f.syntax(err)
	}
	if len(doc.Content) == 0 {
		return nil
	}
	return f.mapping(doc.Content[0], o)
}

func (f *file) mapping(n *yaml.Node, o Options) error {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil // only comments
	}
	if n.Kind != yaml.MappingNode {
		return f.wrong(n.Line, n.Column, "not a mapping of settings").WithHint("write one setting a line, such as: buffer: 60s")
	}
	f.entries = make(map[string]entry, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if err := f.pair(n.Content[i], n.Content[i+1], o); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) pair(key, value *yaml.Node, o Options) error {
	if key.Kind != yaml.ScalarNode {
		return f.wrong(key.Line, key.Column, "a key must be a name")
	}
	if first, ok := f.entries[key.Value]; ok {
		return f.wrong(key.Line, key.Column, "key %q is already set in line %d", key.Value, first.line)
	}
	if slices.Contains(o.Structured, key.Value) {
		return f.structured(key)
	}
	if !slices.Contains(o.Known, key.Value) {
		err := f.wrong(key.Line, key.Column, "unknown key %q", key.Value)
		if near := fault.Nearest(key.Value, slices.Concat(o.Known, o.Structured)); near != "" {
			return err.WithHint("did you mean %q?", near)
		}
		return err
	}
	e := entry{line: key.Line, col: key.Column}
	items := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		e.list, items = true, value.Content
	}
	for _, item := range items {
		v, err := f.scalar(key.Value, item)
		if err != nil {
			return err
		}
		e.values = append(e.values, v)
	}
	f.entries[key.Value] = e
	return nil
}

// structured notes the place of a key whose value others read.
func (f *file) structured(key *yaml.Node) error {
	if f.level == UserFile {
		return f.wrong(key.Line, key.Column, "key %q belongs to one stack, and this file to all of yours", key.Value).
			WithHint("move it to the project's pixelctl.yaml")
	}
	f.entries[key.Value] = entry{line: key.Line, col: key.Column}
	return nil
}

func (f *file) scalar(key string, n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode {
		return "", f.wrong(n.Line, n.Column, "key %q takes a single value or a list of them", key)
	}
	switch n.Tag {
	case "!!str", "!!int", "!!float", "!!bool", "!!timestamp":
		return n.Value, nil
	case "!!null":
		return "", f.wrong(n.Line, n.Column, "key %q has no value", key)
	}
	return "", f.wrong(n.Line, n.Column, "key %q has a value of type %q", key, n.Tag)
}

// yamlLine takes the line out of the library's message, which has it nowhere
// else.
var yamlLine = regexp.MustCompile(`^line (\d+): (.*)$`)

func (f *file) syntax(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		return fault.New(fault.Usage, "%s:%s: not YAML: %s", f.name, m[1], m[2])
	}
	return fault.New(fault.Usage, "%s: not YAML: %s", f.name, text)
}
