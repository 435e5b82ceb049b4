package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/cloud/artifact"
	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/spec"
)

// roomSpec has one own column.
func roomSpec() spec.Spec {
	return spec.Spec{Fields: []spec.Field{{
		Name: "room", Type: event.String, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{"room"}}},
	}}}
}

// The function runs the spec beside it. One of no use leaves the image, and
// nothing of a person.
func TestNewFunction(t *testing.T) {
	t.Parallel()
	broken := spec.Spec{Fields: []spec.Field{{
		Name: "room", Type: event.String, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{"room"}}},
		Transforms: []spec.Transform{{Kind: spec.Regexp, Pattern: "("}},
	}}}
	for _, c := range []struct {
		name, file string
		has, lacks []string
		told       int
	}{
		{"none", "", []string{"user_id", "ip", "user_agent"}, []string{"room"}, 0},
		{"zero", "{}", []string{"user_id", "ip", "user_agent"}, []string{"room"}, 0},
		{"own column", string(roomSpec().JSON()), []string{"room", "user_id", "ip"}, nil, 0},
		{"strict", string(spec.Spec{Privacy: spec.Strictest()}.JSON()), []string{"event", "site"}, []string{"user_id", "ip", "user_agent"}, 0},
		{"no JSON", "<html>", []string{"event", "site"}, []string{"user_id", "ip", "user_agent", "room"}, 1},
		{"unknown key", `{"feelds":[]}`, []string{"event", "site"}, []string{"user_id", "ip", "user_agent"}, 1},
		{"two values", `{}{}`, []string{"event", "site"}, []string{"user_id", "ip", "user_agent"}, 1},
		{"does not compile", string(broken.JSON()), []string{"event", "site"}, []string{"user_id", "ip", "user_agent", "room"}, 1},
		{"a directory", "/", []string{"event", "site"}, []string{"user_id", "ip", "user_agent"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			writeSpec(t, filepath.Join(root, "spec.json"), c.file)
			f, log := &fake{}, &bytes.Buffer{}
			h, err := newFunction(t.Context(), func(name string) string {
				return map[string]string{"LAMBDA_TASK_ROOT": root, "PIXELCTL_VERSION": "1.2"}[name]
			}, log)
			if err != nil {
				t.Fatal(err)
			}
			h.stream = &stream{firehose: f, name: "hits"}
			function{h, f, log}.invoke(t, event2("GET", "/p.gif", `,"rawQueryString":"site=shop&uid=u-1&room=sea"`)).isImage(t)
			rec := f.records(t)[0]
			for _, name := range c.has {
				if rec[name] == nil {
					t.Errorf("%s is missing in %v", name, rec)
				}
			}
			for _, name := range c.lacks {
				if rec[name] != nil {
					t.Errorf("%s is %v", name, rec[name])
				}
			}
			if rec["collector"] != "pixelctl/1.2 aws" || strings.Count(log.String(), "\n") != c.told || strings.Count(log.String(), `"reason":"spec"`) != c.told {
				t.Errorf("collector %v, log %s", rec["collector"], log)
			}
		})
	}
}

// The spec of one that cannot be read keeps nothing that was planted, in no
// column: which of them its owner did not want is not known.
func TestInvokeFallback(t *testing.T) {
	t.Parallel()
	for _, c := range privacytest.Cases() {
		f := newSpecFunction(&fake{}, privacy.Fallback(), nil)
		f.invoke(t, planted(t, c)).isImage(t)
		line := f.fake.calls[0].lines[0]
		for _, v := range privacytest.Values() {
			if strings.Contains(line, v.Text) {
				t.Errorf("%s: %s is in %s", c.Name, v.Text, line)
			}
		}
		if rec := parse(t, line); rec["site"] != "shop" || rec["event"] != "view" || rec["client_class"] == nil {
			t.Errorf("%s: not even the hit is left of %s", c.Name, line)
		}
	}
}

// The deployed zip has the spec where the function looks for it.
func TestSpecFile(t *testing.T) {
	t.Parallel()
	if specFile != artifact.SpecFile {
		t.Errorf("the zip has %s, the function reads %s", artifact.SpecFile, specFile)
	}
}

