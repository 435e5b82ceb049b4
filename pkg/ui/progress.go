package ui

import (
	"time"

	"pixelctl/pkg/pipeline"
)

// redrawEvery bounds how often a live line is drawn.
const redrawEvery = 100 * time.Millisecond

// Progress tells events on s.Err: as one live line below the lines that stay
// when that is a terminal, as plain lines otherwise or when CI is set, and
// only warnings under --quiet. One goroutine owns the screen until Close.
type Progress struct {
	events  chan pipeline.Event
	alone   chan func()
	done    chan struct{}
	stopped chan struct{}
	stop    func()
	err     error // of the last write; read after stopped
}

// renderer draws events in one way.
type renderer interface {
	event(pipeline.Event) error
	tick() error
	close() error
}

// NewProgress starts telling. The caller closes it before drawing a result.
func NewProgress(s *Streams) *Progress {
	r := newRenderer(s)
	if _, live := r.(*liveRenderer); !live {
		return startProgress(r, nil, func() {})
	}
	t := time.NewTicker(redrawEvery)
	return startProgress(r, t.C, t.Stop)
}

func newRenderer(s *Streams) renderer {
	switch {
	case s.Quiet:
		return &quietRenderer{o: s.Err}
	case s.Err.TTY && s.Env("CI") == "" && s.Env("TERM") != "dumb":
		return &liveRenderer{o: s.Err}
	}
	return &plainRenderer{o: s.Err, verbose: s.Verbose}
}

func startProgress(r renderer, ticks <-chan time.Time, stop func()) *Progress {
	p := &Progress{
		events:  make(chan pipeline.Event),
		alone:   make(chan func()),
		done:    make(chan struct{}),
		stopped: make(chan struct{}),
		stop:    stop,
	}
	go p.run(r, ticks)
	return p
}

func (p *Progress) run(r renderer, ticks <-chan time.Time) {
	defer close(p.stopped)
	keep := func(err error) {
		if err != nil {
			p.err = err
		}
	}
	for {
		select {
		case e := <-p.events:
			keep(r.event(e))
		case use := <-p.alone:
			keep(r.close())
			use()
		case <-ticks:
			keep(r.tick())
		case <-p.done:
			keep(r.close())
			return
		}
	}
}

// Sink is where a pipeline sends its events. After Close they are dropped.
func (p *Progress) Sink() pipeline.Sink {
	return func(e pipeline.Event) {
		select {
		case p.events <- e:
		case <-p.stopped:
		}
	}
}

// Alone runs use while nothing else is drawn, such as for a question.
func (p *Progress) Alone(use func() error) error {
	ended := make(chan error, 1)
	select {
	case p.alone <- func() { ended <- use() }:
		return <-ended
	case <-p.stopped:
		return use() // nothing is drawn any more, and a question must not count as answered
	}
}

// Close clears the live line and ends. It must be called once; it returns the
// last error of writing.
func (p *Progress) Close() error {
	p.stop()
	close(p.done)
	<-p.stopped
	return p.err
}
