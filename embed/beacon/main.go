// Command beacon is the Lambda function of the stack on AWS: it turns a request
// to the HTTP API or the function URL into records, puts them into the delivery
// stream and answers with the image, whatever happens.
package main

import (
	"os"
	"runtime"

	"github.com/aws/aws-lambda-go/lambda"
)

// main serves the Runtime API. Start ends the process by itself when that API
// goes away. An environment of Lambda has one event at a time and, below 1,769
// MB of memory, less than one processor: more threads only wake each other.
func main() {
	runtime.GOMAXPROCS(1)
	lambda.Start(newHandler(newStream(os.Getenv), os.Getenv("PIXELCTL_VERSION"), os.Stdout))
}
