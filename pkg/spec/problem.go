package spec

import (
	"fmt"

	"pixelctl/pkg/fault"
)

// Problem is one thing that is wrong with a spec.
type Problem struct {
	Path    string `json:"path,omitempty"`  // of the key: fields[2].type, privacy.consent.require; "" for the whole
	Place   string `json:"place,omitempty"` // file:line:col, when a file is read
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"` // what mends it
}

// problems collects what is wrong.
type problems []Problem

func (ps *problems) add(path, format string, args ...any) *Problem {
	*ps = append(*ps, Problem{Path: path, Message: fmt.Sprintf(format, args...)})
	return &(*ps)[len(*ps)-1]
}

func (p *Problem) hint(format string, args ...any) { p.Hint = fmt.Sprintf(format, args...) }

// near hints at the word of list that is most like word, else at all of them.
func (p *Problem) near(word string, list []string) {
	if near := fault.Nearest(word, list); near != "" {
		p.hint("did you mean %q?", near)
		return
	}
	p.hint("one of %s", join(list))
}

// First turns problems into one error, fault.Usage: the first, with its hint,
// and how many more there are. It returns nil for none.
func First(ps []Problem) error {
	if len(ps) == 0 {
		return nil
	}
	text := ps[0].Message
	if ps[0].Place != "" {
		text = ps[0].Place + ": " + text
	}
	switch more := len(ps) - 1; more {
	case 0:
	case 1:
		text += " (and 1 more problem)"
	default:
		text += fmt.Sprintf(" (and %d more problems)", more)
	}
	err := fault.New(fault.Usage, "%s", text)
	if ps[0].Hint != "" {
		err = err.WithHint("%s", ps[0].Hint)
	}
	return err
}
