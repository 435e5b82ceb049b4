package specfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/spec"
)

// maxFile is the size a file may have, in bytes: that of pkg/config.
const maxFile = 1 << 20

// reader collects a spec, its mistakes, and where each path of it stands.
type reader struct {
	name     string
	s        spec.Spec
	mistakes []mistake
	nodes    map[string]*yaml.Node // by path, such as fields[2].type
}

// mistake is a problem at a place of the file.
type mistake struct {
	spec.Problem
	line, col int
}

// document gives the node at the top of the file, or nil for an empty file and
// for one that is no YAML, which is a mistake.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > maxFile {
		r.broken(r.name, fmt.Sprintf("larger than %d bytes", maxFile))
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		r.syntax(err)
		return nil
	}
	switch err := dec.Decode(&more); {
	case err == nil:
		r.wrong(&more, "", "a second document: one is enough")
		return nil
	case !errors.Is(err, io.EOF):
		r.syntax(err)
		return nil
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Tag == "!!null" {
		return nil // nothing but comments
	}
	return doc.Content[0]
}

// yamlLine takes the line out of the library's message, which has it nowhere
// else.
var yamlLine = regexp.MustCompile(`^line (\d+): (.*)$`)

func (r *reader) syntax(err error) {
	if errors.Is(err, io.EOF) {
		return // an empty file
	}
	place, text := r.name, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		place, text = r.name+":"+m[1], m[2]
	}
	r.broken(place, "not YAML: "+text)
}

// broken notes what is wrong with the file as a whole.
func (r *reader) broken(place, message string) {
	r.mistakes = append(r.mistakes, mistake{Problem: spec.Problem{Place: place, Message: message}})
}

// wrong notes a mistake at a node.
func (r *reader) wrong(n *yaml.Node, path, format string, args ...any) *spec.Problem {
	r.mistakes = append(r.mistakes, mistake{
		Problem: spec.Problem{Path: path, Place: r.place(n), Message: fmt.Sprintf(format, args...)},
		line:    n.Line, col: n.Column,
	})
	return &r.mistakes[len(r.mistakes)-1].Problem
}

func (r *reader) place(n *yaml.Node) string { return fmt.Sprintf("%s:%d:%d", r.name, n.Line, n.Column) }

// rules adds what the spec itself finds wrong, at the place of its key or of
// what is nearest to it. What cannot be read is left out of the spec, so only
// what follows from that is not told a second time.
func (r *reader) rules() {
	unread := slices.Clone(r.mistakes)
	for _, p := range r.s.Problems() {
		if slices.ContainsFunc(unread, func(m mistake) bool { return r.follows(p.Path, m.Path) }) {
			continue
		}
		n := r.node(p.Path)
		p.Place = r.name
		if n != nil {
			p.Place = r.place(n)
		} else {
			n = &yaml.Node{}
		}
		r.mistakes = append(r.mistakes, mistake{p, n.Line, n.Column})
	}
}

// follows says whether a problem may be there only because something could not
// be read: that is the same value or a part of it, or the key is missing beside
// a key that is wrong.
func (r *reader) follows(problem, unread string) bool {
	if within(problem, unread) || within(unread, problem) {
		return true
	}
	return r.nodes[problem] == nil && entry(problem) == entry(unread)
}

// within says whether a path is part itself or leads into it.
func within(path, part string) bool {
	rest, ok := strings.CutPrefix(path, part)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// entry is the part of the spec that a path lies in: fields[2] of
// fields[2].source[0], privacy of privacy.ip.
func entry(path string) string {
	before, _, _ := strings.Cut(path, ".")
	return before
}

// node is the node of a path, or of the nearest one above it; nil for none.
func (r *reader) node(path string) *yaml.Node {
	for ; path != ""; path = path[:max(strings.LastIndexAny(path, ".["), 0)] {
		if n, ok := r.nodes[path]; ok {
			return n
		}
	}
	return nil
}

// near hints at the word of list that is most like word, else at all of them.
func near(p *spec.Problem, word string, list []string) {
	p.Hint = "one of " + strings.Join(list, ", ")
	if word := fault.Nearest(word, list); word != "" {
		p.Hint = fmt.Sprintf("did you mean %q?", word)
	}
}
