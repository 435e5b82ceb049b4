package ui

// Template shows a CloudFormation template as it is.
func Template(body string) View {
	return View{
		json: struct {
			Template string `json:"template"`
		}{body},
		text: func(p *page) { p.b.WriteString(body) },
	}
}

// Policy shows an IAM policy, which is JSON in either form.
func Policy(document string, value any) View {
	return View{json: value, text: func(p *page) { p.b.WriteString(document) }}
}
