package session

import (
	"errors"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/smithy-go"
)

// maxText bounds an error's text: encoded authorisation messages and canonical
// requests run to kilobytes.
const maxText = 700 // bytes

// masked match what AWS and the SDK echo of a request: its session token, its
// signature, the string it signed.
const masked = `(?i)\b(x-amz-security-token|x-amz-signature|x-amz-credential|signature|credential|authorization|` +
	`aws_secret_access_key|aws_session_token|secret_?access_?key|session_?token)(["']?\s*[=:]\s*["']?)[^\s&"',]+`

// cause shows an SDK error without what must not be shown.
type cause struct {
	text string
	err  error
}

func (c *cause) Error() string { return c.text }

// Unwrap gives the SDK's error, for errors.As only.
func (c *cause) Unwrap() error { return c.err }

// clean returns err with a text of one line that holds no secret; nil stays nil.
func clean(err error) error {
	if err == nil {
		return nil
	}
	return &cause{text: redact(plain(err)), err: err}
}

// plain takes AWS's own words out of the SDK's wrapping.
func plain(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		if api.ErrorMessage() == "" {
			return api.ErrorCode()
		}
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	// A credential process's output is in the error when it is no valid JSON.
	if _, ok := errors.AsType[*processcreds.ProviderError](err); ok {
		return "the profile's credential_process gave no valid credentials"
	}
	// The chain ends at the metadata service, whose absence is not the cause.
	if strings.Contains(err.Error(), "no EC2 IMDS role found") {
		return "no credentials were found"
	}
	if op, ok := errors.AsType[*smithy.OperationError](err); ok {
		return op.Err.Error()
	}
	return err.Error()
}

// redact cuts a text to its first paragraph, one line, and masks secrets.
func redact(s string) string {
	s, _, _ = strings.Cut(s, "\n\n")
	s, _, _ = strings.Cut(s, "The Canonical String")
	s = regexp.MustCompile(masked).ReplaceAllString(strings.Join(strings.Fields(s), " "), "$1$2***")
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return s
}
