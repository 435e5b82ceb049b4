package query

import (
	"time"

	"pixelctl/pkg/fault"
)

// Placeholder stands in SQL for the condition of the window.
const Placeholder = "$window"

// Expand puts the condition of a window in the place of each $window that stands
// outside of strings, quoted names and comments. A window that no $window takes
// up, and a $window without one, are refused: either would answer another
// question than was asked.
func Expand(sql string, w Window, buffer time.Duration) (string, error) {
	places, err := windowPlaces(sql, w)
	if err != nil {
		return "", err
	}
	var edits []Edit
	for _, t := range places {
		edits = append(edits, Edit{t.Start, t.End, w.Predicate(buffer)})
	}
	return Rewrite(sql, edits).SQL, nil
}

// windowPlaces are the places of $window, which a window has to go with.
func windowPlaces(sql string, w Window) ([]Token, error) {
	places, err := placeholders(sql)
	switch {
	case err != nil:
		return nil, err
	case len(places) == 0 && !w.IsZero():
		return nil, fault.New(fault.Usage, "query: the SQL does not say where the window goes").
			WithHint("write WHERE %s, in a shell within single quotes or as \\%s", Placeholder, Placeholder)
	case len(places) > 0 && w.IsZero():
		return nil, fault.New(fault.Usage, "query: %s has no window", Placeholder).
			WithHint("add --since, --until or both, such as --since yesterday")
	}
	return places, nil
}

// placeholders finds each $window as one token. A word after $ that is nearly
// that one is refused with its place.
func placeholders(sql string) ([]Token, error) {
	var out []Token
	list := Tokens(sql)
	for i, t := range list {
		if t.Text != "$" || i+1 == len(list) || list[i+1].Start != t.End {
			continue
		}
		word := t.Text + list[i+1].Text
		if word == Placeholder {
			out = append(out, Token{word, t.Start, list[i+1].End})
		} else if fault.Nearest(word, []string{Placeholder}) != "" {
			e := &SyntaxError{SQL: sql, Message: "unknown placeholder " + word + `; did you mean "` + Placeholder + `"?`}
			e.Line, e.Column = Place(sql, t.Start)
			return nil, e
		}
	}
	return out, nil
}
