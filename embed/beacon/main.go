// Command beacon is the Lambda function of the stack on AWS: it turns a request
// to the HTTP API or the function URL into records, puts them into the delivery
// stream and answers with the image, whatever happens.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

// main serves the Runtime API. Start ends the process by itself when that API
// goes away.
func main() {
	lambda.Start(newHandler(newStream(os.Getenv), os.Getenv("PIXELCTL_VERSION"), os.Stdout))
}
