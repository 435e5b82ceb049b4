package ui

import (
	"strings"

	"pixelctl/pkg/pipeline"
)

// ShowResources draws what a deploy is about to change on s.Err.
func ShowResources(s *Streams, list []pipeline.ResourceChange) error {
	p := page{o: s.Err}
	p.resources(list)
	_, err := s.Err.Write(p.b.Bytes())
	return err
}

// act is one kind of change: how it is told of one resource and of many.
type act struct {
	name, title, done string
	role              Role
}

// acts are in the order in which they are shown; the gravest come last, next to
// the question.
func acts() []act {
	return []act{
		{"Add", "add", "added", OK},
		{"Import", "import", "imported", OK},
		{"Modify", "modify", "modified", Warn},
		{"Dynamic", "perhaps modify", "perhaps modified", Warn},
		{"Replace", "replace", "replaced", Bad},
		{"Remove", "remove", "removed", Bad},
	}
}

// resources is a tree: the kind of change, the resources, what each destroys.
func (p *page) resources(list []pipeline.ResourceChange) {
	names := 0
	for _, r := range list {
		names = max(names, Cells(Clean(r.ID)))
	}
	for _, a := range acts() {
		var facts []fact
		for _, r := range list {
			if actOf(r) != a {
				continue
			}
			facts = append(facts, fact{name: Clean(r.ID), value: p.typeName(r.Type), note: strings.Join(r.Properties, ", ")})
			if r.Destroys != "" {
				facts = append(facts, fact{value: "destroys " + r.Destroys, role: Bad})
			}
		}
		if len(facts) > 0 {
			p.line(p.o.Theme.Paint(a.role, a.title))
			p.sheetFrom(names, facts)
		}
	}
}

// actOf takes an action that CloudFormation may add one day for a change.
func actOf(r pipeline.ResourceChange) act {
	for _, a := range acts() {
		if a.name == r.Action {
			return a
		}
	}
	return acts()[2]
}

// counted sums up changes: 2 added, 1 modified.
func counted(list []pipeline.ResourceChange) string {
	n := map[act]int64{}
	for _, r := range list {
		n[actOf(r)]++
	}
	var parts []string
	for _, a := range acts() {
		if n[a] > 0 {
			parts = append(parts, Count(n[a])+" "+a.done)
		}
	}
	return strings.Join(parts, ", ")
}

// typeName is a resource type, for people without its punctuation.
func (p *page) typeName(t string) string {
	if p.o.TTY {
		return plainType(t)
	}
	return t
}

// plainType makes KinesisFirehose DeliveryStream of
// AWS::KinesisFirehose::DeliveryStream, which then also breaks into lines.
func plainType(t string) string { return strings.ReplaceAll(strings.TrimPrefix(t, "AWS::"), "::", " ") }

// calls lists what a dry run would ask of AWS.
func (p *page) calls(list []string) {
	if len(list) == 0 {
		return
	}
	p.title("calls it would make")
	for _, c := range list {
		p.marked(Muted, "-", c)
	}
}
