package cloud_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
)

// steps is a clock whose looks come one by one.
type steps struct {
	session.Clock

	looked, next chan struct{}
}

const betweenLooks = 10 * time.Second

func (s *steps) Wait(ctx context.Context, d time.Duration) error {
	if d != betweenLooks {
		return s.Clock.Wait(ctx, d)
	}
	s.looked <- struct{}{}
	select {
	case <-s.next:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// look lets one look happen.
func (s *steps) look() {
	s.next <- struct{}{}
	<-s.looked
}

// Whoever follows sees each row once while the files of the newest hour are
// exchanged, one that comes in the middle of it too.
func TestTailBesideCompact(t *testing.T) {
	t.Parallel()
	for name, within := range map[string]bool{"looks within": true, "looks before and after": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tailBesideCompact(newSmall(t), within)
		})
	}
}

func tailBesideCompact(a *account, within bool) {
	a.want.Buffer = new(time.Minute)
	d := a.deploy()
	for hms := range strings.FieldsSeq("10:05:00 10:15:00 10:25:00") {
		a.user(d.Endpoint, hms)
		if err := a.settle(a.Context()); err != nil {
			a.Fatal(err)
		}
	}
	a.user(d.Endpoint, "10:59:30") // in the stream still
	a.user(d.Endpoint, "11:00:05")
	clock := &steps{Clock: a.fake.Clock(), looked: make(chan struct{}), next: make(chan struct{})}
	ctx, cancel := context.WithCancel(a.Context())
	defer cancel()
	var shown []string
	ended := make(chan error, 1)
	target := a.targetBy(clock)
	go func() {
		ended <- target.Tail(ctx, pipeline.TailOptions{Lines: 1, Follow: true}, func(tail pipeline.Tail) error {
			for _, row := range tail.Rows {
				user, _ := row[tail.Column("user_id")].(string)
				shown = append(shown, user)
			}
			return nil
		})
	}()
	<-clock.looked
	var looking, looks atomic.Int32
	a.fake.OnCall(func(c awsfake.Call) {
		if c.Inner || !slices.Contains([]string{"BatchUpdatePartition", "CopyObject", "DeleteObjects"}, c.Operation) || !looking.CompareAndSwap(0, 1) {
			return
		}
		if looks.Add(1) == 2 { // the hour is read from elsewhere
			a.fake.Clock().Advance(time.Minute)
		}
		if within {
			clock.look()
		}
		looking.Store(0)
	})
	if _, err := a.target().Compact(a.Context(), pipeline.CompactOptions{Until: at("11:00:00")}, nil); err != nil {
		a.Fatal(err)
	}
	clock.look()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		a.Error(err)
	}
	if want := strings.Fields("10:25:00 10:59:30 11:00:05"); !slices.Equal(shown, want) || looks.Load() < 4 {
		a.Errorf("shown were %q, want %q, in %d looks", shown, want, looks.Load())
	}
	a.wantUsers("10:05:00 10:15:00 10:25:00 10:59:30 11:00:05")
}
