package ui

import (
	"bytes"

	"pixelctl/pkg/pipeline"
)

// quietRenderer tells warnings only.
type quietRenderer struct{ o *Output }

func (r *quietRenderer) event(e pipeline.Event) error {
	if e.Phase != pipeline.Warn {
		return nil
	}
	return r.o.labelled(Warn, "warning", eventText(e))
}

func (r *quietRenderer) tick() error  { return nil }
func (r *quietRenderer) close() error { return nil }

// plainRenderer writes a line an event. Moves are told under --verbose, at
// each tenth of the total.
type plainRenderer struct {
	o       *Output
	verbose bool
	step    string
	tenth   int64
}

func (r *plainRenderer) event(e pipeline.Event) error {
	if e.Phase == pipeline.Move {
		return r.move(e)
	}
	return writeEvent(r.o, e)
}

func (r *plainRenderer) move(e pipeline.Event) error {
	if !r.verbose || e.Total <= 0 {
		return nil
	}
	tenth := e.Done * 10 / e.Total
	if e.Step == r.step && tenth <= r.tenth {
		return nil
	}
	r.step, r.tenth = e.Step, tenth
	var b bytes.Buffer
	r.o.markLine(&b, "", Muted, r.o.glyphs().bullet, e.Step+" "+Count(e.Done)+"/"+Count(e.Total))
	_, err := r.o.Write(b.Bytes())
	return err
}

func (r *plainRenderer) tick() error  { return nil }
func (r *plainRenderer) close() error { return nil }

// writeEvent writes the line of an event that stays on the screen.
func writeEvent(o *Output, e pipeline.Event) error {
	var b bytes.Buffer
	g := o.glyphs()
	switch e.Phase {
	case pipeline.Begin:
		o.markLine(&b, "", Muted, g.bullet, eventText(e))
	case pipeline.End:
		o.markLine(&b, "", OK, g.check, eventText(e))
	case pipeline.Warn:
		return o.labelled(Warn, "warning", eventText(e))
	case pipeline.Note:
		o.markLine(&b, "", Plain, " ", eventText(e))
	case pipeline.Move:
	}
	_, err := o.Write(b.Bytes())
	return err
}

func eventText(e pipeline.Event) string {
	switch {
	case e.Step == "":
		return e.Text
	case e.Text == "":
		return e.Step
	}
	return e.Step + ": " + e.Text
}
