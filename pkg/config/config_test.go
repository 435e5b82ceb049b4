package config

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
)

// duration is --buffer, 1m by default, held in a string.
func duration(changed bool) Flag {
	v := "1m"
	return Flag{
		Name: "buffer", Changed: changed,
		Value: func() string { return v },
		Set: func(s string) error {
			if _, err := time.ParseDuration(s); err != nil {
				return err
			}
			v = s
			return nil
		},
	}
}

func list(name string) Flag {
	var v []string
	return Flag{
		Name: name, List: true,
		Value: func() string { return strings.Join(v, ",") },
		Set:   func(s string) error { v = append(v, s); return nil },
	}
}

func options(env map[string]string, files map[string]string) Options {
	return Options{
		Env: func(k string) (string, bool) { v, ok := env[k]; return v, ok },
		ReadFile: func(p string) ([]byte, error) {
			if s, ok := files[p]; ok {
				return []byte(s), nil
			}
			return nil, &fs.PathError{Op: "open", Path: p, Err: fs.ErrNotExist}
		},
		Known:       []string{"buffer", "stack", "param", "dir", "no-color"},
		Structured:  []string{"fields", "privacy"},
		ProjectFile: "pixelctl.yaml", UserFile: "/u/config.yaml",
	}
}

func TestResolveLevels(t *testing.T) {
	env := map[string]string{"PIXELCTL_BUFFER": "2m"}
	project := map[string]string{"pixelctl.yaml": "# x\nbuffer: 3m\n"}
	user := map[string]string{"/u/config.yaml": "buffer: 4m\n"}
	both := map[string]string{"pixelctl.yaml": "# x\nbuffer: 3m\n", "/u/config.yaml": "buffer: 4m\n"}
	tests := []struct {
		name    string
		changed bool
		env     map[string]string
		files   map[string]string
		want    string
	}{
		{"flag", true, env, both, "1m flag"},
		{"environment", false, env, both, "2m environment PIXELCTL_BUFFER"},
		{"project file", false, nil, both, "3m file pixelctl.yaml line 2"},
		{"project file alone", false, nil, project, "3m file pixelctl.yaml line 2"},
		{"user file", false, nil, user, "4m file /u/config.yaml line 1"},
		{"default", false, nil, nil, "1m default"},
		{"empty variable is unset", false, map[string]string{"PIXELCTL_BUFFER": ""}, user, "4m file /u/config.yaml line 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Resolve([]Flag{duration(tt.changed)}, options(tt.env, tt.files))
			if err != nil {
				t.Fatal(err)
			}
			if s := got[0].Value + " " + got[0].Source.String(); s != tt.want || got[0].Name != "buffer" {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func TestResolveList(t *testing.T) {
	files := map[string]string{"pixelctl.yaml": "param:\n  - a=1\n  - b=2\nbuffer: 90s\nno-color: true\n"}
	got, err := Resolve([]Flag{list("param")}, options(nil, files))
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Value != "a=1,b=2" {
		t.Errorf("got %q", got[0].Value)
	}
}

func TestResolveErrors(t *testing.T) {
	tests := []struct {
		name, file, want, hint string
	}{
		{"unknown key", "stack: a\n\nbufer: 60s\n", `pixelctl.yaml:3:1: unknown key "bufer"`, `did you mean "buffer"?`},
		{"unknown key, nothing near", "zzzzzzzz: 1", `pixelctl.yaml:1:1: unknown key "zzzzzzzz"`, ""},
		{"bad value", "buffer: soon", `pixelctl.yaml:1:1: setting buffer: time: invalid duration "soon"`, ""},
		{"duplicate", "buffer: 1m\nstack: a\nbuffer: 2m\n", `pixelctl.yaml:3:1: key "buffer" is already set in line 1`, ""},
		{"no mapping", "- a\n- b\n", "pixelctl.yaml:1:1: not a mapping of settings", "write one setting a line, such as: buffer: 60s"},
		{"scalar", "hello", "pixelctl.yaml:1:1: not a mapping of settings", "write one setting a line, such as: buffer: 60s"},
		{"no value", "buffer:\n", `pixelctl.yaml:1:8: key "buffer" has no value`, ""},
		{"nested", "buffer: {a: b}", `pixelctl.yaml:1:9: key "buffer" takes a single value or a list of them`, ""},
		{"list for one value", "buffer: [1m, 2m]", "pixelctl.yaml:1:1: setting buffer: takes one value, not a list", ""},
		{"alias", "stack: &x a\nbuffer: *x\n", `pixelctl.yaml:2:9: key "buffer" takes a single value or a list of them`, ""},
		{"binary", "buffer: !!binary aGk=", `pixelctl.yaml:1:9: key "buffer" has a value of type "!!binary"`, ""},
		{"two documents", "buffer: 1m\n---\nbuffer: 2m\n", "pixelctl.yaml:2:1: a second document: one is enough", ""},
		{"complex key", "? [a]\n: b\n", "pixelctl.yaml:1:3: a key must be a name", ""},
		{"not YAML", "stack: a\nbuffer: 'x\n", "pixelctl.yaml:2: not YAML: found unexpected end of stream", ""},
		{"large", strings.Repeat("#", maxFile+1), "read config pixelctl.yaml: larger than 1048576 bytes", "make it a readable YAML file, or name another one with --config"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Resolve([]Flag{duration(false)}, options(nil, map[string]string{"pixelctl.yaml": tt.file}))
			if err == nil || err.Error() != tt.want {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			if fault.KindOf(err) != fault.Usage || fault.HintOf(err) != tt.hint {
				t.Errorf("kind %d, hint %q", fault.KindOf(err), fault.HintOf(err))
			}
		})
	}
}

// What others read is passed over in the project file, and has no place in
// the user's.
func TestResolveStructured(t *testing.T) {
	const text = "fields:\n  - {name: a, source: [1, {b: c}]}\nbuffer: 3m\nprivacy: &x {ip: *x}\n"
	got, err := Resolve([]Flag{duration(false)}, options(nil, map[string]string{"pixelctl.yaml": text}))
	if err != nil || got[0].Value != "3m" {
		t.Errorf("got %v %v", got, err)
	}
	for _, c := range []struct{ file, text, want, hint string }{
		{"pixelctl.yaml", "fields: []\nbuffer: 1m\nfields: 7\n", `pixelctl.yaml:3:1: key "fields" is already set in line 1`, ""},
		{"pixelctl.yaml", "feilds: []\n", `pixelctl.yaml:1:1: unknown key "feilds"`, `did you mean "fields"?`},
		{"/u/config.yaml", "buffer: 1m\nprivacy: {ip: full}\n", `/u/config.yaml:2:1: key "privacy" belongs to one stack, and this file to all of yours`, "move it to the project's pixelctl.yaml"},
	} {
		_, err := Resolve(nil, options(nil, map[string]string{c.file: c.text}))
		if err == nil || err.Error() != c.want || fault.HintOf(err) != c.hint || fault.KindOf(err) != fault.Usage {
			t.Errorf("got %v (%s), want %s", err, fault.HintOf(err), c.want)
		}
	}
}

func TestResolveBadVariable(t *testing.T) {
	_, err := Resolve([]Flag{duration(false)}, options(map[string]string{"PIXELCTL_BUFFER": "x"}, nil))
	want := `setting buffer from environment PIXELCTL_BUFFER: time: invalid duration "x"`
	if err == nil || err.Error() != want || fault.KindOf(err) != fault.Usage {
		t.Errorf("got %v", err)
	}
}

func TestResolveUnreadable(t *testing.T) {
	for _, cause := range []error{fs.ErrPermission, fs.ErrNotExist} {
		o := options(nil, nil)
		o.Explicit = true
		o.ReadFile = func(p string) ([]byte, error) {
			if p != "pixelctl.yaml" {
				return nil, nil
			}
			return nil, &fs.PathError{Op: "open", Path: p, Err: cause}
		}
		_, err := Resolve(nil, o)
		if want := fmt.Sprintf("read config pixelctl.yaml: %v", cause); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if !errors.Is(err, cause) || fault.HintOf(err) == "" || fault.KindOf(err) != fault.Usage {
			t.Errorf("cause, hint or kind lost: %v", err)
		}
	}
}

func TestResolveQuietFiles(t *testing.T) {
	for _, text := range []string{"", "\n\n", "# only a comment\n", "---\n", "\ufeffbuffer: 1m\n", "{}"} {
		if _, err := Resolve(nil, options(nil, map[string]string{"pixelctl.yaml": text})); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		"buffer: 60s\nparam: [a, b]\n", "? [a]\n: b", "a: &a [*a,*a]", "buffer: 'x", "\x00", "!!binary x",
		"%YAML 9.9\n---\n", "fields: [{a: *x}]\nprivacy:\n", "buffer: |\n  a\n  b\n", "\xff\xfe", "- - - - -", "buffer: *nope", "<<: {a: b}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o := options(nil, map[string]string{"pixelctl.yaml": string(data)})
		got, err := Resolve([]Flag{duration(false), list("param")}, o)
		if err != nil {
			if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), "pixelctl.yaml") {
				t.Fatalf("error without kind or place: %v", err)
			}
			return
		}
		if _, err := time.ParseDuration(got[0].Value); err != nil {
			t.Fatalf("a value that Set refused was taken: %q", got[0].Value)
		}
	})
}
