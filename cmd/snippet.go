package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pixelctl/pkg/event"
	"pixelctl/pkg/snippet"
	"pixelctl/pkg/ui"
)

func newSnippet(a *app) *cobra.Command {
	var o snippet.Options
	var endpoint, form, buster string
	var params []string
	c := &cobra.Command{
		Use: "snippet", GroupID: groupPixel, Args: noArgs,
		Short: "Print the tag to paste into a page or a mail",
		Long:  "Snippet prints the tag that loads the pixel, escaped for where it is pasted.\nIt takes the endpoint of the deployed stack, or --endpoint.\n\nForms:\n" + formHelp(),
		Example: `pixelctl snippet --campaign spring
pixelctl snippet --target local --campaign spring
pixelctl snippet --campaign spring --form js --endpoint https://px.example.com
pixelctl snippet --form email --param mid=42 --endpoint https://px.example.com`,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			o.Form, o.CacheBuster = snippet.Form(form), cacheBuster(buster)
			if o.Params, err = parseParams(c, params); err != nil {
				return err
			}
			if o.Endpoint, err = a.endpoint(c.Context(), endpoint); err != nil {
				return err
			}
			if endpoint != "" {
				return a.snippet(o)
			}
			return errors.Join(a.snippet(o), a.warnOfSite(o))
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.Campaign, "campaign", "", "campaign name, stored in utm_campaign")
	f.StringVar(&o.Site, "site", "", "site or app the tag stands on")
	f.StringVar(&o.Label, "label", "", "placement of the tag")
	f.StringArrayVar(&params, "param", nil, "another parameter as key=value; may be repeated")
	f.StringVar(&form, "form", string(snippet.HTML), "form of the tag")
	f.StringVar(&buster, "cache-buster", "random", "rnd of tags that cannot make one: a value, random or none")
	f.StringVar(&endpoint, "endpoint", "", "URL of the collector (default: that of the stack)")
	_ = c.RegisterFlagCompletionFunc("form", fixed(formNames()...))
	return c
}

// cacheBuster is the value of rnd that the flag asks for.
func cacheBuster(flag string) string {
	switch flag {
	case "random":
		return strconv.FormatUint(uint64(rand.Uint32()), 36) //nolint:gosec // it only has to differ
	case "none":
		return ""
	}
	return flag
}

func (a *app) snippet(o snippet.Options) error {
	text, err := snippet.Render(o)
	if err != nil {
		return err
	}
	return a.show(ui.Snippet(ui.Tag{Form: string(o.Form), Endpoint: o.Endpoint, Text: text, CSP: snippet.CSP(o.Endpoint)}))
}

// warnOfSite tells when hits of the tag would be dropped for their site.
func (a *app) warnOfSite(o snippet.Options) error {
	site := cmp.Or(o.Site, event.DefaultSite)
	for _, p := range o.Params {
		if p.Key == "site" {
			site = cmp.Or(o.Site, p.Value)
		}
	}
	if sites := a.strayed(site); len(sites) > 0 {
		return a.streams.Warn("site " + site + " is none of those that pixelctl.yaml lists, so hits of this tag are dropped; add --site " + snippet.ShellWord(sites[0]))
	}
	return nil
}

func formNames() []string {
	var names []string
	for _, f := range snippet.Forms() {
		names = append(names, string(f))
	}
	return names
}

func formHelp() string {
	var b strings.Builder
	for _, f := range snippet.Forms() {
		fmt.Fprintf(&b, "  %-9s %s\n", f, f.Doc())
	}
	return strings.TrimRight(b.String(), "\n")
}

func parseParams(c *cobra.Command, list []string) ([]snippet.Param, error) {
	var params []snippet.Param
	for _, p := range list {
		key, value, ok := strings.Cut(p, "=")
		if !ok || key == "" {
			return nil, usage(c, "--param: %q is not key=value", p)
		}
		params = append(params, snippet.Param{Key: key, Value: value})
	}
	return params, nil
}
