package ui

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Role is what a piece of text means; the theme decides how that looks.
type Role int

// The roles.
const (
	Plain Role = iota
	Title
	OK
	Warn
	Bad
	Muted
	Key
	Number
	Command
	roles
)

// Theme draws text by role.
type Theme struct {
	styles [roles]lipgloss.Style
	plain  bool
}

// newTheme uses the sixteen colours of the terminal's own palette, so that
// the user's scheme decides what is legible, and asks the terminal nothing.
func newTheme(w io.Writer, p termenv.Profile) Theme {
	r := lipgloss.NewRenderer(w, termenv.WithProfile(p))
	r.SetColorProfile(p)
	base := r.NewStyle().TabWidth(lipgloss.NoTabConversion)
	color := func(c string) lipgloss.Style { return base.Foreground(lipgloss.Color(c)) }
	return Theme{plain: p == termenv.Ascii, styles: [roles]lipgloss.Style{
		Plain:   base,
		Title:   base.Bold(true),
		OK:      color("2"),
		Warn:    color("3"),
		Bad:     color("1").Bold(true),
		Muted:   base.Faint(true),
		Key:     color("6"),
		Number:  base.Bold(true),
		Command: color("6").Bold(true),
	}}
}

// Paint draws one line of text. The text must be clean.
func (t Theme) Paint(r Role, text string) string {
	if t.plain || r <= Plain || r >= roles || text == "" {
		return text
	}
	return t.styles[r].Render(text)
}

// colorProfile decides colour for one stream: --no-color, then a non-empty
// NO_COLOR, then FORCE_COLOR and CLICOLOR_FORCE, then TERM=dumb, then whether
// it is a terminal.
func colorProfile(tty bool, s Settings) termenv.Profile {
	forced := func(k string) bool { v := s.Env(k); return v != "" && v != "0" }
	switch {
	case s.NoColor, s.Env("NO_COLOR") != "":
		return termenv.Ascii
	case forced("FORCE_COLOR"), forced("CLICOLOR_FORCE"):
		return termenv.ANSI
	case !tty, s.Env("TERM") == "dumb", s.Env("FORCE_COLOR") == "0":
		return termenv.Ascii
	}
	return termenv.ANSI
}

func isUTF8(locale string) bool {
	l := strings.ToLower(locale)
	return strings.Contains(l, "utf-8") || strings.Contains(l, "utf8")
}
