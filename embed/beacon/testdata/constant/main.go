// Command constant is the least a function can do that puts a record and
// answers: the beacon is measured against it.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
)

const (
	record = `{"event":"view"}` + "\n"
	answer = `{"statusCode":200,"headers":{"Content-Type":"image/gif"},"isBase64Encoded":true,"body":"R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="}`
)

type constant struct {
	client *firehose.Client
	stream string
}

// Invoke puts the record and answers with the image.
func (c constant) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	_, err := c.client.PutRecord(ctx, &firehose.PutRecordInput{
		DeliveryStreamName: &c.stream, Record: &types.Record{Data: []byte(record)},
	})
	return []byte(answer), err
}

func main() {
	key := aws.Credentials{
		AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
	}
	client := firehose.New(firehose.Options{
		Region: os.Getenv("AWS_REGION"), BaseEndpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL")),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return key, nil }),
	})
	lambda.Start(constant{client, os.Getenv("PIXELCTL_STREAM")})
}
