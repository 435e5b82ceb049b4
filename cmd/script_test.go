package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/mattn/go-runewidth"
	"github.com/rogpeppe/go-internal/testscript"
)

type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are the words that the scripts have besides testscript's own.
// FILE may be stdout or stderr everywhere.
//
//	exits CODE PROGRAM [ARGS…]   run it and compare the exit code
//	json FILE PATH WANT          the value at PATH, such as items[0].kind or rows.length, is WANT
//	jsonenv NAME FILE PATH       put that value into the environment
//	fits FILE WIDTH              no line is wider, no tabs, no spaces at line ends
//	plain FILE                   no escape byte
//	empty FILE                   not one byte
//	lines FILE N                 it has so many lines
//	serving STACK                until its server answers; a server.json that a killed one left does not count
//	signal NAME STACK            TERM or KILL to the server of the stack in this directory
//	ended STACK                  until its server is gone
//	deaf CODE PROGRAM [ARGS…]    run it with nobody reading its standard output
//	interrupted CODE GLOB PROGRAM [ARGS…]
//	                             run it, interrupt it once a file matches GLOB, compare the exit code
//	certificate CERT KEY         make a pair for 127.0.0.1
//	get URL                      load the pixel, as a browser on a page does
//	occupy NAME [URL]            listen on a free port of loopback, or that of URL; its address goes into NAME
func scriptCommands() map[string]scriptCommand {
	return map[string]scriptCommand{
		"exits": cmdExits, "json": cmdJSON, "jsonenv": cmdJSONEnv, "fits": cmdFits, "plain": cmdPlain,
		"empty": cmdEmpty, "lines": cmdLines, "serving": cmdServing, "signal": cmdSignal, "ended": cmdEnded,
		"interrupted": cmdInterrupted, "get": cmdGet,
		"deaf": cmdDeaf, "occupy": cmdOccupy, "certificate": cmdCertificate,
	}
}

// want fails the script when a command is used wrongly.
func want(ts *testscript.TestScript, ok bool, usage string) {
	if !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 2, "exits CODE PROGRAM [ARGS…]")
	checkCode(ts, args[0], ts.Exec(args[1], args[2:]...))
}

func checkCode(ts *testscript.TestScript, code string, err error) {
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(got) != code {
		ts.Fatalf("exit code %d, want %s", got, code)
	}
}

func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, len(args) == 3, "json FILE PATH WANT")
	got, err := lookup(ts.ReadFile(args[0]), args[1])
	if err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	if (got == args[2]) == neg {
		ts.Fatalf("%s of %s is %q, want it%s to be %q", args[1], args[0], got, map[bool]string{true: " not"}[neg], args[2])
	}
}

func cmdJSONEnv(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 3, "jsonenv NAME FILE PATH")
	got, err := lookup(ts.ReadFile(args[1]), args[2])
	if err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
	ts.Setenv(args[0], got)
}

// lookup finds the value at a path of names, [n] and length. Strings
// come without quotes, everything else as compact JSON. The document must be
// the only one.
func lookup(doc, path string) (string, error) {
	d := json.NewDecoder(strings.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "", fmt.Errorf("no JSON: %w", err)
	}
	if d.More() {
		return "", errors.New("more than one JSON document")
	}
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		next, ok := descend(v, step)
		if !ok {
			return "", fmt.Errorf("nothing at %q of %s", step, path)
		}
		v = next
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSpace(b.String()), err
}

func descend(v any, step string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		if step == "length" {
			return len(v), true
		}
		next, ok := v[step]
		return next, ok
	case []any:
		if step == "length" {
			return len(v), true
		}
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v) {
			return v[i], true
		}
	}
	return nil, false
}

func cmdFits(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 2, "fits FILE WIDTH")
	width, err := strconv.Atoi(args[1])
	ts.Check(err)
	if wrong := misfit(ts.ReadFile(args[0]), width); wrong != "" {
		ts.Fatalf("%s", wrong)
	}
}

// misfit names the first line that is wider than width, has a tab or ends in
// a space.
func misfit(text string, width int) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch n := runewidth.StringWidth(line); {
		case n > width:
			return fmt.Sprintf("%d columns instead of %d: %s", n, width, line)
		case strings.Contains(line, "\t"):
			return fmt.Sprintf("a tab: %q", line)
		case strings.HasSuffix(line, " "):
			return fmt.Sprintf("a space at the end: %q", line)
		}
	}
	return ""
}

