package template

import (
	"fmt"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

// Render returns the template with the blocks between its markers written for
// a table of schema s: the columns, the partition keys, the lists that views
// share, and the views. What users wrote, the descriptions of their fields,
// stands in the comments of columns and nowhere else.
func Render(base []byte, s event.Schema) ([]byte, error) {
	if err := checkFields(s); err != nil {
		return nil, err
	}
	v, err := newViews(s)
	if err != nil {
		return nil, err
	}
	out := string(base)
	// The columns come last: their comments may look like another's marker.
	for _, b := range []struct{ name, body string }{
		{"lists", v.lists()}, {"keys", keyBlock()}, {"views", v.block()}, {"columns", columnBlock(s)},
	} {
		if out, err = replaceBlock(out, b.name, b.body); err != nil {
			return nil, err
		}
	}
	return []byte(out), nil
}

// checkFields refuses what could leave its place in the template. A spec that
// was validated holds none of it; a table that others changed may.
func checkFields(s event.Schema) error {
	for _, f := range s.Fields() {
		if !f.Sound() {
			return fault.New(fault.Usage, "write the template: column %q of type %q is none that a field can be", f.Name, f.Type).
				WithHint("names are lower case letters, digits and underscores; types string, int, bigint, double, boolean, timestamp or date")
		}
	}
	return nil
}

// replaceBlock puts body between "# name: generated …" and "# end of name".
func replaceBlock(template, name, body string) (string, error) {
	head, rest, ok := strings.Cut(template, "# "+name+": generated")
	line, _, eol := strings.Cut(rest, "\n")
	_, tail, end := strings.Cut(rest, "# end of "+name+"\n")
	if !ok || !eol || !end {
		return "", fault.New(fault.Failed, "write the template: it has no markers for %s", name)
	}
	indent := head[strings.LastIndex(head, "\n")+1:]
	return head + "# " + name + ": generated" + line + "\n" + body + indent + "# end of " + name + "\n" + tail, nil
}

// columnBlock is the columns of the table. Of built-in ones the comment is its
// first clause, because the template has no room for more.
func columnBlock(s event.Schema) string {
	fields := map[string]event.Field{}
	for _, f := range s.Fields() {
		fields[f.Name] = f
	}
	var b strings.Builder
	for _, c := range s.GlueColumns() {
		comment := flow(clause(c.Comment))
		if f, own := fields[c.Name]; own {
			comment = quoted(bounded(inert(f.Doc), maxComment))
		}
		fmt.Fprintf(&b, "            - {Name: %s, Type: %s", flow(c.Name), flow(c.Type))
		if comment != `""` {
			fmt.Fprintf(&b, ", Comment: %s", comment)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// inert keeps CloudFormation from resolving {{resolve:…}}, which it does in any
// text of a template.
func inert(s string) string {
	for strings.Contains(s, "{{") {
		s = strings.ReplaceAll(s, "{{", "{ {")
	}
	return s
}

// clause returns s up to its first punctuation mark.
func clause(s string) string {
	if i := strings.IndexAny(s, ",;:("); i > 0 {
		return strings.TrimSpace(s[:i])
	}
	return s
}

func keyBlock() string {
	var b strings.Builder
	for _, k := range lake.PartitionKeys() {
		fmt.Fprintf(&b, "          - {Name: %s, Type: %s, Comment: %s}\n", k.Name, k.Type, flow(k.Comment))
	}
	return b.String()
}
