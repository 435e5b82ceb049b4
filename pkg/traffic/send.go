package traffic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pixelctl/pkg/fault"
)

const (
	requestTimeout = 10 * time.Second
	maxAnswer      = 64 << 10 // bytes read of an answer, to keep its connection
)

// Send makes the hits of o and sends them to o.Endpoint, paced evenly. The
// first hit goes alone: when nobody answers it, nothing else is sent and the
// error is of kind fault.Failed. Later failures are outcomes of the Summary.
// When ctx ends, requests under way are dropped, and the Summary of what was
// sent comes with ctx's error.
func Send(ctx context.Context, o Options) (Summary, error) {
	if err := Validate(o); err != nil {
		return Summary{}, err
	}
	o = o.withDefaults()
	s := newSender(o)
	started := time.Now()
	err := s.run(ctx)
	s.client.CloseIdleConnections()
	return s.tally.summary(time.Since(started), o.Seed), err
}

type sender struct {
	o       Options
	client  *http.Client
	limiter *rate.Limiter
	tally   *tally
	queue   chan Hit
	open    sync.WaitGroup // hits that have no outcome yet
}

func newSender(o Options) *sender {
	s := &sender{o: o, client: o.Client, tally: newTally(), queue: make(chan Hit), limiter: limiter(o)}
	if s.client == nil {
		s.client = newClient(o.Concurrency)
	}
	return s
}

// limiter lets hits go one by one. Timers are late by some 0.1 ms, more on a
// busy machine, so it may catch up 10 ms worth of hits; the tokens for that are
// taken away first, or the run would begin with a burst.
func limiter(o Options) *rate.Limiter {
	if o.Rate == 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	burst := max(1, int(o.Rate/100))
	l := rate.NewLimiter(rate.Limit(o.Rate), burst)
	l.AllowN(time.Now(), burst-1)
	return l
}

// newClient keeps one connection for each worker. Redirects are outcomes: a
// collector that redirects is misconfigured.
func newClient(concurrency int) *http.Client {
	return &http.Client{
		Timeout: requestTimeout,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			MaxIdleConns:          concurrency,
			MaxIdleConnsPerHost:   concurrency,
			MaxConnsPerHost:       concurrency,
			IdleConnTimeout:       time.Minute,
			TLSHandshakeTimeout:   requestTimeout,
			ResponseHeaderTimeout: requestTimeout,
			ForceAttemptHTTP2:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (s *sender) run(ctx context.Context) error {
	var workers sync.WaitGroup
	defer workers.Wait()
	defer close(s.queue)
	for range s.o.Concurrency {
		workers.Go(func() {
			for h := range s.queue {
				_ = s.one(ctx, h) // already counted as an outcome
			}
		})
	}
	return s.feed(ctx)
}

// feed hands the hits to the workers at the asked rate.
func (s *sender) feed(ctx context.Context) error {
	var hour time.Time
	first := true
	for h := range Generate(s.o) {
		if err := s.turn(ctx, &hour, h); err != nil {
			return err
		}
		if err := s.limiter.Wait(ctx); err != nil {
			return stopped(ctx)
		}
		if err := s.hand(ctx, h, first); err != nil {
			return err
		}
		first = false
	}
	s.open.Wait()
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	return nil
}

// hand gives h to a worker, or sends it itself when it is the first.
func (s *sender) hand(ctx context.Context, h Hit, first bool) error {
	s.open.Add(1)
	if first {
		s.tally.start(h)
		if err := s.one(ctx, h); err != nil && ctx.Err() == nil {
			return noAnswer(s.o.Endpoint, err)
		}
		return nil
	}
	select {
	case s.queue <- h:
		s.tally.start(h)
		return nil
	case <-ctx.Done():
		s.open.Done()
		return stopped(ctx)
	}
}

// turn calls OnHour when h begins a new hour, after all hits before it have
// their answer: a caller that sets a clock then dates none of them wrong.
func (s *sender) turn(ctx context.Context, hour *time.Time, h Hit) error {
	if s.o.OnHour == nil || hour.Equal(h.Hour()) {
		return nil
	}
	s.open.Wait()
	*hour = h.Hour()
	if err := s.o.OnHour(ctx, *hour); err != nil {
		return fmt.Errorf("begin hour %s: %w", hour.Format(time.RFC3339), err)
	}
	return nil
}

// one sends a hit and counts its outcome; the error is that of the transport.
func (s *sender) one(ctx context.Context, h Hit) error {
	defer s.open.Done()
	started := time.Now()
	outcome, event, err := s.ask(ctx, h)
	took := time.Since(started)
	if err != nil {
		outcome = errorOutcome(ctx, err)
	}
	if s.o.OnAnswer != nil {
		s.o.OnAnswer(Answer{ID: h.ID, Event: event, Outcome: outcome, Answered: err == nil, Took: took})
	}
	s.tally.finish(outcome, took, err == nil, s.progress())
	return err
}

func (s *sender) progress() func(done int) {
	if s.o.OnProgress == nil {
		return nil
	}
	return func(done int) { s.o.OnProgress(done, s.o.Count) }
}

func (s *sender) ask(ctx context.Context, h Hit) (outcome, event string, err error) {
	req, err := h.Request(ctx, s.o.Endpoint)
	if err != nil {
		return "", "", err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return "", "", err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer))
	return outcomeOf(resp), printable(resp.Header.Get(eventHeader)), errors.Join(err, resp.Body.Close())
}

// stopped is the error of a run that ctx ended. The limiter gives up before
// the deadline when the next hit would come after it.
func stopped(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		err = context.DeadlineExceeded
	}
	return fmt.Errorf("send hits: %w", err)
}

func noAnswer(endpoint string, err error) error {
	return fault.New(fault.Failed, "send hits to %s: %w", endpoint, withoutURL(err)).
		WithHint("nobody answers there; pixelctl status shows the endpoint, pixelctl deploy starts it")
}
