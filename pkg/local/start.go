package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/pipeline"
)

// startTimeout is how long a server may take until it answers; recovery of a
// large spool is the longest part.
const startTimeout = time.Minute

// start runs the server in the background, in a session of its own, so that it
// outlives this process and its terminal, and waits for its ready line.
func (t *Target) start(ctx context.Context, sink pipeline.Sink) (control.Address, error) {
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "start server", Text: "wait until it answers"})
	log, err := os.OpenFile(t.l.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, filePerm)
	if err != nil {
		return control.Address{}, fmt.Errorf("open server log: %w", err)
	}
	defer func() { _ = log.Close() }() // only the server writes to it
	from, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return control.Address{}, fmt.Errorf("open server log: %w", err)
	}
	cmd := exec.Command(t.o.Serve[0], t.o.Serve[1:]...) //nolint:gosec,noctx // our own executable; it must outlive this context
	cmd.Stderr = log
	cmd.SysProcAttr = detached()
	out, err := cmd.StdoutPipe()
	if err != nil {
		return control.Address{}, fmt.Errorf("start server: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return control.Address{}, fmt.Errorf("start server: %w", err)
	}
	a, err := awaitReady(ctx, out)
	if err != nil {
		abandon(cmd)
		return a, t.startFailed(from, err)
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "start server"})
	return a, errors.Join(out.Close(), cmd.Process.Release())
}

func awaitReady(ctx context.Context, out io.Reader) (control.Address, error) {
	type answer struct {
		a   control.Address
		err error
	}
	ready := make(chan answer, 1)
	go func() {
		var r answer
		r.err = json.NewDecoder(out).Decode(&r.a)
		ready <- r
	}()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case r := <-ready:
		return r.a, r.err
	case <-ctx.Done():
		return control.Address{}, ctx.Err()
	}
}

// startFailed tells why, in the words that the server left in its log.
func (t *Target) startFailed(from int64, cause error) error {
	if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return fmt.Errorf("start server: %w", cause)
	}
	said := logged(t.l.Log(), from)
	if said == nil {
		return fault.New(fault.Failed, "start server: it ended before it answered").WithHint("read %s", t.l.Log())
	}
	return fault.New(said.Code, "start server: %s", said.Message).WithHint("%s", said.Hint)
}

// logged finds the JSON error document that serve prints on standard error.
func logged(path string, from int64) *failure {
	b, err := os.ReadFile(path)
	if err != nil || int64(len(b)) < from {
		return nil
	}
	b = b[from:]
	for at := 0; at >= 0; at = next(b, at) {
		var doc struct {
			Error *failure `json:"error"`
		}
		if json.NewDecoder(bytes.NewReader(b[at:])).Decode(&doc) == nil && doc.Error != nil {
			return doc.Error
		}
	}
	return nil
}

// next is where the next line begins that may be a JSON document, or -1.
func next(b []byte, after int) int {
	i := bytes.Index(b[after:], []byte("\n{"))
	if i < 0 {
		return -1
	}
	return after + i + 1
}

// failure is the error document of --json.
type failure struct {
	Message string     `json:"message"`
	Code    fault.Kind `json:"code"`
	Hint    string     `json:"hint"`
}

func abandon(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // it may be gone already
	_ = cmd.Wait()         // it was killed: its exit status says nothing
}
