package specfile

import (
	"bytes"
	"cmp"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/fault"
)

// SaveQuery returns the file with a statement under a name. Every other byte
// stays: the nodes of the file only tell which lines are the entry's, because
// writing nodes anew would lose blank lines and indents. What would not be read
// again as it is meant is refused.
func SaveQuery(name string, data []byte, q Query) ([]byte, error) {
	before, err := Queries(name, data)
	if err != nil {
		return nil, err
	}
	e := editor{lines: lines(data), end: "\n"}
	if bytes.Contains(data, []byte("\r\n")) {
		e.end = "\r\n"
	}
	if err := e.save(name, data, q); err != nil {
		return nil, err
	}
	out := []byte(strings.Join(e.lines, ""))
	after, err := Queries(name, out)
	if err != nil || !reflect.DeepEqual(after, with(before, q)) || !sameRest(data, out) {
		return nil, fault.New(fault.Failed, "save query %s: %s would not say the same with it", q.Name, name).
			WithHint("write it below %s: by hand, one name a line", QueriesKey)
	}
	return out, nil
}

// with has q in the place of its name, or last.
func with(list []Query, q Query) []Query {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, func(o Query) bool { return o.Name == q.Name }); i >= 0 {
		list[i] = q
		return list
	}
	return append(list, q)
}

// sameRest tells whether all other keys have their values.
func sameRest(a, b []byte) bool {
	read := func(data []byte) map[string]any {
		out := map[string]any{}
		if err := yaml.Unmarshal(data, &out); err != nil {
			return nil
		}
		delete(out, QueriesKey)
		return out
	}
	x, y := read(a), read(b)
	return x != nil && reflect.DeepEqual(x, y)
}

// editor changes the lines of a file.
type editor struct {
	lines []string // with their ends
	end   string   // of a line
}

func lines(data []byte) []string { return slices.Collect(strings.Lines(string(data))) }

func (e *editor) save(name string, data []byte, q Query) error {
	r := &reader{name: name, nodes: map[string]*yaml.Node{}}
	root := r.document(data)
	if root == nil {
		e.insert(len(e.lines), append([]string{QueriesKey + ":" + e.end}, e.entry(q, "  ")...))
		return nil
	}
	key, value := pairOf(root, QueriesKey)
	switch {
	case root.Style == yaml.FlowStyle || key != nil && value.Kind == yaml.MappingNode && value.Style == yaml.FlowStyle && len(value.Content) > 0:
		return fault.New(fault.Usage, "save query %s: %s has its keys in braces", q.Name, name).
			WithHint("write one key a line, each query below %s:", QueriesKey)
	case key == nil:
		indent := strings.Repeat(" ", root.Content[0].Column-1)
		e.insert(e.after(root.Content[len(root.Content)-2], len(indent)), append([]string{e.end, indent + QueriesKey + ":" + e.end}, e.entry(q, indent+"  ")...))
	case len(value.Content) == 0:
		e.emptied(key, q)
	default:
		e.among(value, q)
	}
	return nil
}

func pairOf(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// emptied puts the first entry below a key that has none.
func (e *editor) emptied(key *yaml.Node, q Query) {
	indent := strings.Repeat(" ", key.Column-1)
	at := key.Line - 1
	comment := cmp.Or(key.LineComment, "")
	if comment != "" {
		comment = " " + comment
	}
	e.lines[at] = indent + QueriesKey + ":" + comment + e.end
	e.insert(at+1, e.entry(q, indent+"  "))
}

// among puts an entry in the place of its name, or behind the last.
func (e *editor) among(n *yaml.Node, q Query) {
	column := n.Content[0].Column
	indent := strings.Repeat(" ", column-1)
	if key, _ := pairOf(n, q.Name); key != nil {
		from, to := key.Line-1, e.after(key, column-1)
		e.lines = slices.Delete(e.lines, from, to)
		e.insert(from, e.entry(q, indent))
		return
	}
	e.insert(e.after(n.Content[len(n.Content)-2], column-1), e.entry(q, indent))
}

// after is the line behind an entry: what is indented more than its key belongs
// to it, and blank lines between.
func (e *editor) after(key *yaml.Node, indent int) int {
	last := key.Line
	for i := key.Line; i < len(e.lines); i++ {
		text := strings.TrimRight(e.lines[i], " \t\r\n")
		if text == "" {
			continue
		}
		own := len(text) - len(strings.TrimLeft(text, " "))
		if own < indent || own == indent && !strings.HasPrefix(text[own:], "- ") {
			break
		}
		last = i + 1
	}
	return last
}

func (e *editor) insert(at int, list []string) {
	if at > 0 && !strings.HasSuffix(e.lines[at-1], "\n") {
		e.lines[at-1] += e.end
	}
	e.lines = slices.Insert(e.lines, at, list...)
}

// entry writes name and statement: plain where that reads the same, else as a
// block of lines.
func (e *editor) entry(q Query, indent string) []string {
	if !strings.Contains(q.SQL, "\n") {
		if text, err := yaml.Marshal(map[string]string{q.Name: q.SQL}); err == nil && bytes.Count(text, []byte("\n")) == 1 {
			return []string{indent + strings.TrimRight(string(text), "\n") + e.end}
		}
	}
	out := []string{indent + q.Name + ": |-" + e.end}
	for line := range strings.SplitSeq(q.SQL, "\n") {
		if line != "" {
			line = indent + "  " + line
		}
		out = append(out, line+e.end)
	}
	return out
}
