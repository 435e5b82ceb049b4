package bucket

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"pixelctl/pkg/cloud/session"
)

// URL is where other services of AWS find an object: the endpoint of the
// bucket's region and partition, such as
// https://bucket.s3.eu-west-1.amazonaws.com/key, or the one that the client is
// told to use. It is not signed.
func (e *Engine) URL(ctx context.Context, bucket, key string) (string, error) {
	o := e.c.Options()
	at := s3.EndpointParameters{Bucket: &bucket, Region: &o.Region, Endpoint: o.BaseEndpoint, ForcePathStyle: &o.UsePathStyle}
	endpoint, err := o.EndpointResolverV2.ResolveEndpoint(ctx, at.WithDefaults())
	if err != nil {
		return "", session.Explain(err, "find the URL of bucket %s", bucket)
	}
	return endpoint.URI.String() + "/" + httpbinding.EscapePath(key, false), nil
}
