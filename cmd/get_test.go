package cmd

import (
	"net/http"
	"net/url"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdGet loads the pixel as a browser on a page does.
func cmdGet(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 1, "get URL")
	u, err := url.Parse(args[0])
	ts.Check(err)
	res, err := (&http.Client{Timeout: 10 * time.Second}).Do(&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{
		"Accept-Language": {"de"},
		"User-Agent":      {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
	}})
	ts.Check(err)
	ts.Check(res.Body.Close())
	if res.StatusCode != http.StatusOK {
		ts.Fatalf("get %s: %s", args[0], res.Status)
	}
}
