package cmd

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeIsScripted wants each command of the README's chapter on AWS, in its
// order, in the script that runs them.
func TestReadmeIsScripted(t *testing.T) {
	t.Parallel()
	scripted(t, fenced(t, "On AWS", "sh"), "aws_readme")
}

// TestReadmeRecords wants the same of the chapter on records, and its file.
func TestReadmeRecords(t *testing.T) {
	t.Parallel()
	const chapter, name = "Decide what is kept", "readme_fields"
	scripted(t, fenced(t, chapter, "sh"), name)
	if _, file, _ := strings.Cut(readText(t, "testdata/script/"+name+".txtar"), "-- pixelctl.yaml --\n"); file != fenced(t, chapter, "yaml") {
		t.Error("the script has another pixelctl.yaml than the README")
	}
}

// TestReadmeQuestions wants the same of the chapter on questions.
func TestReadmeQuestions(t *testing.T) {
	t.Parallel()
	scripted(t, fenced(t, "Questions", "sh"), "readme_questions")
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fenced is the first block of a language in a chapter of the README.
func fenced(t *testing.T, chapter, language string) string {
	t.Helper()
	_, text, found := strings.Cut(readText(t, "../README.md"), "\n## "+chapter+"\n")
	_, block, begun := strings.Cut(text, "```"+language+"\n")
	block, _, ended := strings.Cut(block, "```")
	if !found || !begun || !ended {
		t.Fatalf("the README's chapter %q has no block of %s", chapter, language)
	}
	return block
}

// scripted wants each line of a block, in order, in a script.
func scripted(t *testing.T, block, name string) {
	t.Helper()
	script := readText(t, "testdata/script/"+name+".txtar")
	for line := range strings.Lines(block) {
		command, _, _ := strings.Cut(line, " #")
		want := "\nexec " + strings.NewReplacer(`"`, `'`, `\$`, `$`).Replace(strings.TrimSpace(command)) + "\n"
		_, rest, ok := strings.Cut(script, want)
		if !ok {
			t.Errorf("%s does not run %s", name, strings.TrimSpace(command))
			continue
		}
		script = "\n" + rest
	}
}
