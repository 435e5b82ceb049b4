package main

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// credentials are those of the function's role.
func credentials(env func(string) string) aws.CredentialsProvider {
	c := aws.Credentials{
		AccessKeyID:     env("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: env("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    env("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c, nil })
}

// endpoint gives another address than the region's, in the order of the SDK.
func endpoint(env func(string) string) string {
	if u := env("AWS_ENDPOINT_URL_FIREHOSE"); u != "" {
		return u
	}
	return env("AWS_ENDPOINT_URL")
}

// connection is a firehose.HTTPClient without redirects and cookies, which the
// service has no use for.
type connection struct{ *http.Transport }

// newConnection speaks HTTP/1.1 only. There an attempt that times out takes its
// connection with it; with HTTP/2 the next attempt would wait on the same one,
// which may have died while Lambda had the process frozen.
func newConnection() connection {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	return connection{&http.Transport{
		Proxy: http.ProxyFromEnvironment, Protocols: protocols,
		MaxIdleConns: 2, IdleConnTimeout: 90 * time.Second, DisableCompression: true,
	}}
}

// Do sends a request.
func (c connection) Do(r *http.Request) (*http.Response, error) { return c.RoundTrip(r) }
