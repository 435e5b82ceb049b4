package snippet

import "testing"

// FuzzRender checks that what Render accepts never leaves its attribute,
// string or word, and decodes to what was given.
func FuzzRender(f *testing.F) {
	for i, name := range hostile {
		f.Add(uint8(i), "/t'(1)", name, name, "label", "key", name)
	}
	forms := Forms()
	f.Fuzz(func(t *testing.T, form uint8, path, campaign, site, label, key, value string) {
		o := Options{
			Endpoint: "https://px.example.com" + path, Form: forms[int(form)%len(forms)],
			Campaign: campaign, Site: site, Label: label, Params: []Param{{key, value}},
		}
		text, err := Render(o)
		if err != nil {
			return
		}
		if err := checkRequest(o, text); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	})
}
