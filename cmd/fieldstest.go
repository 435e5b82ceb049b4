package cmd

import (
	"crypto/rand"
	"net/netip"

	"github.com/spf13/cobra"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/sample"
	"pixelctl/pkg/ui"
)

func newFieldsTest(a *app) *cobra.Command {
	var ip string
	c := &cobra.Command{
		Use: "test [REQUEST | -]", Args: optional,
		Short: "Show the record that a request would become",
		Long: `Test takes a URL, a curl command or the text of an HTTP request, and prints the
record that it would become under pixelctl.yaml, each column with the source of
its value. Nothing is sent and nothing stored. Browsers copy a request as curl
from their network view.

Hashes of a day's key are made with a key of this run: they differ from those of
the stack.`,
		Example: `pixelctl fields test "https://px.example.com/p.gif?event=view&uid=u-1"
pixelctl fields test "curl https://px.example.com/p.gif -A curl/8.5.0" --json
pixelctl fields test - < request.txt`,
		RunE: func(c *cobra.Command, args []string) error { return a.fieldsTest(c, args, ip) },
	}
	c.Flags().StringVar(&ip, "ip", "203.0.113.77", "address of the client")
	return c
}

func (a *app) fieldsTest(c *cobra.Command, args []string, ip string) error {
	peer, err := netip.ParseAddr(ip)
	if err != nil {
		return usage(c, "--ip: %q is no address", ip)
	}
	s, err := a.fileSpec()
	if err != nil {
		return err
	}
	text := "-"
	if len(args) == 1 {
		text = args[0]
	} else if a.streams.InTTY {
		return usage(c, "fields test: no request is given").WithHint(`pixelctl fields test "https://px.example.com/p.gif?event=view"`)
	}
	if text == "-" {
		if text, err = readInput(c.Context(), "request from standard input", a.streams.In, sample.MaxText); err != nil {
			return err
		}
	}
	req, err := sample.Read(text, sample.Options{Peer: peer, Time: event.MillisOf(a.now())})
	if err != nil {
		return err
	}
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails, says its documentation
	b, err := beacon.New(beacon.Options{Collector: "pixelctl fields test", Spec: s, Keys: privacy.FreshRing(random)})
	if err != nil {
		return err
	}
	records, result := b.Explain(req)
	return a.show(ui.Explained(records, result))
}
