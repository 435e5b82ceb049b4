package compute

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/beacon"
)

// Function is a Lambda function; its JSON is that of AWS::Lambda::Function.
type Function struct {
	FunctionName  string
	Description   string
	Role          string
	Runtime       string
	Handler       string
	Architectures []string
	MemorySize    int
	Timeout       int
	Code          Code
	Environment   Environment
	LoggingConfig Logging

	sha256, modified string
	size             int
	permissions      map[string]Permission
	calls            int64
	beacon           *beacon.Beacon // of the spec in the zip
	keys             *keys          // nil when the spec needs none
}

// Code is where the zip lies.
type Code struct{ S3Bucket, S3Key, S3ObjectVersion string }

// Environment is what the process finds in its environment.
type Environment struct{ Variables map[string]string }

// Logging is where and how a function logs.
type Logging struct{ LogFormat, ApplicationLogLevel, SystemLogLevel, LogGroup string }

// Permission is a statement of a function's policy; its JSON is that of
// AWS::Lambda::Permission.
type Permission struct{ FunctionName, Action, Principal, SourceArn string }

// CreateFunction makes a function of the zip in S3.
func (s *Lambda) CreateFunction(f Function) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if _, ok := s.functions[f.FunctionName]; ok {
		return wire.Error{Code: "ResourceConflictException", Message: "Function already exist: " + f.FunctionName, Status: http.StatusConflict}
	}
	f.permissions = map[string]Permission{}
	return s.load(&f)
}

// UpdateFunction replaces a function's code and configuration; its policy stays.
func (s *Lambda) UpdateFunction(f Function) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	old, err := s.find(f.FunctionName)
	if err != nil {
		return err
	}
	f.permissions, f.calls = old.permissions, old.calls
	return s.load(&f)
}

// load reads the zip as CreateFunction and UpdateFunctionCode do: the object
// is copied, so that its later deletion does not harm the function.
func (s *Lambda) load(f *Function) error {
	zip, err := s.o.Object(f.Code.S3Bucket, f.Code.S3Key)
	if err != nil {
		e := wire.AsError(err)
		return wire.Error{
			Code:    "InvalidParameterValueException",
			Message: fmt.Sprintf("Error occurred while GetObject. S3 Error Code: %s. S3 Error Message: %s", e.Code, e.Message),
		}
	}
	wish, err := specOf(zip)
	if err != nil {
		return err
	}
	if err := s.start(f, wish); err != nil {
		return err
	}
	sum := sha256.Sum256(zip)
	f.sha256, f.size = base64.StdEncoding.EncodeToString(sum[:]), len(zip)
	f.modified = s.o.Clock.Now().Format("2006-01-02T15:04:05.000-0700")
	f.MemorySize, f.Timeout = cmp.Or(f.MemorySize, 128), cmp.Or(f.Timeout, 3)
	f.LoggingConfig.LogGroup = cmp.Or(f.LoggingConfig.LogGroup, "/aws/lambda/"+f.FunctionName)
	if len(f.Architectures) == 0 {
		f.Architectures = []string{"x86_64"}
	}
	s.functions[f.FunctionName] = f
	return nil
}

// DeleteFunction removes a function and its policy.
func (s *Lambda) DeleteFunction(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	f, err := s.find(name)
	if err == nil {
		delete(s.functions, f.FunctionName)
	}
	return err
}

// Functions gives the names, sorted.
func (s *Lambda) Functions() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.functions))
}

// AddPermission adds the statement id to the policy of p's function.
func (s *Lambda) AddPermission(id string, p Permission) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	f, err := s.find(p.FunctionName)
	if err != nil {
		return err
	}
	f.permissions[id] = p
	return nil
}

// RemovePermission removes the statement id of whichever function has it.
func (s *Lambda) RemovePermission(id string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, f := range s.functions {
		if _, ok := f.permissions[id]; ok {
			delete(f.permissions, id)
			return nil
		}
	}
	return notFound("No policy is associated with the given resource.")
}

// allows tells whether API Gateway may invoke the function for source, an
// execute-api ARN. A star in the policy stands for any text.
func (f *Function) allows(source string) bool {
	for _, p := range f.permissions {
		if p.Principal == "apigateway.amazonaws.com" && p.Action == "lambda:InvokeFunction" &&
			(p.SourceArn == "" || like(p.SourceArn, source)) {
			return true
		}
	}
	return false
}

// like matches text with a pattern whose stars stand for any text.
func like(pattern, text string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, first)
	for i := 0; ok && i <= len(text); i++ {
		if like(rest, text[i:]) {
			return true
		}
	}
	return false
}

// find takes a name or an ARN.
func (s *Lambda) find(name string) (*Function, error) {
	if _, rest, ok := strings.Cut(name, ":function:"); ok {
		name, _, _ = strings.Cut(rest, ":")
	}
	if f, ok := s.functions[name]; ok {
		return f, nil
	}
	return nil, notFound("Function not found: " + s.arn(name))
}

func (s *Lambda) arn(name string) string {
	return "arn:aws:lambda:" + s.o.Region + ":" + s.o.Account + ":function:" + name
}

func notFound(message string) error {
	return wire.Error{Code: "ResourceNotFoundException", Message: message, Status: http.StatusNotFound}
}
