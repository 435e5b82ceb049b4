package config

import (
	"os"
	"path/filepath"
	"testing"

	"pixelctl/pkg/fault"
)

func TestLocate(t *testing.T) {
	tests := []struct {
		name, flag string
		env        map[string]string
		project    string
		explicit   bool
		user       string
	}{
		{"defaults", "", map[string]string{"HOME": "/h"}, "pixelctl.yaml", false, "/h/.config/pixelctl/config.yaml"},
		{"flag", "a.yaml", map[string]string{"PIXELCTL_CONFIG": "b.yaml"}, "a.yaml", true, ""},
		{"environment", "", map[string]string{"PIXELCTL_CONFIG": "b.yaml"}, "b.yaml", true, ""},
		{"xdg", "", map[string]string{"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "pixelctl.yaml", false, "/x/pixelctl/config.yaml"},
		{"relative xdg", "", map[string]string{"XDG_CONFIG_HOME": "x", "HOME": "/h"}, "pixelctl.yaml", false, "/h/.config/pixelctl/config.yaml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := Locate(options(tt.env, nil), tt.flag)
			if tt.user == "" {
				tt.user = "/u/config.yaml"
			}
			if o.ProjectFile != tt.project || o.Explicit != tt.explicit || filepath.ToSlash(o.UserFile) != tt.user {
				t.Errorf("got %q %v %q", o.ProjectFile, o.Explicit, o.UserFile)
			}
		})
	}
}

func TestWriteProject(t *testing.T) {
	dir := t.TempDir()
	o := Options{ProjectFile: filepath.Join(dir, "pixelctl.yaml"), ReadFile: ReadFile}
	if err := WriteProject(o, nil, []byte("a: b\n")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(o.ProjectFile, 0o600); err != nil {
		t.Fatal(err)
	}
	link := o
	link.ProjectFile = filepath.Join(dir, "link.yaml")
	if err := os.Symlink("pixelctl.yaml", link.ProjectFile); err != nil {
		t.Fatal(err)
	}
	if err := WriteProject(link, []byte("a: b\n"), []byte("a: c\n")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(o.ProjectFile)
	if data, _ := os.ReadFile(o.ProjectFile); err != nil || string(data) != "a: c\n" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, mode %v, %v", data, info.Mode(), err)
	}
	if err := WriteProject(o, []byte("a: b\n"), []byte("a: d\n")); fault.KindOf(err) != fault.Busy {
		t.Errorf("a change of somebody else is overwritten: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestReadFileStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(path, make([]byte, maxFile+100), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := ReadFile(path)
	if err != nil || len(data) != maxFile+1 {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
}
