package ui

import (
	"time"

	"pixelctl/pkg/pipeline"
)

// Deployment shows the outcome of deploy.
func Deployment(d pipeline.Deployment) View {
	d.Changes = list(d.Changes)
	return View{
		news: true,
		json: struct {
			pipeline.Deployment
			BufferSeconds int `json:"buffer_seconds"`
		}{d, seconds(d.Buffer)},
		text: func(p *page) { deploymentText(p, d) },
	}
}

func deploymentText(p *page, d pipeline.Deployment) {
	paint, name := p.o.Theme.Paint, Clean(d.Stack)
	check := paint(OK, p.o.glyphs().check) + " "
	switch {
	case d.DryRun && !Differs(d):
		p.line(paint(Title, name), ": nothing to change")
	case d.DryRun:
		p.line(paint(Title, name), ": would be ", wouldBe(d.Action))
	case d.Action == pipeline.Unchanged:
		p.line(check, paint(Title, name), ": nothing to change")
	default:
		p.line(check, paint(Title, name), " ", Clean(d.Action))
	}
	facts := []fact{{name: "target", value: d.Target}}
	if d.Endpoint != "" {
		facts = append(facts, fact{name: "endpoint", value: d.Endpoint, role: Command})
	}
	if d.Buffer > 0 {
		facts = append(facts, fact{name: "buffer", value: Duration(d.Buffer)})
	}
	if n := len(d.Resources); n > 0 && !d.DryRun {
		facts = append(facts, fact{name: "resources", value: counted(d.Resources)})
	}
	p.sheet(facts)
	changes(p, d.Changes)
	if len(d.Fields) > 0 {
		p.title("records")
		p.fieldChanges(d.Fields)
	}
	if d.DryRun {
		p.resources(d.Resources)
		p.calls(d.Calls)
	}
}

// Differs says whether a deployment changed something, or would.
func Differs(d pipeline.Deployment) bool {
	return len(d.Changes)+len(d.Resources)+len(d.Fields) > 0 || d.Action != "" && d.Action != pipeline.Unchanged
}

func wouldBe(action string) string {
	if action == "" || action == pipeline.Unchanged {
		return pipeline.Updated
	}
	return Clean(action)
}

func changes(p *page, list []pipeline.Change) {
	if len(list) == 0 {
		return
	}
	arrow := " " + p.o.to() + " "
	p.title("changes")
	facts := make([]fact, len(list))
	for i, c := range list {
		value := c.From + arrow + c.To
		switch {
		case c.From == "":
			value = c.To
		case c.To == "":
			value = c.From + arrow + "none"
		}
		facts[i] = fact{name: Clean(c.Name), value: value}
	}
	p.sheet(facts)
}

// Buffer shows how long records wait.
func Buffer(d time.Duration) View {
	return View{
		json: struct {
			BufferSeconds int `json:"buffer_seconds"`
		}{seconds(d)},
		text: func(p *page) {
			if !p.o.TTY {
				p.line(d.String())
				return
			}
			p.say(Plain, "records wait at most "+Duration(d)+" before they become a file")
		},
	}
}

// BufferChange shows the outcome of changing the buffer.
func BufferChange(r pipeline.BufferResult) View {
	return View{
		news: true,
		json: struct {
			FromSeconds int  `json:"from_seconds"`
			ToSeconds   int  `json:"to_seconds"`
			Changed     bool `json:"changed"`
			DryRun      bool `json:"dry_run"`

			Calls []string `json:"calls,omitempty"`
		}{seconds(r.From), seconds(r.To), r.Changed, r.DryRun, r.Calls},
		text: func(p *page) {
			from, to := Duration(r.From), Duration(r.To)
			switch {
			case r.DryRun && r.From != r.To:
				p.say(Plain, "buffer would change from "+from+" to "+to)
				p.calls(r.Calls)
			case r.Changed:
				p.check("buffer changed from ", from, " to ", to)
			default:
				p.say(Plain, "buffer is "+to+" already: nothing to change")
			}
		},
	}
}

func seconds(d time.Duration) int { return int(d / time.Second) }
