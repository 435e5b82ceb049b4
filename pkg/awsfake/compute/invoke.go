package compute

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pixelctl/pkg/beacon"
)

// callMS is how long each call takes, in milliseconds; the clock does not move.
const callMS = 6

// Invoke calls a function with an event and gives what it returns.
func (s *Lambda) Invoke(ctx context.Context, name string, payload json.RawMessage) (json.RawMessage, error) {
	s.lock.Lock()
	f, err := s.find(name)
	if err != nil {
		s.lock.Unlock()
		return nil, err
	}
	f.calls++
	call := *f
	s.lock.Unlock()
	s.o.Count("AWS/Lambda", "Invocations", "FunctionName", call.FunctionName)
	s.o.Measure("AWS/Lambda", "Duration", callMS, "FunctionName", call.FunctionName)
	run := &invocation{lambda: s, function: &call}
	run.id = fmt.Sprintf("%08x-0000-4000-8000-%012x", len(call.FunctionName), call.calls)
	return run.answer(ctx, payload)
}

// invocation is one run of the function: what embed/beacon does, in process.
type invocation struct {
	lambda   *Lambda
	function *Function
	id       string
}

// answer gives the image whatever happens, as the function does.
func (i *invocation) answer(ctx context.Context, payload []byte) (json.RawMessage, error) {
	b := i.function.beacon
	var e Event
	var res beacon.Result
	if err := json.Unmarshal(payload, &e); err != nil || e.RequestContext.HTTP.Method == "" {
		b.Answer(&beacon.Request{Method: "GET", Path: "/p.gif", ID: "none"}, &res)
		res.Drop("event")
		i.write(line{Message: "event not understood", Reason: "event", RequestID: i.id})
		return reply(&res, true)
	}
	if i.function.keys != nil {
		if err := i.function.keys.refresh(ctx); err != nil {
			i.write(line{Message: "no keys: columns that need one stay empty", Reason: "secret", Error: err.Error()})
		}
	}
	req := e.request(i.id, i.lambda.o.Clock.Now())
	b.Answer(&req, &res)
	if len(res.Records) > 0 {
		i.record(ctx, i.function.Environment.Variables["PIXELCTL_STREAM"], req.ID, &res)
	}
	return reply(&res, req.Method != "HEAD")
}

// record puts the answer's records into the stream and logs what it refuses.
func (i *invocation) record(ctx context.Context, stream, id string, res *beacon.Result) {
	var lines [][]byte
	for n := range res.Records {
		lines = append(lines, res.Records[n].AppendLine(nil))
	}
	left, err := i.put(ctx, stream, lines)
	if len(left) == 0 {
		return
	}
	i.log(id, lines, left, err)
	if len(left) == len(lines) {
		res.Drop("stream")
		return
	}
	kept := res.Records[:0]
	for n := range res.Records {
		if !slices.Contains(left, n) {
			kept = append(kept, res.Records[n])
		}
	}
	res.Records, res.Reason = kept, "stream"
	res.Dropped += len(left)
}

// put tries twice and gives the indices of the lines that were not taken.
func (i *invocation) put(ctx context.Context, stream string, lines [][]byte) (left []int, err error) {
	for n := range lines {
		left = append(left, n)
	}
	for range 2 {
		if left, err = i.attempt(ctx, stream, lines, left); len(left) == 0 {
			break
		}
	}
	return left, err
}

// attempt makes one call: PutRecord for one line, else PutRecordBatch.
func (i *invocation) attempt(ctx context.Context, stream string, lines [][]byte, todo []int) ([]int, error) {
	if len(todo) == 1 {
		if err := i.lambda.o.Put(ctx, stream, lines[todo[0]]); err != nil {
			return todo, err
		}
		return nil, nil
	}
	batch := make([][]byte, 0, len(todo))
	for _, n := range todo {
		batch = append(batch, lines[n])
	}
	refused, err := i.lambda.o.PutBatch(ctx, stream, batch)
	if err != nil {
		return todo, err
	}
	var left []int
	for n, e := range refused {
		if e != nil {
			left, err = append(left, todo[n]), e
		}
	}
	return left, err
}

// line is one line of the function's log.
type line struct {
	Timestamp string            `json:"timestamp"`
	Level     string            `json:"level"`
	Message   string            `json:"message"`
	Reason    string            `json:"reason"`
	RequestID string            `json:"request_id,omitempty"`
	Attempts  int               `json:"attempts,omitempty"`
	Error     string            `json:"error"`
	Records   []json.RawMessage `json:"records,omitempty"`
}

// log writes the line from which lost records can be replayed.
func (i *invocation) log(id string, lines [][]byte, left []int, cause error) {
	l := line{Message: "records not stored", Reason: "stream", RequestID: id, Attempts: 2}
	for _, n := range left {
		l.Records = append(l.Records, []byte(strings.TrimSuffix(string(lines[n]), "\n")))
	}
	if cause != nil {
		l.Error = cause.Error()
	}
	i.write(l)
}

func (i *invocation) write(l line) {
	now := i.lambda.o.Clock.Now()
	l.Timestamp, l.Level = now.Format("2006-01-02T15:04:05.999999999Z07:00"), "ERROR"
	if text, err := json.Marshal(l); err == nil {
		i.lambda.o.Log(i.function.LoggingConfig.LogGroup, now.Format("2006/01/02/[$LATEST]")+strings.ReplaceAll(i.id, "-", ""), string(text))
	}
}

// reply is the answer in payload format 2.0.
func reply(res *beacon.Result, withBody bool) (json.RawMessage, error) {
	out := Answer{StatusCode: res.Code, Headers: map[string]string{}}
	res.Headers(func(name, value string) {
		if name != "Content-Length" {
			out.Headers[name] = value
		}
	})
	if cookie := res.Cookie(); cookie != "" {
		out.Cookies = []string{cookie}
	}
	if withBody && len(res.Body) > 0 {
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(res.Body), true
	}
	return json.Marshal(out)
}
