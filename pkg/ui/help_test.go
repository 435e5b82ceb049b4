package ui

import "testing"

func TestWriteHelp(t *testing.T) {
	h := Help{
		Usage:    "pixelctl buffer [60s…15m] [flags]",
		Long:     "Buffer shows the longest wait of a record before it becomes part\nof a file.\n\n  as it is   kept",
		Examples: []string{"pixelctl buffer", "pixelctl buffer 15m"},
		Groups: []HelpGroup{
			{Title: "Pipeline", Entries: []HelpEntry{{"deploy", "Create the stack, or bring it to other settings"}}},
			{Title: "Nothing"},
		},
		Flags: []HelpEntry{
			{"    --dry-run", "show what would change"},
			{"    --longer-than-its-column uint", "its text stands below, and is long enough to be wrapped once more on the way"},
		},
		Global: []HelpEntry{{"-q, --quiet", "print results and errors only"}},
		More:   []string{"Every flag can be set in the environment."},
	}
	golden(t, "help", forms(t, func(s *Streams) error { return WriteHelp(s, h) }))
}
