// Package secrets fakes Secrets Manager: secrets whose values have versions.
package secrets

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// Staging labels that the service moves by itself.
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// Secret is a secret; its JSON is that of AWS::SecretsManager::Secret.
type Secret struct {
	Name                 string
	Description          string
	SecretString         string    `json:",omitempty"`
	GenerateSecretString *Generate `json:",omitempty"`
	Tags                 []Tag     `json:",omitempty"`

	arn              string
	created, changed time.Time
	deleted          time.Time // zero unless it waits for its deletion
	versions         []version // in the order in which they were made
}

// Generate is how CloudFormation makes a value: a JSON template that gets one
// more key, or the random text alone.
type Generate struct {
	SecretStringTemplate, GenerateStringKey string
	PasswordLength                          int
	ExcludePunctuation                      bool
}

// Tag is a tag of a secret.
type Tag struct{ Key, Value string }

type version struct {
	id, value string
	stages    []string
	created   time.Time
}

// Server is the service. It is safe for concurrent use.
type Server struct {
	clock           *wire.Clock
	account, region string
	random          func(chars string, n int) string
	lock            sync.Mutex
	secrets         map[string]*Secret // by ARN
}

// New returns the service without secrets. random draws n of the characters.
func New(clock *wire.Clock, account, region string, random func(chars string, n int) string) *Server {
	return &Server{clock: clock, account: account, region: region, random: random, secrets: map[string]*Secret{}}
}

const (
	letters     = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
)

// Create makes a secret with its first value and gives its ARN, which ends with
// six random characters.
func (s *Server) Create(x Secret) (arn string, err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, have := range s.secrets {
		if have.Name == x.Name {
			return "", wire.Error{Code: "ResourceExistsException", Message: "The operation failed because the secret " + x.Name + " already exists."}
		}
	}
	value, err := s.value(&x)
	if err != nil {
		return "", err
	}
	x.arn = "arn:aws:secretsmanager:" + s.region + ":" + s.account + ":secret:" + x.Name + "-" + s.random(letters, 6)
	x.created, x.changed = s.clock.Now(), s.clock.Now()
	x.put("00000000-0000-4000-8000-"+digest(x.arn)[:12], value, s.clock.Now())
	s.secrets[x.arn] = &x
	return x.arn, nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// value is the one that the properties ask for.
func (s *Server) value(x *Secret) (string, error) {
	g := x.GenerateSecretString
	if g == nil {
		return x.SecretString, nil
	}
	chars, n := letters+punctuation, g.PasswordLength
	if g.ExcludePunctuation {
		chars = letters
	}
	if n == 0 {
		n = 32
	}
	text := ""
	for len(text) < n {
		text += s.random(chars, min(n-len(text), 16))
	}
	if g.GenerateStringKey == "" {
		return text, nil
	}
	members := map[string]any{}
	if err := json.Unmarshal([]byte(g.SecretStringTemplate), &members); err != nil {
		return "", wire.Error{Code: "InvalidRequestException", Message: "The secret string template is not valid JSON."}
	}
	members[g.GenerateStringKey] = text
	value, err := json.Marshal(members)
	return string(value), err
}

// Update changes what a template says of a secret and leaves its value.
func (s *Server) Update(arn string, x Secret) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	have, err := s.find(arn)
	if err == nil {
		have.Description, have.Tags, have.changed = x.Description, x.Tags, s.clock.Now()
	}
	return err
}

// Delete removes a secret at once, as CloudFormation has it done.
func (s *Server) Delete(arn string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.find(arn)
	if err == nil {
		delete(s.secrets, x.arn)
	}
	return err
}

// Secrets gives the ARNs, sorted; with those that wait for their deletion.
func (s *Server) Secrets() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.secrets))
}

// Value gives the current value of a secret.
func (s *Server) Value(id string) (string, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.usable(id)
	if err != nil {
		return "", err
	}
	v, err := x.version("", current)
	return v.value, err
}

// Versions gives all values that can still be read, the newest last.
func (s *Server) Versions(id string) ([]string, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.usable(id)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, v := range x.versions {
		out = append(out, v.value)
	}
	return out, nil
}

// Put makes a version the current one. The same version again changes nothing.
func (s *Server) Put(id, token, value string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.usable(id)
	if err != nil {
		return err
	}
	if len(token) < 32 || len(token) > 64 {
		return wire.Error{Code: "InvalidParameterException", Message: "ClientRequestToken must be 32-64 characters long."}
	}
	for _, v := range x.versions {
		switch {
		case v.id != token:
		case v.value == value:
			return nil
		default:
			return wire.Error{Code: "ResourceExistsException", Message: "You can't modify the value of an existing version; the token is in use."}
		}
	}
	x.put(token, value, s.clock.Now())
	return nil
}

// maxVersions is how many versions are kept beside those of the last day (API
// reference of PutSecretValue).
const maxVersions = 100

func (x *Secret) put(id, value string, now time.Time) {
	for i := range x.versions {
		v := &x.versions[i]
		was := slices.Contains(v.stages, current)
		v.stages = slices.DeleteFunc(v.stages, func(s string) bool { return s == current || s == previous })
		if was {
			v.stages = append(v.stages, previous)
		}
	}
	x.versions = append(x.versions, version{id: id, value: value, stages: []string{current}, created: now})
	for len(x.versions) > maxVersions && now.Sub(x.versions[0].created) > 24*time.Hour {
		x.versions = x.versions[1:]
	}
	x.changed = now
}

// version finds one by its id, its stage or both.
func (x *Secret) version(id, stage string) (version, error) {
	for _, v := range x.versions {
		if (id == "" || v.id == id) && (stage == "" || slices.Contains(v.stages, stage)) {
			return v, nil
		}
	}
	return version{}, notFound("Secrets Manager can't find the specified secret value for staging label: " + stage)
}

// find takes a name or an ARN, with or without its random end.
func (s *Server) find(id string) (*Secret, error) {
	for arn, x := range s.secrets {
		if id == arn || id == x.Name || strings.TrimSuffix(arn, arn[len(arn)-7:]) == id {
			return x, nil
		}
	}
	return nil, notFound("Secrets Manager can't find the specified secret.")
}

// usable finds a secret that does not wait for its deletion.
func (s *Server) usable(id string) (*Secret, error) {
	x, err := s.find(id)
	if err == nil && !x.deleted.IsZero() {
		return nil, wire.Error{
			Code:    "InvalidRequestException",
			Message: "You can't perform this operation on the secret because it was marked for deletion.",
		}
	}
	return x, err
}

// notFound has status 400, as all errors of the protocol but the server's own.
func notFound(message string) error {
	return wire.Error{Code: "ResourceNotFoundException", Message: message, Status: http.StatusBadRequest}
}
