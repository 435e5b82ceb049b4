package ui

import (
	"context"
	"os"
	"time"
)

// gonePause is how often an output is looked at.
const gonePause = 250 * time.Millisecond

// UntilGone ends with ctx, or with the cause ErrClosedPipe when nobody reads o any
// more: who waits for something to write would find out by writing only.
func (o *Output) UntilGone(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	stop := func() { end(nil) }
	f, ok := o.w.(*os.File)
	if !ok {
		return ctx, stop
	}
	go func() {
		look := time.NewTicker(gonePause)
		defer look.Stop()
		for {
			select {
			case <-look.C:
				if unread(f) {
					end(ErrClosedPipe)
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return ctx, stop
}