func cmdPlain(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, len(args) == 1, "plain FILE")
	if strings.Contains(ts.ReadFile(args[0]), "\x1b") != neg {
		ts.Fatalf("escape bytes in %s: %v, want %v", args[0], !neg, neg)
	}
}

func cmdEmpty(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, len(args) == 1, "empty FILE")
	if text := ts.ReadFile(args[0]); (text == "") == neg {
		ts.Fatalf("%s has %d bytes", args[0], len(text))
	}
}

func cmdLines(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 2, "lines FILE N")
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], n, args[1])
	}
}

func cmdServing(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 1, "serving STACK")
	dir := ts.MkAbs(args[0])
	ts.Check(until("a server of "+dir, func() (bool, error) {
		if free, err := lockFree(filepath.Join(dir, "server.lock")); free || err != nil {
			return false, err
		}
		doc, err := os.ReadFile(filepath.Join(dir, "server.json"))
		if err != nil {
			return false, nil //nolint:nilerr // not written yet
		}
		pid, err := lookup(string(doc), "pid")
		if err != nil {
			return false, err
		}
		holder, err := os.ReadFile(filepath.Join(dir, "server.lock"))
		return strings.TrimSpace(string(holder)) == pid, err
	}))
}

func cmdSignal(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 2, "signal NAME STACK")
	sig, ok := map[string]os.Signal{"TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}[args[0]]
	want(ts, ok, "signal NAME STACK")
	ts.Check(send(sig, ts.MkAbs(args[1])+"/server.lock"))
}

// send sends a signal to the process whose pid the lock file holds.
func send(sig os.Signal, lock string) error {
	b, err := os.ReadFile(lock)
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return fmt.Errorf("pid in %s: %w", lock, err)
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return p.Signal(sig)
}

func cmdEnded(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 1, "ended STACK")
	ts.Check(awaitUnlocked(ts.MkAbs(args[0]) + "/server.lock"))
}

// cmdDeaf runs a program into a pipe whose reader is gone, as after head.
func cmdDeaf(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 2, "deaf CODE PROGRAM [ARGS…]")
	r, w, err := os.Pipe()
	ts.Check(err)
	ts.Check(r.Close())
	run := program(ts, args[1:])
	run.Stdout = w
	err = errors.Join(run.Run(), w.Close())
	checkCode(ts, args[0], err)
}

func cmdInterrupted(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 3, "interrupted CODE GLOB PROGRAM [ARGS…]")
	run := program(ts, args[2:])
	ts.Check(run.Start())
	err := until(args[1], func() (bool, error) {
		found, err := filepath.Glob(ts.MkAbs(args[1]))
		return len(found) > 0, err
	})
	if err != nil {
		_ = run.Process.Kill()
		ts.Fatalf("%v", errors.Join(err, run.Wait()))
	}
	ts.Check(run.Process.Signal(os.Interrupt))
	checkCode(ts, args[0], run.Wait())
}

// program is a command that the script's other words can look into.
func program(ts *testscript.TestScript, args []string) *exec.Cmd {
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	run := exec.Command(path, args[1:]...)
	run.Dir, run.Env = ts.MkAbs("."), scriptEnv(ts)
	run.Stdout, run.Stderr = ts.Stdout(), ts.Stderr()
	return run
}

// scriptEnv is the environment of a script as far as pixelctl looks at it.
func scriptEnv(ts *testscript.TestScript) []string {
	var env []string
	for _, k := range []string{
		"HOME", "PATH", "TMPDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LANG", "TERM", "PIXELCTL_ADDR", "PIXELCTL_TARGET", "GORACE",
		fakeClock, "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
	} {
		env = append(env, k+"="+ts.Getenv(k))
	}
	return env
}

func cmdOccupy(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && (len(args) == 1 || len(args) == 2), "occupy NAME [URL]")
	addr := "127.0.0.1:0"
	if len(args) == 2 {
		addr = strings.TrimPrefix(args[1], "http://")
	}
	l, err := net.Listen("tcp", addr)
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}
