package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pixelctl/pkg/awsfake"
)

// fakeClock is the variable by which a process of a script finds the clock of
// its fake account.
const fakeClock = "FAKE_CLOCK"

// remoteClock is the fake's clock for a process of its own: a wait moves it
// and takes no time.
type remoteClock struct{ url string }

// Now satisfies session.Clock.
func (c remoteClock) Now() time.Time {
	now, err := c.ask(context.Background(), 0)
	if err != nil {
		return time.Time{}
	}
	return now
}

// Wait satisfies session.Clock.
func (c remoteClock) Wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := c.ask(ctx, d)
	return err
}

func (c remoteClock) ask(ctx context.Context, pass time.Duration) (now time.Time, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"?pass="+pass.String(), http.NoBody)
	if err != nil {
		return now, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return now, err
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return now, err
	}
	return now, now.UnmarshalText(body)
}

// onFakeTime gives the run the clock of the script's account, if it has one.
func onFakeTime(a *app) {
	if address := os.Getenv(fakeClock); address != "" {
		a.clock, a.backoff = remoteClock{address}, func(int) time.Duration { return 0 }
	}
}

// accountCommands are the words about AWS.
//
//	account                      a new account in the AWS fake, with credentials and region for it
//	pass DURATION                let that time go by there
//	fault JSON                   make calls go wrong there: awsfake.Fault
//	left [NAME…]                 exactly these resources are left there, each by a part of its name
//	calls SERVICE OPERATION N    it took the call so often
//	foreign STACK FILE           somebody else has made a stack of this template there
//	adopt STACK STATUS           the stack is in this status
//	break ID OPERATION N REASON  the resource fails N times, 0 is always; see cloudformation.Server.Break
//	inflate N                    each byte of an object counts N when Athena reads it
//	sized STATUS URL BYTES       the answer to a request whose line and headers have so many bytes
//	interruptedat CODE SERVICE OPERATION PROGRAM [ARGS…]
//	                             run it, interrupt it once that call came in, compare the exit code
func accountCommands() map[string]scriptCommand {
	return map[string]scriptCommand{
		"account": cmdAccount, "pass": cmdPass, "fault": cmdFault, "left": cmdLeft, "calls": cmdCalls, "foreign": cmdForeign,
		"adopt": cmdAdopt, "inflate": cmdInflate, "break": cmdBreak, "sized": cmdSized,
		"interruptedat": cmdInterruptedAt,
	}
}

// script is the key under which setup keeps what belongs to one script.
type script struct{}

// world is what belongs to one script.
type world struct {
	t       testing.TB
	account *awsfake.Fake
}

func worldOf(ts *testscript.TestScript) *world {
	w, ok := ts.Value(script{}).(*world)
	if !ok {
		ts.Fatalf("setup made no world")
	}
	return w
}

func fakeOf(ts *testscript.TestScript) *awsfake.Fake {
	w := worldOf(ts)
	if w.account == nil {
		ts.Fatalf("no account yet")
	}
	return w.account
}

func cmdAccount(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 0, "account")
	w := worldOf(ts)
	fake := awsfake.StartWith(w.t, awsfake.Options{Reachable: true})
	w.account = fake
	clock := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if d, err := time.ParseDuration(r.URL.Query().Get("pass")); err == nil {
			fake.Clock().Advance(d)
		}
		text, err := fake.Clock().Now().MarshalText()
		if err == nil {
			_, _ = rw.Write(text)
		}
	}))
	w.t.Cleanup(clock.Close)
	for k, v := range map[string]string{
		fakeClock: clock.URL, "AWS_ENDPOINT_URL": fake.URL(), "AWS_REGION": awsfake.Region,
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		ts.Setenv(k, v)
	}
}

func cmdPass(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 1, "pass DURATION")
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	fakeOf(ts).Clock().Advance(d)
}

func cmdFault(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 1, "fault JSON")
	var f awsfake.Fault
	d := json.NewDecoder(strings.NewReader(args[0]))
	d.DisallowUnknownFields()
	ts.Check(d.Decode(&f))
	fakeOf(ts).Fail(f)
}

// sharedLogs is the log group of all crawlers of an account; no stack owns it.
const sharedLogs = "AWS::Logs::LogGroup /aws-glue/crawlers"

func cmdLeft(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg, "left [NAME…]")
	found := slices.DeleteFunc(fakeOf(ts).Left(), func(s string) bool { return s == sharedLogs })
	for _, name := range args {
		at := slices.IndexFunc(found, func(s string) bool { return strings.Contains(s, name) })
		if at < 0 {
			ts.Fatalf("%s is gone; left are %q", name, found)
		}
		found = slices.Delete(found, at, at+1)
	}
	if len(found) > 0 {
		ts.Fatalf("left are also %q", found)
	}
}

func cmdCalls(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 3, "calls SERVICE OPERATION N")
	n := 0
	for _, c := range fakeOf(ts).Calls() {
		if c.Service == args[0] && c.Operation == args[1] {
			n++
		}
	}
	if fmt.Sprint(n) != args[2] {
		ts.Fatalf("%s:%s was called %d times, want %s", args[0], args[1], n, args[2])
	}
}

// cmdForeign plants a stack as somebody else's tool would have made it.
func cmdForeign(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 2, "foreign STACK FILE")
	_, err := fakeOf(ts).CloudFormation.Adopt(args[0], "CREATE_COMPLETE", map[string]string{"made-by": "somebody else"}, ts.ReadFile(args[1]))
	ts.Check(err)
}

func cmdAdopt(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 2, "adopt STACK STATUS")
	_, err := fakeOf(ts).CloudFormation.Adopt(args[0], args[1], nil, "")
	ts.Check(err)
}

func cmdBreak(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 4, "break LOGICAL-ID OPERATION TIMES REASON")
	times, err := strconv.Atoi(args[2])
	ts.Check(err)
	fakeOf(ts).CloudFormation.Break(args[0], args[1], times, args[3])
}

func cmdInflate(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 1, "inflate N")
	n, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	fakeOf(ts).Engine.Inflate(n)
}

// cmdSized sends a request whose line and headers have so many bytes.
func cmdSized(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 3, "sized STATUS URL BYTES")
	size, err := strconv.Atoi(args[2])
	ts.Check(err)
	u, err := url.Parse(args[1])
	ts.Check(err)
	head := func(pad int) string {
		return "GET " + u.Path + "?label=" + strings.Repeat("x", pad) + " HTTP/1.1\r\nHost: " + u.Host + "\r\n"
	}
	conn, err := net.Dial("tcp", u.Host)
	ts.Check(err)
	ts.Defer(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, head(size-len(head(0)))+"\r\n")
	ts.Check(err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	ts.Check(err)
	ts.Check(resp.Body.Close())
	if strconv.Itoa(resp.StatusCode) != args[0] {
		ts.Fatalf("status %s, want %s", resp.Status, args[0])
	}
}

func cmdInterruptedAt(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 4, "interruptedat CODE SERVICE OPERATION PROGRAM [ARGS…]")
	run := program(ts, args[3:])
	came := make(chan struct{}, 1)
	fakeOf(ts).OnCall(func(c awsfake.Call) {
		if c.Service == args[1] && c.Operation == args[2] {
			select {
			case came <- struct{}{}:
			default:
			}
		}
	})
	ts.Check(run.Start())
	select {
	case <-came:
	case <-time.After(patience):
		_ = run.Process.Kill()
		ts.Fatalf("waited %s for %s:%s: %v", patience, args[1], args[2], run.Wait())
	}
	ts.Check(run.Process.Signal(os.Interrupt))
	checkCode(ts, args[0], run.Wait())
}
