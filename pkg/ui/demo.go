package ui

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/traffic"
)

// Demo draws the steps of the demo, all on s.Out: here the telling is the data.
type Demo struct {
	s        *Streams
	step     int
	mu       sync.Mutex // events may come from anywhere
	progress *Progress
}

// NewDemo returns a Demo. It draws its tables and charts also into a pipe, 80
// cells wide and without colour.
func NewDemo(s *Streams) *Demo {
	if s.Out.TTY {
		return &Demo{s: s}
	}
	plain := s.Settings
	plain.NoColor = true
	drawn := *s
	drawn.Out = newOutput(s.Out, true, func() (int, int) { return fallbackWidth, fallbackHeight }, plain)
	return &Demo{s: &drawn}
}

// Sink shows progress until the next step's result is drawn.
func (d *Demo) Sink() pipeline.Sink {
	return func(e pipeline.Event) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.progress == nil {
			d.progress = NewProgress(d.s)
		}
		d.progress.Sink()(e)
	}
}

// settle ends the progress line, so that nothing is drawn across it.
func (d *Demo) settle() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.progress == nil {
		return nil
	}
	err := d.progress.Close()
	d.progress = nil
	return err
}

func (d *Demo) draw(views ...View) error {
	err := d.settle()
	for _, v := range views {
		p := page{o: d.s.Out}
		v.text(&p)
		_, failed := d.s.Out.Write(p.b.Bytes())
		err = errors.Join(err, failed)
	}
	return err
}

// Step begins a step.
func (d *Demo) Step(title, why string) error {
	d.step++
	n := strconv.Itoa(d.step)
	return d.draw(View{text: func(p *page) {
		if d.step > 1 {
			p.line()
		}
		p.line(p.o.Theme.Paint(Title, n+" "+title))
		p.say(Muted, why)
	}})
}

// Deployed shows where the beacon answers.
func (d *Demo) Deployed(endpoint, dir string) error {
	return d.draw(View{text: func(p *page) {
		p.check("answering at ", endpoint)
		p.sheet([]fact{{name: "directory", value: dir}})
	}})
}

// Tag shows a snippet.
func (d *Demo) Tag(text string) error { return d.draw(Snippet(Tag{Text: text})) }

// Sent shows what became of the hits.
func (d *Demo) Sent(s traffic.Summary) error { return d.draw(Hits(s)) }

// Flushed shows how many files were written, without their names.
func (d *Demo) Flushed(r pipeline.FlushResult) error {
	files := int64(len(r.Files))
	r.Files = nil
	return d.draw(View{text: func(p *page) {
		p.check(Plural(r.Records, "row"), " written to ", Plural(files, "file"))
	}})
}

// Crawled shows how many partitions were registered, without their names.
func (d *Demo) Crawled(r pipeline.CrawlResult) error {
	r.Added = r.Added[:min(len(r.Added), 2)]
	return d.draw(View{text: func(p *page) {
		p.check(Plural(int64(r.Found), "partition"), " registered, such as")
		p.names("+", OK, r.Added)
	}})
}

// Rows shows SQL and its answer.
func (d *Demo) Rows(ctx context.Context, sql string, rows query.Rows) error {
	if err := d.sql(sql); err != nil {
		return err
	}
	return WriteRows(ctx, d.s, rows, FormatTable)
}

// Bars shows SQL and its first two columns as bars.
func (d *Demo) Bars(ctx context.Context, sql string, rows query.Rows) error {
	var bars []Bar
	err := query.Each(ctx, rows, func(row []any) error {
		bars = append(bars, Bar{Label: fmt.Sprint(row[0]), Value: number(row[1])})
		return nil
	})
	return errors.Join(err, d.sql(sql), d.draw(Bars("hits by "+rows.Columns()[0].Name, bars)))
}

// Hours shows SQL and its hours and values as a chart; hours that are missing
// are zero.
func (d *Demo) Hours(ctx context.Context, sql string, rows query.Rows) error {
	s := Series{Step: time.Hour}
	err := query.Each(ctx, rows, func(row []any) error {
		at, _ := row[0].(time.Time)
		if len(s.Values) == 0 {
			s.Start = at
		}
		for s.Start.Add(time.Duration(len(s.Values)) * time.Hour).Before(at) {
			s.Values = append(s.Values, 0)
		}
		s.Values = append(s.Values, number(row[1]))
		return nil
	})
	return errors.Join(err, d.sql(sql), d.draw(TimeChart("hits", s)))
}

// Destroyed shows the proof.
func (d *Demo) Destroyed(r pipeline.DestroyResult) error { return d.draw(Destroyed(r)) }

// Kept tells how to go on with a stack that was left.
func (d *Demo) Kept(dir string) error {
	at := " --target local --dir " + dir
	return errors.Join(
		d.draw(View{text: func(p *page) { p.line(); p.check("the stack is kept, stopped, in ", dir) }}),
		d.s.Next(`pixelctl query`+at+` "SELECT * FROM hits LIMIT 3"`, "pixelctl destroy"+at+" --stack demo --yes"),
	)
}

// sql shows a statement without its head comment.
func (d *Demo) sql(sql string) error {
	return d.draw(View{text: func(p *page) {
		p.line()
		for l := range strings.Lines(strings.TrimSpace(sql)) {
			l = strings.TrimRight(l, "\n")
			if text, ok := strings.CutPrefix(l, "-- "); ok {
				p.say(Plain, text)
				continue
			}
			p.line("  ", p.o.Theme.Paint(Command, l))
		}
	}})
}

func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}
