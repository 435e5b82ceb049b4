package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-analyze/charts"
)

// role is what a colour is for.
type role uint8

const (
	ink role = iota
	rule
	timeAxis
	before
	line1
	line2
	line3
	line4
)

// lines are the roles of a chart's measures, in their order.
var lines = [...]role{line1, line2, line3, line4}

// properties are the custom properties of the style sheet, which has each
// colour light and dark.
var properties = [...]string{"--ink", "--rule", "--rule", "--before", "--line1", "--line2", "--line3", "--line4"}

// colour is what the library is told. It is never seen: it stands for the role.
func (r role) colour() charts.Color { return charts.Color{R: 1, G: 1, B: uint8(r), A: 255} }

// swatch is the class of a colour in a legend.
func (r role) swatch() string { return strings.TrimPrefix(properties[r], "--") }

func palette(list []series) charts.ColorPalette {
	o := charts.ThemeOption{
		XAxisStrokeColor: timeAxis.colour(), YAxisStrokeColor: rule.colour(), AxisSplitLineColor: rule.colour(), TextColor: ink.colour(),
		BackgroundColor: charts.Color{}, SeriesColors: make([]charts.Color, len(list)),
	}
	for i, s := range list {
		o.SeriesColors[i] = s.role.colour()
	}
	return charts.MakeTheme(o)
}

// sheet collects the styles of pictures as classes: a policy without inline
// styles forbids style attributes.
type sheet struct {
	classes map[string]string
	rules   []string
	colours *strings.Replacer
}

func newSheet() *sheet {
	var pairs []string
	for r, property := range properties {
		pairs = append(pairs, role(r).colour().String(), "var("+property+")")
	}
	return &sheet{classes: map[string]string{}, colours: strings.NewReplacer(pairs...)}
}

// class is the class that looks like a style attribute. The fonts are the
// page's.
func (s *sheet) class(declarations string) string {
	if name, ok := s.classes[declarations]; ok {
		return name
	}
	name := fmt.Sprintf("k%d", len(s.rules)+1)
	var kept []string
	for d := range strings.SplitSeq(s.colours.Replace(declarations), ";") {
		if !strings.HasPrefix(d, "font-family:") {
			kept = append(kept, d)
		}
	}
	if slices.Contains(kept, "stroke:var("+properties[before]+")") {
		kept = append(kept, "stroke-dasharray:5 4") // a line is told apart without its colour, too
	}
	s.classes[declarations] = name
	s.rules = append(s.rules, "."+name+"{"+strings.Join(kept, ";")+"}")
	return name
}

func (s *sheet) css() string { return strings.Join(s.rules, "\n") + "\n" }
