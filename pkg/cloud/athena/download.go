package athena

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

const (
	chunkBytes    = 4 << 20
	parallelReads = 6
	maxBreaks     = 8 // of one chunk's body, before the download fails
	firstPause    = 100 * time.Millisecond
)

// fetch says how an object is read: at most parallel+1 chunks are in memory.
type fetch struct {
	chunk    int64 // bytes
	parallel int
}

// download reads one object by ranges, several at a time, in order.
type download struct {
	e                 *Engine
	bucket, key, etag string
	size              int64
	stop              context.CancelFunc
	queue             chan chan chunk
	free              chan []byte
	held              []byte // what the caller of next still reads
	readers           sync.WaitGroup
}

// chunk is a range as read.
type chunk struct {
	b   []byte
	err error
}

// open asks for the first chunk, which tells the size, and begins with the
// others. The reads live until close, whatever becomes of ctx.
func (e *Engine) open(ctx context.Context, location string) (*download, error) {
	bucket, key, ok := strings.Cut(strings.TrimPrefix(location, "s3://"), "/")
	if !ok || key == "" || !strings.HasPrefix(location, "s3://") {
		return nil, fault.New(fault.Failed, "read result: %q names no object", location)
	}
	d := &download{e: e, bucket: bucket, key: key}
	reading, stop := context.WithCancel(context.WithoutCancel(ctx))
	first, err := d.get(ctx, reading, 0, e.fetch.chunk)
	if err != nil {
		stop()
		return nil, err
	}
	if d.size, err = totalOf(aws.ToString(first.ContentRange)); err != nil {
		stop()
		return nil, fmt.Errorf("read result %s: %w", location, err)
	}
	d.etag, d.stop = aws.ToString(first.ETag), stop
	d.queue = make(chan chan chunk, e.fetch.parallel-1)
	d.free = make(chan []byte, e.fetch.parallel+1)
	d.readers.Go(func() { d.dispatch(reading, first.Body) })
	return d, nil
}

// totalOf reads the size of the object from a header such as
// "bytes 0-99/1234".
func totalOf(header string) (int64, error) {
	_, total, _ := strings.Cut(header, "/")
	n, err := strconv.ParseInt(total, 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.New(fault.Failed, "the answer to a range has the Content-Range %q", header)
	}
	return n, nil
}

// get asks for the bytes from up to to, of the object as it was at first. The
// request ends with ctx as long as it waits for the answer, its body with
// reading.
func (d *download) get(ctx, reading context.Context, from, to int64) (*s3.GetObjectOutput, error) {
	in := &s3.GetObjectInput{Bucket: &d.bucket, Key: &d.key, Range: aws.String(fmt.Sprintf("bytes=%d-%d", from, to-1))}
	if d.etag != "" {
		in.IfMatch = &d.etag
	}
	asking, cancel := context.WithCancel(reading)
	defer context.AfterFunc(ctx, cancel)()
	out, err := d.e.objects.GetObject(asking, in)
	if err != nil {
		cancel()
		return nil, session.Explain(err, "read bytes %d-%d of %s of bucket %s", from, to-1, d.key, d.bucket)
	}
	out.Body = &ending{out.Body, cancel}
	return out, nil
}

// ending is a body whose request ends when it is closed.
type ending struct {
	io.ReadCloser

	cancel context.CancelFunc
}

// Close ends the request, so that what is left of the body is not read.
func (e *ending) Close() error {
	e.cancel()
	return e.ReadCloser.Close()
}

// dispatch starts a read for each chunk, as the queue has room.
func (d *download) dispatch(ctx context.Context, first io.ReadCloser) {
	defer close(d.queue)
	for from := int64(0); from < d.size; from += d.e.fetch.chunk {
		c, body := make(chan chunk, 1), first
		first = nil
		select {
		case d.queue <- c:
		case <-ctx.Done():
			if body != nil {
				_ = body.Close() // nobody reads it
			}
			return
		}
		d.readers.Go(func() {
			b, err := d.read(ctx, body, from, min(from+d.e.fetch.chunk, d.size))
			c <- chunk{b, err}
		})
	}
}

// read reads one chunk. A body that breaks off is asked for again from where
// it broke. The first body may be open already.
func (d *download) read(ctx context.Context, body io.ReadCloser, from, to int64) ([]byte, error) {
	b, got := d.room(int(to-from)), 0
	for breaks := 0; ; breaks++ {
		if body == nil {
			out, err := d.get(ctx, ctx, from+int64(got), to)
			if err != nil {
				return nil, err
			}
			body = out.Body
		}
		n, err := io.ReadFull(body, b[got:])
		_ = body.Close() // all bytes are here, or the read failed already
		got, body = got+n, nil
		switch {
		case got == len(b):
			return b, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case breaks == maxBreaks:
			return nil, session.Explain(err, "read byte %d of %s of bucket %s", from+int64(got), d.key, d.bucket)
		}
		if err := d.e.o.Clock.Wait(ctx, firstPause<<breaks); err != nil {
			return nil, err
		}
	}
}

// room gives a buffer, one that was read already if there is any.
func (d *download) room(n int) []byte {
	select {
	case b := <-d.free:
		if cap(b) >= n {
			return b[:n]
		}
	default:
	}
	return make([]byte, n, max(n, int(min(d.e.fetch.chunk, d.size))))
}

// next gives the next chunk, io.EOF after the last. The chunk is valid until
// the next call.
func (d *download) next(ctx context.Context) ([]byte, error) {
	if d.held != nil {
		select {
		case d.free <- d.held:
		default:
		}
		d.held = nil
	}
	var turn chan chunk
	select {
	case c, ok := <-d.queue:
		if !ok {
			return nil, io.EOF
		}
		turn = c
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case c := <-turn:
		d.held = c.b
		return c.b, c.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// close ends the reads and waits for them.
func (d *download) close() {
	d.stop()
	d.readers.Wait()
}
