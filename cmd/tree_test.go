package cmd

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"pixelctl/pkg/ui"
	"pixelctl/pkg/version"
)

// tree is every command as a user reaches it, hidden ones included.
func tree(t *testing.T) []*cobra.Command {
	t.Helper()
	a := &app{streams: ui.Test(io.Discard, io.Discard, strings.NewReader(""), ui.TestOptions{}), build: version.Info{Version: testStamp}}
	root := newRoot(a)
	root.InitDefaultHelpCmd()
	all := []*cobra.Command{root}
	for i := 0; i < len(all); i++ {
		all = append(all, all[i].Commands()...)
	}
	if len(all) < 20 {
		t.Fatalf("only %d commands", len(all))
	}
	return all
}

func TestCommandsAreWhole(t *testing.T) {
	for _, c := range tree(t) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			if c.Short == "" || strings.HasSuffix(c.Short, ".") || c.Short[:1] != strings.ToUpper(c.Short[:1]) {
				t.Errorf("short text %q: want a phrase that begins with a capital and has no stop", c.Short)
			}
			if c.Args == nil {
				t.Error("no rule for arguments: cobra would take any")
			}
			if c.Run != nil || c.RunE == nil {
				t.Error("want RunE and not Run: a command that cannot fail cannot say why")
			}
			if c.Hidden {
				return
			}
			if c.Long == "" && !c.HasSubCommands() && c.Name() != "version" {
				t.Error("no long text")
			}
			if !c.HasSubCommands() && c.Example == "" {
				t.Error("no example")
			}
			if c.HasParent() && c.Parent().HasParent() == (c.GroupID != "") {
				t.Errorf("group %q: want one for the commands of the first page only", c.GroupID)
			}
			if wrong := misfit(c.Long, 80); wrong != "" {
				t.Error(wrong)
			}
			for _, line := range lines(c.Example) {
				if wrong := misfit("  "+line, 80); wrong != "" {
					t.Error(wrong)
				}
			}
		})
	}
}

// TestFlagsAreWhole finds flags without a text and texts that are sentences.
func TestFlagsAreWhole(t *testing.T) {
	for _, c := range tree(t) {
		for _, e := range entries(c.Flags(), nil) {
			if e.Doc == "" || strings.HasSuffix(e.Doc, ".") {
				t.Errorf("%s %s: text %q", c.CommandPath(), strings.TrimSpace(e.Name), e.Doc)
			}
		}
	}
}

// notRun are the examples that no script can run, with the reason.
func notRun() map[string]string {
	return map[string]string{
		"source <(pixelctl completion zsh)":                                      "needs zsh's completion system; examples.txtar loads it first",
		"pixelctl serve --target local":                                          "runs for ever; serve.txtar runs it in the background",
		"pixelctl serve --target local --addr 0.0.0.0:8787 --trust-proxy 1":      "listens on every address of the machine",
		"pixelctl hit --target local --count 1000 --rate 50/s --campaign spring": "takes 20 seconds; examples.txtar runs it for half a second",
		"pixelctl tail --target local --follow --filter params.colour=blue":      "runs for ever; examples.txtar runs it for half a second",
		"pixelctl hit --endpoint http://127.0.0.1:8787 --profile mail --days 7":  "needs the default port; hit.txtar runs it on a free one",
		"pixelctl demo --hits 20000 --keep":                                      "takes long; demo.txtar runs it with fewer hits",
	}
}

// TestExamples compares the examples of the help pages with the lines that
// examples.txtar runs.
func TestExamples(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "script", "examples.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	script, marked := string(b), notRun()
	for _, c := range tree(t) {
		for _, line := range lines(c.Example) {
			if _, ok := marked[line]; ok {
				delete(marked, line)
				continue
			}
			if !strings.Contains(script, " -c '"+line+"'\n") {
				t.Errorf("example of %s that examples.txtar does not run: %s", c.CommandPath(), line)
			}
		}
	}
	for line := range marked {
		t.Errorf("no help page has this example any more: %s", line)
	}
}

// TestHelpIsScripted finds commands whose help page no script asks for.
func TestHelpIsScripted(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "script", "help.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range tree(t) {
		if line := "exec " + c.CommandPath() + " --help\n"; !c.Hidden && !strings.Contains(string(b), line) {
			t.Errorf("help.txtar has no line %q", line)
		}
	}
}
