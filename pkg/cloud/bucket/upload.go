package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// metaDigest is the metadata key of the digest, for stores that keep no checksum.
const metaDigest = "sha256"

// Upload puts body under key unless it is there already, and compares what the
// store then says of it. The name in key must be body's SHA-256 in hex, with
// any extension. Uploaded tells whether it was sent.
func (e *Engine) Upload(ctx context.Context, bucket, key string, body []byte) (uploaded bool, err error) {
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	if name := path.Base(key); strings.TrimSuffix(name, path.Ext(name)) != digest {
		return false, fault.New(fault.Failed, "upload %s: the digest of its content is %s", key, digest)
	}
	same, err := e.holds(ctx, bucket, key, sum[:], len(body))
	if err != nil || same {
		return false, err
	}
	checksum := base64.StdEncoding.EncodeToString(sum[:])
	_, err = e.c.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: bytes.NewReader(body), ContentLength: aws.Int64(int64(len(body))),
		ChecksumSHA256: &checksum, Metadata: map[string]string{metaDigest: digest},
	})
	if err != nil {
		return false, session.Explain(err, "upload %s to bucket %s", key, bucket)
	}
	same, err = e.holds(ctx, bucket, key, sum[:], len(body))
	if err == nil && !same {
		err = fault.New(fault.Failed, "upload %s to bucket %s: what is stored differs from what was sent", key, bucket)
	}
	return err == nil, err
}

// holds reports whether the stored object has this length and digest.
func (e *Engine) holds(ctx context.Context, bucket, key string, sum []byte, size int) (bool, error) {
	head, err := e.c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
	if noKey(err) {
		return false, nil
	}
	if err != nil {
		return false, session.Explain(err, "look for %s in bucket %s", key, bucket)
	}
	if aws.ToInt64(head.ContentLength) != int64(size) {
		return false, nil
	}
	if got := aws.ToString(head.ChecksumSHA256); got != "" {
		return got == base64.StdEncoding.EncodeToString(sum), nil
	}
	return head.Metadata[metaDigest] == hex.EncodeToString(sum), nil
}

func noKey(err error) bool {
	code := session.Code(err)
	return code == "NoSuchKey" || code == "NotFound"
}
