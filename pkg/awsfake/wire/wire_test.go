package wire_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

func TestClock(t *testing.T) {
	start := time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)
	clock := wire.NewClock(start)
	var seen []time.Duration
	clock.OnAdvance(func(now time.Time) { seen = append(seen, now.Sub(start), clock.Now().Sub(start)) })
	if err := clock.Wait(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	clock.Advance(-time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := clock.Wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("wait with a done context: %v", err)
	}
	if got, want := fmt.Sprint(seen), "[1m0s 1m0s 1m0s 1m0s]"; got != want {
		t.Errorf("hooks saw %s, want %s", got, want)
	}
}

func TestAsError(t *testing.T) {
	value := wire.Error{Code: "Throttling", Message: "slow"}
	for name, c := range map[string]struct {
		err    error
		code   string
		status int
	}{
		"value":   {fmt.Errorf("x: %w", value), "Throttling", 400},
		"pointer": {fmt.Errorf("x: %w", &value), "Throttling", 400},
		"status":  {wire.Error{Code: "A", Status: 404}, "A", 404},
		"other":   {errors.New("odd"), "InternalFailure", 500},
	} {
		if got := wire.AsError(c.err); got.Code != c.code || got.Status != c.status {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestBind(t *testing.T) {
	type in struct{ Name string }
	op := wire.Bind(func(_ context.Context, i in) (string, error) { return "hello " + i.Name, nil })
	out, err := op(t.Context(), []byte(`{"Name":"x"}`))
	if err != nil || out != "hello x" {
		t.Errorf("%v, %v", out, err)
	}
	_, err = op(t.Context(), []byte(`{"Name":1}`))
	if got := wire.AsError(err).Code; got != "SerializationException" {
		t.Errorf("wrong JSON: %s", got)
	}
}