// writeSpec writes the file; "" is no file and / a directory.
func writeSpec(t testing.TB, name, text string) {
	t.Helper()
	var err error
	switch text {
	case "":
	case "/":
		err = os.Mkdir(name, 0o700)
	default:
		err = os.WriteFile(name, []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A function whose spec needs a secret and that has none answers, hashes
// nothing, and keeps nothing instead.
func TestNewFunctionWithoutSecret(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeSpec(t, filepath.Join(root, "spec.json"), string(spec.Spec{Privacy: spec.Privacy{User: spec.Hash, IP: spec.Hash}}.JSON()))
	f, log := &fake{}, &bytes.Buffer{}
	h, err := newFunction(t.Context(), func(name string) string { return map[string]string{"LAMBDA_TASK_ROOT": root}[name] }, log)
	if err != nil {
		t.Fatal(err)
	}
	h.stream = &stream{firehose: f, name: "hits"}
	for range 3 {
		function{h, f, log}.invoke(t, event2("GET", "/p.gif", `,"rawQueryString":"uid=u-1"`)).isImage(t)
	}
	for _, rec := range f.records(t) {
		if rec["user_id"] != nil || rec["ip"] != nil {
			t.Errorf("%v", rec)
		}
	}
	if len(f.records(t)) != 3 || strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "PIXELCTL_SECRET is not set") {
		t.Errorf("log %s", log)
	}
}

// With keys a person has one hash all day, whichever process makes it, and no
// name.
func TestInvokeHashed(t *testing.T) {
	t.Parallel()
	m := newMemory()
	wish := spec.Spec{Privacy: spec.Privacy{User: spec.Hash, IP: spec.Hash, Visitor: spec.VisitorDaily}}
	hit := eventNow(`{"rawPath":"/p.gif","rawQueryString":"uid=u-1","headers":{"user-agent":"UA/1.0"},"requestContext":{"requestId":"r","timeEpoch":NOW,"http":{"method":"GET","sourceIp":"203.0.113.7"}}}`)
	var users []string
	for range 2 {
		f := newSpecFunction(&fake{}, wish, m)
		f.invoke(t, hit).isImage(t)
		rec := f.fake.records(t)[0]
		for _, name := range []string{"user_id", "ip", "visitor_id"} {
			text, ok := rec[name].(string)
			if !ok || len(text) < 16 || strings.Contains(text, "u-1") || strings.Contains(text, ".") {
				t.Errorf("%s is %v", name, rec[name])
			}
			users = append(users, text)
		}
		if f.log.Len() > 0 {
			t.Errorf("log %s", f.log)
		}
	}
	if !slices.Equal(users[:3], users[3:]) {
		t.Errorf("two processes: %q", users)
	}
}

// eventNow is an event of this moment: keys of other days are gone.
func eventNow(text string) string {
	return strings.Replace(text, "NOW", strconv.FormatInt(time.Now().UnixMilli(), 10), 1)
}

// A cookie is handed over in the place of each payload format, and one that
// comes back is not set again.
func TestInvokeCookie(t *testing.T) {
	t.Parallel()
	m := newMemory()
	wish := spec.Spec{Privacy: spec.Privacy{NetworkCookie: true}}
	f := newSpecFunction(&fake{}, wish, m)
	a := f.invoke(t, event2("GET", "/p.gif", ""))
	a.isImage(t)
	if len(a.Cookies) != 1 || !strings.HasPrefix(a.Cookies[0], "pxid=") || !strings.Contains(a.Cookies[0], "; Secure; HttpOnly") || a.Headers["Set-Cookie"] != "" {
		t.Fatalf("cookies %q, headers %q", a.Cookies, a.Headers)
	}
	pair, _, _ := strings.Cut(a.Cookies[0], ";")
	back := f.invoke(t, event2("GET", "/p.gif", `,"cookies":[`+quote(pair)+`]`))
	if len(back.Cookies) > 0 || back.Headers["Set-Cookie"] != "" {
		t.Errorf("set again: %+v", back)
	}
	recs := f.fake.records(t)
	if recs[0]["network_id"] == nil || recs[0]["network_id"] != recs[1]["network_id"] {
		t.Errorf("%v and %v", recs[0]["network_id"], recs[1]["network_id"])
	}
	old := f.invoke(t, event1(""))
	if len(old.Cookies) > 0 || !strings.HasPrefix(old.Headers["Set-Cookie"], "pxid=") {
		t.Errorf("format 1.0: %+v", old)
	}
	f.fake.refuse = down
	if lost := f.invoke(t, event2("GET", "/p.gif", "")); len(lost.Cookies) > 0 {
		t.Errorf("a cookie without a record: %q", lost.Cookies)
	}
}

// What a mode of privacy forbids is neither put nor logged, whether the stream
// takes the record or not.
func TestInvokePrivacy(t *testing.T) {
	t.Parallel()
	for _, c := range privacytest.Cases() {
		for _, refuse := range []func(int, []string) ([]int, error){nil, down} {
			for _, v := range []vault{newMemory(), &memory{noGet: errNoSecret}} {
				f := newSpecFunction(&fake{refuse: refuse}, c.Spec, v)
				f.invoke(t, planted(t, c)).isImage(t)
				all := f.log.String()
				for _, call := range f.fake.calls {
					all += strings.Join(call.lines, "")
				}
				found := func(text string) bool { return strings.Contains(all, text) }
				if n := slices.IndexFunc(c.Forbidden(), found); n >= 0 {
					t.Errorf("%s: %s is in %s", c.Name, c.Forbidden()[n], all)
				}
				if c.Name == "open" && len(slices.DeleteFunc(c.Allowed(), func(s string) bool { return !found(s) })) < 10 {
					t.Errorf("%s: the planted values are not even put: %s", c.Name, all)
				}
			}
		}
	}
}

// planted is a case's hit as an event.
func planted(t *testing.T, c privacytest.Case) string {
	t.Helper()
	path, query, _ := strings.Cut(c.Target, "?")
	headers := map[string]string{}
	for name, values := range c.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	cookie := headers["cookie"]
	maps.DeleteFunc(headers, func(name, _ string) bool { return name == "cookie" })
	raw, err := json.Marshal(map[string]any{
		"version": "2.0", "rawPath": path, "rawQueryString": query, "headers": headers, "cookies": []string{cookie},
		"requestContext": map[string]any{
			"requestId": "r-1", "timeEpoch": time.Now().UnixMilli(),
			"http": map[string]string{"method": c.Method, "sourceIp": c.Peer.String(), "userAgent": headers["user-agent"]},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
