package awsfake

import (
	"context"
	"maps"
	"net/url"
	"strings"

	"pixelctl/pkg/awsfake/compute"
	"pixelctl/pkg/awsfake/scheduler"
	"pixelctl/pkg/awsfake/wire"
)

// wire gives every service by its name in the SigV4 credential scope.
func (f *Fake) wire() map[string]*service {
	out := map[string]*service{
		"s3":             {protocol: restXML, handler: f.S3, name: f.S3.Operation},
		"cloudformation": {protocol: query, handler: f.CloudFormation},
		"sts":            {protocol: query, operations: f.Identity.STS(), namespace: "https://sts.amazonaws.com/doc/2011-06-15/"},
		"iam":            {protocol: query, operations: f.Identity.IAM(), namespace: "https://iam.amazonaws.com/doc/2010-05-08/"},
		"lambda":         {protocol: restJSON, operations: f.Lambda.Operations(), routes: compute.LambdaRoutes()},
		"apigateway":     {protocol: restJSON, operations: f.Gateway.Operations(), routes: compute.GatewayRoutes()},
		"scheduler":      {protocol: restJSON, operations: f.Scheduler.Operations(), routes: scheduler.Routes()},
		"secretsmanager": {protocol: awsJSON, operations: f.Secrets.Operations()},
		"logs":           {protocol: awsJSON, operations: f.Logs.Operations()},
		"monitoring":     {protocol: rpcCBOR, operations: f.Metrics.Operations()},
	}
	maps.Copy(out, f.deliveryServices())
	return out
}

// inner makes one service's call of another: it is logged, and faults strike it.
func (f *Fake) inner(service, operation string, run func() error) error {
	f.calls.add(Call{Service: service, Operation: operation, Inner: true})
	fault := f.faults.match(attempt{service: service, operation: operation})
	if fault == nil {
		return run()
	}
	if fault.After {
		if err := run(); err != nil {
			return err
		}
	}
	f.clock.Advance(fault.Delay)
	if err, answers := fault.error(); answers {
		return err
	}
	if fault.Reset || fault.Truncate || fault.After || fault.Delay == Hang {
		return wire.Error{Code: "RequestError", Message: "connection reset by peer", Status: 500}
	}
	return run()
}

// secret is the function's GetSecretValue.
func (f *Fake) secret(_ context.Context, id string) (value string, err error) {
	err = f.inner("secretsmanager", "GetSecretValue", func() (err error) {
		value, err = f.Secrets.Value(id)
		return err
	})
	return value, err
}

// putSecret is the function's PutSecretValue.
func (f *Fake) putSecret(_ context.Context, id, token, value string) error {
	return f.inner("secretsmanager", "PutSecretValue", func() error { return f.Secrets.Put(id, token, value) })
}

// template reads a TemplateURL from the fake's own S3: by the fake's address, or
// by the host that the bucket has on AWS. Others are no supported URL, wherever
// they lead.
func (f *Fake) template(_ context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errUnsupported
	}
	key := strings.TrimPrefix(u.Path, "/")
	if u.Scheme+"://"+u.Host == f.url {
		bucket, rest, _ := strings.Cut(key, "/")
		return f.S3.Get(bucket, rest)
	}
	bucket, ok := strings.CutSuffix(u.Host, ".s3."+Region+".amazonaws.com")
	if !ok || u.Scheme != "https" {
		return nil, errUnsupported
	}
	return f.S3.Get(bucket, key)
}

var errUnsupported = wire.Error{Code: "ValidationError", Message: "TemplateURL must be a supported URL."}
