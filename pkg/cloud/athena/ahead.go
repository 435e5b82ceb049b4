package athena

import (
	"context"
	"sync"
)

const (
	batchRows  = 256
	batchBytes = 256 << 10 // ends a batch of long rows earlier
	batches    = 3
)

// batch is some rows that follow one another, and the error that came instead
// of the next one.
type batch struct {
	fields []field
	rows   int
	err    error
}

// ahead has rows parsed before they are asked for, beside the caller's work on
// those before.
type ahead struct {
	from        source
	columns     int
	stop        context.CancelFunc
	parser      sync.WaitGroup
	full, empty chan *batch
	now         *batch
	at          int // rows given of now
}

// readAhead begins to parse. The parsing lives until close, whatever becomes
// of ctx.
func readAhead(ctx context.Context, from source, columns int) *ahead {
	parsing, stop := context.WithCancel(context.WithoutCancel(ctx))
	a := &ahead{from: from, columns: columns, stop: stop, full: make(chan *batch, batches), empty: make(chan *batch, batches), now: &batch{}}
	for range batches - 1 {
		a.empty <- &batch{}
	}
	a.parser.Go(func() { a.parse(parsing) })
	return a
}

func (a *ahead) parse(ctx context.Context) {
	for {
		select {
		case b := <-a.empty:
			b.fill(ctx, a.from)
			a.full <- b // has room for every batch
			if b.err != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func (b *batch) fill(ctx context.Context, from source) {
	b.fields, b.rows = b.fields[:0], 0
	for size := 0; b.rows < batchRows && size < batchBytes; b.rows++ {
		row, err := from.next(ctx)
		if err != nil {
			b.err = err
			return
		}
		b.fields = append(b.fields, row...)
		for _, f := range row {
			size += len(f.text)
		}
	}
}

// next gives the next row; the slice is valid until the next call.
func (a *ahead) next(ctx context.Context) ([]field, error) {
	for a.at == a.now.rows {
		if a.now.err != nil {
			return nil, a.now.err
		}
		select {
		case b := <-a.full:
			a.empty <- a.now // has room for every batch
			a.now, a.at = b, 0
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	row := a.now.fields[a.at*a.columns : (a.at+1)*a.columns]
	a.at++
	return row, nil
}

func (a *ahead) close() {
	a.stop()
	a.parser.Wait()
	a.from.close()
}
