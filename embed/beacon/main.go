// Command beacon is the Lambda function of the stack on AWS: it turns a request
// to the HTTP API or the function URL into records, as the spec in its zip wants
// them, puts them into the delivery stream and answers with the image, whatever
// happens.
package main

import (
	"context"
	"os"
	"runtime"

	"github.com/aws/aws-lambda-go/lambda"
)

// main serves the Runtime API. Start ends the process by itself when that API
// goes away. An environment of Lambda has one event at a time and, below 1,769
// MB of memory, less than one processor: more threads only wake each other.
func main() {
	runtime.GOMAXPROCS(1)
	h, err := newFunction(context.Background(), os.Getenv, os.Stdout)
	if err != nil {
		os.Exit(1) // Lambda reports a failed start
	}
	lambda.Start(h)
}
