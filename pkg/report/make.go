package report

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// Options say what is asked.
type Options struct {
	Name    string
	Stack   string
	Window  query.Window // open at both ends: the last 7 days, today among them
	Zone    string       // IANA name; empty is UTC
	Step    Step         // of timelines; empty suits the window
	Compare bool         // ask for the period before, too
	Limit   int          // rows of a part; 0: 20
	Buffer  time.Duration
	Now     time.Time
}

// Limits of a report.
const (
	DefaultLimit = 20
	MaxLimit     = 1000
	defaultDays  = 7
	// before is how many rows of the period before are looked through for
	// those of the report.
	before = 10_000
)

// Statement is one statement of a report as it is sent to the engine.
type Statement struct {
	Parts []string
	SQL   string
}

// Make asks the engine the statements of a report.
func Make(ctx context.Context, e query.Engine, o Options) (Report, error) {
	p, err := newPlan(o)
	if err != nil {
		return Report{}, err
	}
	p.parted = partedBy(e)
	r := Report{
		Name: p.Name, Title: Question(p.Name), Stack: p.Stack, Made: p.Now, Window: p.Window, Zone: p.span.zone.String(),
	}
	if r.Parts, err = p.parts(ctx, e, &r.Stats); err != nil {
		return Report{}, err
	}
	if p.Compare {
		earlier, err := p.before()
		if err != nil {
			return Report{}, err
		}
		r.Compare = earlier.Window
		var took query.Stats
		past, err := earlier.parts(ctx, e, &took)
		if err != nil {
			return Report{}, err
		}
		addWindow(&r.Stats, took)
		compare(r.Parts, past)
	}
	r.Notes = append(r.Notes, r.Stats.Warnings...)
	return r, nil
}

// Validate refuses what no report can be made of.
func (o Options) Validate() error {
	_, err := newPlan(o)
	return err
}

// Statements gives the SQL of a report, ready for the engine.
func Statements(o Options) ([]Statement, error) {
	p, err := newPlan(o)
	if err != nil {
		return nil, err
	}
	var out []Statement
	for _, s := range p.statements {
		sql, err := p.expand(s.sql)
		if err != nil {
			return nil, err
		}
		next := Statement{SQL: sql}
		for _, l := range s.parts {
			next.Parts = append(next.Parts, l.part.Name)
		}
		out = append(out, next)
	}
	return out, nil
}

// plan is a report that can be asked.
type plan struct {
	Options
	statements []statement
	span       span
	parted     parted
}

func newPlan(o Options) (plan, error) {
	p := plan{Options: o}
	var err error
	if p.Name, err = find(o.Name); err != nil {
		return p, err
	}
	if o.Limit < 0 || o.Limit > MaxLimit {
		return p, fault.New(fault.Usage, "report %s: --limit %d is not in 1 to %d", o.Name, o.Limit, MaxLimit).WithHint("--limit %d", MaxLimit)
	}
	if p.Limit == 0 {
		p.Limit = DefaultLimit
	}
	if p.span.zone, err = time.LoadLocation(o.Zone); err != nil {
		return p, fault.New(fault.Usage, "report %s: %q is no time zone", o.Name, o.Zone).WithHint("write an IANA name such as Europe/Berlin")
	}
	p.Window = p.settled()
	if p.Compare && p.Window.Since.IsZero() {
		return p, fault.New(fault.Usage, "report %s: a window without a beginning has no period before it", o.Name).WithHint("give --since with --compare")
	}
	if p.span, err = newSpan(p.Window, p.span.zone, o.Step, o.Now); err != nil {
		return p, err
	}
	if p.statements, err = read(p.Name); err == nil && p.Compare {
		_, err = p.before()
	}
	return p, err
}

// settled closes an open end at the next minute, so that a hit of now is seen.
func (p plan) settled() query.Window {
	w := p.Window
	if w.IsZero() {
		y, m, d := p.Now.In(p.span.zone).Date()
		w.Since = dayStart(y, m, d-defaultDays+1, p.span.zone).UTC()
	}
	if w.Until.IsZero() {
		w.Until = p.Now.Truncate(time.Minute).Add(time.Minute).UTC()
	}
	return w
}

// before is the same report over the period before.
func (p plan) before() (plan, error) {
	w, err := p.span.before(p.Window)
	if err != nil {
		return p, err
	}
	p.Window, p.Limit = w, before
	p.span, err = newSpan(w, p.span.zone, p.span.step, p.Now)
	return p, err
}

// expand puts the values of the report into a statement. They are literals of
// this package: nothing that a visitor or a user wrote.
func (p plan) expand(sql string) (string, error) {
	sql = strings.NewReplacer("$bucket", p.span.bucket(), "$limit", strconv.Itoa(p.Limit)).Replace(p.parted.expand(sql))
	return query.Expand(sql, p.Window, p.Buffer)
}

// parts runs the statements.
func (p plan) parts(ctx context.Context, e query.Engine, total *query.Stats) ([]Part, error) {
	var out []Part
	for _, s := range p.statements {
		sql, err := p.expand(s.sql)
		if err != nil {
			return nil, err
		}
		a, err := run(ctx, e, sql, total)
		if err != nil {
			return nil, fmt.Errorf("report %s: %w", p.Name, err)
		}
		for _, l := range s.parts {
			part, err := l.fill(a, p)
			if err != nil {
				return nil, fmt.Errorf("report %s: part %s: %w", p.Name, l.part.Name, err)
			}
			out = append(out, part)
		}
	}
	return out, nil
}
