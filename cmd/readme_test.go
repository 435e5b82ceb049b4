package cmd

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeIsScripted wants each command of the README's chapter on AWS, in its
// order, in the script that runs them.
func TestReadmeIsScripted(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	_, chapter, found := strings.Cut(read("../README.md"), "\n## On AWS\n")
	_, block, fenced := strings.Cut(chapter, "```sh\n")
	block, _, ended := strings.Cut(block, "```")
	if !found || !fenced || !ended {
		t.Fatal("the README has no commands for AWS")
	}
	script := read("testdata/script/aws_readme.txtar")
	for line := range strings.Lines(block) {
		command, _, _ := strings.Cut(line, " #")
		want := "\nexec " + strings.ReplaceAll(strings.TrimSpace(command), `"`, `'`) + "\n"
		_, rest, ok := strings.Cut(script, want)
		if !ok {
			t.Errorf("the script does not run %s", strings.TrimSpace(command))
			continue
		}
		script = "\n" + rest
	}
}
