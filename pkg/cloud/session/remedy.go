package session

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	smithy "github.com/aws/smithy-go/middleware"

	"pixelctl/pkg/fault"
)

// mender knows what a hint needs to be a command that can be pasted.
type mender struct {
	profile, region, endpoint string
	command                   string // gets fresh credentials
}

// located is an error with what the session that met it knows.
type located struct {
	m   mender
	err error
}

func (l *located) Error() string { return l.err.Error() }

// Unwrap gives the SDK's error.
func (l *located) Unwrap() error { return l.err }

// middleware marks every error of a call with the session's settings.
func (m mender) middleware(stack *smithy.Stack) error {
	return stack.Initialize.Add(smithy.InitializeMiddlewareFunc("pixelctl:Locate", func(
		ctx context.Context, in smithy.InitializeInput, next smithy.InitializeHandler,
	) (smithy.InitializeOutput, smithy.Metadata, error) {
		out, meta, err := next.HandleInitialize(ctx, in)
		if err != nil {
			err = &located{m: m, err: err}
		}
		return out, meta, err
	}), smithy.Before)
}

// menderOf returns the settings of the session that met err.
func menderOf(err error) mender {
	if l, ok := errors.AsType[*located](err); ok {
		return l.m
	}
	return mender{command: "aws configure"}
}

// loginCommand is the command that gets credentials for the profile in use.
func loginCommand(cfg aws.Config, profile string) string {
	suffix := ""
	if profile != "" {
		suffix = " --profile " + profile
	}
	for _, s := range cfg.ConfigSources {
		shared, ok := s.(config.SharedConfig)
		if !ok {
			continue
		}
		for p := &shared; p != nil; p = p.Source {
			switch {
			case p.SSOSessionName != "" || p.SSOStartURL != "":
				return "aws sso login" + suffix
			case p.LoginSession != "":
				return "aws login" + suffix
			}
		}
	}
	return "aws configure" + suffix
}

// explainLoad tells why the settings could not be read.
func (l *lookup) explainLoad(err error) error {
	if e, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return fault.New(fault.Usage, "open profile %s: there is none of this name", e.Profile).
			WithHint("aws configure list-profiles shows them; aws configure --profile %s makes it", e.Profile)
	}
	return fault.New(fault.Usage, "read the AWS settings: %w", clean(err)).
		WithHint("look at ~/.aws/config and ~/.aws/credentials, or run: aws configure")
}
