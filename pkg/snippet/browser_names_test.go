package snippet

import (
	"context"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// visitNames opens one page with a tag for each hostile name: what the parser
// tests read from the text, a browser must read too.
func visitNames(t *testing.T, r *browserRig, form Form) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	p := sitePage{Title: "names"}
	for i, name := range hostile {
		text := render(t, Options{
			Endpoint: r.endpoint, Form: form, Campaign: name, Site: name, Label: "x " + name,
			Params: []Param{{"q", name}, {"list", string(form)}},
		})
		if form == CSS { // a page has one body, but shows many elements
			id := "n" + strconv.Itoa(i)
			text = "<style>" + strings.Replace(text, "body::after", "#"+id+"::after", 1) + `</style><i id="` + id + `"></i>`
		}
		p.Tag += template.HTML(text + "\n")
	}
	r.pages.Handle("/names-"+string(form), p)
	b := newTab(t, r, form != NoScript)
	if _, err := b.open(ctx, r.site+"/names-"+string(form)); err != nil {
		t.Fatalf("open: %v", err)
	}
	rows, err := r.rows(ctx, "element_at(params, 'list') = "+literal(string(form)), len(hostile))
	if err != nil {
		t.Error(err)
	}
	_, problems, err := b.exchanges(ctx, len(hostile), 0)
	if err != nil {
		t.Errorf("wait for the browser's requests: %v", err)
	}
	checkProblems(t, problems, "")
	checkNamesKept(t, rows)
}

func checkNamesKept(t *testing.T, rows []row) {
	t.Helper()
	var got []string
	for _, row := range rows {
		name, _ := row["utm_campaign"].(string)
		got = append(got, name)
		if row["site"] != name || row["label"] != "x "+name || row["q"] != name {
			t.Errorf("campaign %q, site %q, label %q, q %q", name, row["site"], row["label"], row["q"])
		}
	}
	var want []string
	for _, name := range hostile {
		want = append(want, strings.ReplaceAll(name, "\x00", "\uFFFD")) // the record holds no NUL
	}
	slices.Sort(want)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("campaigns: %q, want %q", got, want)
	}
}
