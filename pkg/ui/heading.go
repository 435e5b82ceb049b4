package ui

import "io"

// Heading is one line on s.Err that grows while its facts become known, so that
// something is to be read before the first of them needs a network.
type Heading struct {
	o     *Output
	cells int
}

// NewHeading begins a line; it writes nothing yet.
func NewHeading(s *Streams) *Heading { return &Heading{o: s.Err} }

// Add writes another fact, on a new line when it does not fit any more.
func (h *Heading) Add(name, value string) error {
	name, value = name+" ", Clean(value)
	cells, room, lead := Cells(name+value), h.o.Width(), ""
	switch dot := h.o.dot(); {
	case h.cells == 0:
	case room > 0 && h.cells+Cells(dot)+cells > room:
		lead, h.cells = "\n  ", gap
	default:
		lead = h.o.Theme.Paint(Muted, dot)
		h.cells += Cells(dot)
	}
	h.cells += cells
	_, err := io.WriteString(h.o, lead+h.o.Theme.Paint(Muted, name)+value)
	return err
}

// End ends the line, if one was begun.
func (h *Heading) End() error {
	if h.cells == 0 {
		return nil
	}
	h.cells = 0
	_, err := io.WriteString(h.o, "\n")
	return err
}
