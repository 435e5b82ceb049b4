package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// errNoSecret tells a function whose spec needs a secret that it was not given.
var errNoSecret = errors.New("PIXELCTL_SECRET is not set")

// secret is a vault in Secrets Manager.
type secret struct {
	manager caller
	id      string // ARN
}

func newSecret(env func(string) string) *secret {
	return &secret{
		manager: newService("secretsmanager", "secretsmanager", "AWS_ENDPOINT_URL_SECRETS_MANAGER", env),
		id:      env("PIXELCTL_SECRET"),
	}
}

// get names the stage: a policy can then forbid older versions, which Secrets
// Manager keeps, a hundred of them.
func (s *secret) get(ctx context.Context) ([]byte, error) {
	var out struct{ SecretString string }
	if err := s.ask(ctx, "GetSecretValue", map[string]string{"SecretId": s.id, "VersionStage": "AWSCURRENT"}, &out); err != nil {
		return nil, err
	}
	return []byte(out.SecretString), nil
}

// put writes a version whose id follows from the state, so that of processes
// that race one makes it and the others change nothing. The id does not tell
// the keys: they are no hash of the state.
func (s *secret) put(ctx context.Context, state []byte) error {
	sum := sha256.Sum256(append([]byte("version of "), state...))
	return s.ask(ctx, "PutSecretValue", map[string]string{
		"SecretId": s.id, "ClientRequestToken": hex.EncodeToString(sum[:]), "SecretString": string(state),
	}, nil)
}

// ask makes one call within maxAttempt. Errors do not show the secret.
func (s *secret) ask(ctx context.Context, operation string, in map[string]string, out any) error {
	if s.id == "" {
		return errNoSecret
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	ctx, cancel := context.WithTimeout(ctx, maxAttempt)
	defer cancel()
	raw, err := s.manager.call(ctx, operation, body)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("%s: the answer is no JSON", operation)
	}
	return nil
}
