package main

import (
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// credentials are those of the function's role.
func credentials(env func(string) string) aws.Credentials {
	return aws.Credentials{
		AccessKeyID:     env("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: env("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    env("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
}

// endpoint is the address of a service: the one of its own variable, the one for
// all services, or the region's, in the order of the SDK.
func endpoint(name, region, variable string, env func(string) string) string {
	for _, v := range []string{variable, "AWS_ENDPOINT_URL"} {
		if u := env(v); u != "" {
			return u
		}
	}
	return "https://" + name + "." + region + "." + suffix(region) + "/"
}

// suffixes are the domains of AWS's partitions by how their regions begin;
// others are in amazonaws.com (endpoint rules of the SDK).
var suffixes = [][2]string{
	{"cn-", "amazonaws.com.cn"},
	{"eusc-", "amazonaws.eu"},
	{"us-iso-", "c2s.ic.gov"},
	{"us-isob-", "sc2s.sgov.gov"},
	{"us-isof-", "csp.hci.ic.gov"},
	{"eu-isoe-", "cloud.adc-e.uk"},
}

func suffix(region string) string {
	for _, s := range suffixes {
		if strings.HasPrefix(region, s[0]) {
			return s[1]
		}
	}
	return "amazonaws.com"
}

// newConnection speaks HTTP/1.1 only. There an attempt that times out takes its
// connection with it; with HTTP/2 the next attempt would wait on the same one,
// which may have died while Lambda had the process frozen. A transport follows
// no redirects and keeps no cookies, which the services have no use for.
func newConnection() *http.Transport {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, Protocols: protocols,
		MaxIdleConns: 2, IdleConnTimeout: 90 * time.Second, DisableCompression: true,
	}
}
