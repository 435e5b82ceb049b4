package remote

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/awsfake/athena"
)

// Store is the objects of an S3.
type Store struct{ S3 *sdk.Client }

var _ athena.Store = Store{}

// Get gives the body of an object.
func (s Store) Get(ctx context.Context, bucket, key string) (body []byte, err error) {
	out, err := s.S3.GetObject(ctx, &sdk.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, failure("get s3://"+bucket+"/"+key, err)
	}
	defer func() { err = errors.Join(err, out.Body.Close()) }()
	return io.ReadAll(out.Body)
}

// List gives the keys with the prefix, sorted.
func (s Store) List(ctx context.Context, bucket, prefix string) (keys []string, err error) {
	pages := sdk.NewListObjectsV2Paginator(s.S3, &sdk.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failure("list s3://"+bucket+"/"+prefix, err)
		}
		for _, o := range page.Contents {
			keys = append(keys, aws.ToString(o.Key))
		}
	}
	return keys, nil
}

// Put stores an object.
func (s Store) Put(ctx context.Context, bucket, key string, body []byte) error {
	_, err := s.S3.PutObject(ctx, &sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body)})
	if err != nil {
		return failure("put s3://"+bucket+"/"+key, err)
	}
	return nil
}
