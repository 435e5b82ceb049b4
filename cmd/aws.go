package cmd

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

// session finds out who calls AWS, once a run, and says so before anything
// else is said.
func (a *app) session(ctx context.Context) (*session.Session, error) {
	if a.aws != nil {
		return a.aws, nil
	}
	if err := checkEndpoint(a.flags.endpoint); err != nil {
		return nil, err
	}
	o := session.Options{
		Profile: a.flags.profile, Region: a.flags.region, Endpoint: a.flags.endpoint,
		Version: a.build.Version, Clock: a.clock, Backoff: a.backoff,
	}
	s, err := a.open(ctx, o)
	if err != nil {
		return nil, err
	}
	a.aws = s
	return s, nil
}

// open draws the line that tells stack, region and account while they become
// known. Calls are told after it, so that it stays one line.
func (a *app) open(ctx context.Context, o session.Options) (*session.Session, error) {
	heading, opened := ui.NewHeading(a.streams), false
	var calls []session.Call
	var told error
	tell := func(name, value string) {
		if value != "" && !a.silent() {
			told = errors.Join(told, heading.Add(name, value))
		}
	}
	o.Found = func(region, profile string) {
		tell("region", region)
		tell("profile", profile)
	}
	if a.flags.verbose {
		o.Log = func(c session.Call) {
			if !opened {
				calls = append(calls, c)
				return
			}
			a.tellCall(c)
		}
	}
	tell("stack", a.flags.stack)
	s, err := session.Open(ctx, o)
	if err == nil {
		tell("account", s.Account)
	}
	told = errors.Join(told, heading.End())
	opened = true
	for _, c := range calls {
		a.tellCall(c)
	}
	return s, errors.Join(err, told)
}

// checkEndpoint refuses what the SDK would only stumble over at the first call.
func checkEndpoint(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err == nil && u.Host != "" && slices.Contains([]string{"http", "https"}, u.Scheme) {
		return nil
	}
	return fault.New(fault.Usage, "setting endpoint-url: %q is no URL of http or https", address).
		WithHint("--endpoint-url http://127.0.0.1:4566")
}

// tellCall is one line for one attempt of one call of AWS.
func (a *app) tellCall(c session.Call) {
	text := "aws " + c.Service + " " + c.Operation + ", attempt " + strconv.Itoa(c.Attempt) + ", " + ui.Duration(c.Elapsed)
	if c.RequestID != "" {
		text += ", request " + c.RequestID
	}
	if c.Err != nil {
		text += ": " + c.Err.Error()
	}
	a.tell(text)
}

// tell writes a remark below or beside whatever progress is drawn.
func (a *app) tell(text string) {
	if p := a.progress.Load(); p != nil {
		p.Sink()(pipeline.Event{Phase: pipeline.Note, Text: text})
		return
	}
	_ = a.streams.Say(text) // standard error is gone: nobody to tell
}

// alone gives the screen to a question in the middle of an operation.
func (a *app) alone(use func() error) error {
	if p := a.progress.Load(); p != nil {
		return p.Alone(use)
	}
	return use()
}

// confirm asks for a yes; no is an answer, nobody to ask is an error.
func (a *app) confirm(ctx context.Context, question string) (bool, error) {
	if a.flags.yes {
		return true, nil
	}
	err := a.alone(func() error { return ui.ConfirmName(ctx, a.streams, question, "yes") })
	if fault.KindOf(err) == fault.Failed {
		return false, nil
	}
	return err == nil, err
}

// review shows what a deploy changes and asks before something is lost by it.
func (a *app) review(ctx context.Context, list []pipeline.ResourceChange) error {
	loss := slices.ContainsFunc(list, func(r pipeline.ResourceChange) bool { return r.Destroys != "" })
	ask := loss && !a.flags.yes
	return a.alone(func() error {
		if ask || !a.silent() {
			if err := ui.ShowResources(a.streams, list); err != nil {
				return err
			}
		}
		if !ask {
			return nil
		}
		return ui.ConfirmName(ctx, a.streams, "Deploy destroys what is listed above.", a.flags.stack)
	})
}
