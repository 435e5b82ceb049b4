package ui

import (
	"encoding/json"
	"strconv"
)

// Template shows a CloudFormation template as it is.
func Template(body string) View {
	return View{
		json: struct {
			Template string `json:"template"`
		}{body},
		text: func(p *page) { p.b.WriteString(body) },
	}
}

// Policies shows IAM policies: each as a JSON document of its own, to be saved
// or piped, or all in one document.
func Policies[T any](documents []T) View {
	v := View{
		json: struct {
			Policies []T `json:"policies"`
		}{list(documents)},
		text: func(p *page) {
			enc := json.NewEncoder(&p.b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			for _, d := range documents {
				_ = enc.Encode(d) // strings and lists only
			}
		},
	}
	if n := len(documents); n > 1 {
		v.remark = strconv.Itoa(n) + " documents, for one would be longer than a managed policy may be: attach all of them"
	}
	return v
}
