package bucket

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud/session"
)

// List returns the current objects under prefix by key, at most limit of them;
// 0 is no limit.
func (e *Engine) List(ctx context.Context, bucket, prefix string, limit int) ([]Object, error) {
	in := &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, MaxKeys: aws.Int32(pageSize(limit))}
	var all []Object
	for p := s3.NewListObjectsV2Paginator(e.c, in); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, session.Explain(err, "list objects of bucket %s under %q", bucket, prefix)
		}
		for _, o := range page.Contents {
			if all = append(all, object(o)); len(all) == limit {
				return all, nil
			}
		}
	}
	return all, nil
}

// most is how many keys one call lists or deletes (S3 API: MaxKeys, Delete).
const most = 1000

func pageSize(limit int) int32 {
	if limit <= 0 || limit > most {
		return most
	}
	return int32(limit)
}

// Prefixes returns the names one level below prefix, up to and with the next
// slash, by key. Keys up to after are passed over; "" begins at the first.
func (e *Engine) Prefixes(ctx context.Context, bucket, prefix, after string) ([]string, error) {
	in := &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, Delimiter: aws.String("/")}
	if after != "" {
		in.StartAfter = &after
	}
	var all []string
	for p := s3.NewListObjectsV2Paginator(e.c, in); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, session.Explain(err, "list directories of bucket %s under %q", bucket, prefix)
		}
		for _, c := range page.CommonPrefixes {
			all = append(all, aws.ToString(c.Prefix))
		}
	}
	return all, nil
}
