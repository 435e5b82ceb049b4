package ui

import "strings"

// Help is the help page of a command.
type Help struct {
	Usage    string // the synopsis
	Long     string // wrapped by its author at 80 columns
	Examples []string
	Groups   []HelpGroup // of subcommands
	Flags    []HelpEntry // of this command
	Global   []HelpEntry // of every command
	More     []string    // closing lines
}

// HelpGroup is a titled list.
type HelpGroup struct {
	Title   string
	Entries []HelpEntry
}

// HelpEntry is one line of a list.
type HelpEntry struct{ Name, Doc string }

// maxHelpWidth keeps help readable on wide terminals and in pipes.
const maxHelpWidth = 80

// WriteHelp writes a help page to s.Out: examples before flags.
func WriteHelp(s *Streams, h Help) error {
	p := page{o: s.Out}
	p.prose(h.Long)
	p.helpSection("Usage", []string{h.Usage}, Plain)
	p.helpSection("Examples", h.Examples, Command)
	for _, g := range h.Groups {
		p.helpList(g.Title, g.Entries)
	}
	p.helpList("Flags", h.Flags)
	p.helpList("Flags of every command", h.Global)
	if len(h.More) > 0 {
		p.line()
		p.prose(strings.Join(h.More, "\n"))
	}
	_, err := s.Out.Write(p.b.Bytes())
	return err
}

// prose fills paragraphs to the width; lines that begin with a space stay as
// they are.
func (p *page) prose(text string) {
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			for _, l := range wrap(strings.Join(paragraph, " "), p.helpWidth()) {
				p.line(l)
			}
		}
		paragraph = nil
	}
	for l := range strings.SplitSeq(text, "\n") {
		if l != "" && l[0] != ' ' {
			paragraph = append(paragraph, l)
			continue
		}
		end()
		p.line(l)
	}
	end()
}

func (p *page) helpWidth() int {
	if p.o.TTY {
		return min(p.o.Width(), maxHelpWidth)
	}
	return maxHelpWidth
}

func (p *page) helpSection(title string, lines []string, r Role) {
	if len(lines) == 0 {
		return
	}
	p.b.WriteString("\n")
	p.title(title)
	for _, l := range lines {
		p.line("  ", p.o.Theme.Paint(r, l))
	}
}

// helpList writes names and texts in two columns; a long name has its text
// below.
func (p *page) helpList(title string, entries []HelpEntry) {
	if len(entries) == 0 {
		return
	}
	p.b.WriteString("\n")
	p.title(title)
	names := 0
	for _, e := range entries {
		if n := Cells(e.Name); n <= maxHelpName {
			names = max(names, n)
		}
	}
	room := max(p.helpWidth()-2-names-gap, narrow)
	for _, e := range entries {
		p.helpEntry(e, names, room)
	}
}

const maxHelpName = 28

func (p *page) helpEntry(e HelpEntry, names, room int) {
	name := pad(e.Name, names, false)
	if Cells(e.Name) > names {
		p.line("  ", p.o.Theme.Paint(Key, e.Name))
		name = strings.Repeat(" ", names)
	}
	for _, l := range wrap(e.Doc, room) {
		p.line("  ", p.o.Theme.Paint(Key, name), strings.Repeat(" ", gap), l)
		name = strings.Repeat(" ", names)
	}
}
