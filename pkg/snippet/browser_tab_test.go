package snippet

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is one tab and what it said while it loaded a page.
type tab struct {
	ctx context.Context //nolint:containedctx // chromedp keeps the tab in it

	mu       sync.Mutex
	pixel    string                               // requests that start so are the pixel's
	requests map[network.RequestID]*pixelExchange // of the pixel
	problems []string                             // what its console shows in red
}

// pixelExchange is one request for the pixel as the browser saw it.
type pixelExchange struct {
	method, answer string // answer is status and type, such as 200 image/gif
	ended          bool
}

func newTab(t *testing.T, r *browserRig, scripts bool) *tab {
	t.Helper()
	ctx, end := chromedp.NewContext(r.browser)
	t.Cleanup(end)
	b := &tab{ctx: ctx, pixel: r.endpoint + "/", requests: map[network.RequestID]*pixelExchange{}}
	chromedp.ListenTarget(ctx, b.listen)
	if err := chromedp.Run(ctx, emulation.SetScriptExecutionDisabled(!scripts)); err != nil {
		t.Fatalf("open tab: %v", err)
	}
	return b
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, b.pixel) {
			b.requests[e.RequestID] = &pixelExchange{method: e.Request.Method}
		}
	case *network.EventResponseReceived:
		b.answer(e.RequestID, e.Response)
	case *network.EventLoadingFinished:
		b.end(e.RequestID, "")
	case *network.EventLoadingFailed:
		b.end(e.RequestID, "refused: "+cmp.Or(string(e.BlockedReason), e.ErrorText))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError {
			b.problems = append(b.problems, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError {
			b.problems = append(b.problems, "console.error")
		}
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, e.ExceptionDetails.Error())
	}
}

func (b *tab) answer(id network.RequestID, r *network.Response) {
	x := b.requests[id]
	if x == nil {
		return
	}
	x.answer = strconv.FormatInt(r.Status, 10)
	if r.Status != http.StatusNoContent {
		x.answer += " " + r.MimeType
	}
}

func (b *tab) end(id network.RequestID, problem string) {
	if x := b.requests[id]; x != nil {
		x.ended = true
		x.answer += problem
	}
}

// exchanges gives the method and answer of every request for the pixel and
// what the console shows in red, once all requests have ended and at least so
// many of both are there.
func (b *tab) exchanges(ctx context.Context, atLeast, complaints int) (requests, problems []string, err error) {
	err = poll(ctx, func() (bool, error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		ended := true
		requests, problems = nil, slices.Clone(b.problems)
		for _, x := range b.requests {
			requests = append(requests, x.method+" "+x.answer)
			ended = ended && x.ended
		}
		slices.Sort(requests)
		return ended && len(requests) >= atLeast && len(problems) >= complaints, nil
	})
	return requests, problems, err
}

// facts are what the page itself tells; the debugger reads them also where
// scripts are off.
type facts struct {
	Href     string
	Referrer string
	Width    int64
	Height   int64
	Images   []string // natural size of each image of the document
	Scroll   int64    // how far the page can be scrolled, which without a snippet it cannot
}

const readFacts = `(() => {
	const root = document.documentElement;
	return {
		Href: location.href, Referrer: document.referrer, Width: screen.width, Height: screen.height,
		Images: [...document.images].map(i => i.naturalWidth + "x" + i.naturalHeight),
		Scroll: Math.max(root.scrollHeight - root.clientHeight, root.scrollWidth - root.clientWidth),
	};
})()`

// open loads a page and waits for its load event, thus for its images.
func (b *tab) open(ctx context.Context, address string) (facts, error) {
	var f facts
	ctx, cancel := withDeadlineOf(b.ctx, ctx)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, navigate(address)); err != nil {
		return f, err
	}
	return f, chromedp.Run(ctx, chromedp.Evaluate(readFacts, &f))
}

// navigate comes from another page, as a visitor who follows a link.
func navigate(address string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, problem, _, err := page.Navigate(address).WithReferrer(fromPage).Do(ctx)
		if err == nil && problem != "" {
			err = errors.New(problem)
		}
		return err
	})
}

// withDeadlineOf gives the tab's context the deadline of ctx: chromedp keeps
// the tab in its context, which therefore cannot be another.
func withDeadlineOf(tab, ctx context.Context) (context.Context, context.CancelFunc) {
	if d, ok := ctx.Deadline(); ok {
		return context.WithDeadline(tab, d)
	}
	return context.WithCancel(tab)
}
