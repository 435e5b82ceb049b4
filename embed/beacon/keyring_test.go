package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// seedState is what CloudFormation generates.
const seedState = `{"day":0,"key":"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"}`

// memory is a vault.
type memory struct {
	state      string
	gets, puts int
	noGet      error
	noPut      error
	slow       bool // never answers
}

func newMemory() *memory { return &memory{state: seedState} }

func (m *memory) get(ctx context.Context) ([]byte, error) {
	m.gets++
	if m.slow {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []byte(m.state), m.noGet
}

func (m *memory) put(_ context.Context, state []byte) error {
	m.puts++
	if m.noPut == nil {
		m.state = string(state)
	}
	return m.noPut
}

func (m *memory) day(t *testing.T) int64 {
	t.Helper()
	var s struct{ Day int64 }
	if err := json.Unmarshal([]byte(m.state), &s); err != nil {
		t.Fatal(err)
	}
	return s.Day
}

// said counts what a keyring tells the log.
type said []string

func (s *said) note(message string, _ error) { *s = append(*s, message) }

func today() int64 { return privacy.Day(event.MillisOf(time.Now())) }

// wantKey is the key of a day as it follows from the first state.
func wantKey(t *testing.T, day int64) [32]byte {
	t.Helper()
	r, err := privacy.ParseRing([]byte(seedState))
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(day)
	key, _ := r.Day(day)
	return key
}

func (k *keyring) wants(t *testing.T, day int64) {
	t.Helper()
	if got, ok := k.Day(day); !ok || got != wantKey(t, day) {
		t.Errorf("day %d, today %d: another key than the secret's (%v)", day, today(), ok)
	}
}

// calls wants this many since the last time.
func (m *memory) calls(t *testing.T, gets, puts int) {
	t.Helper()
	if m.gets != gets || m.puts != puts {
		t.Errorf("%d reads and %d writes, want %d and %d", m.gets, m.puts, gets, puts)
	}
	m.gets, m.puts = 0, 0
}

// The secret is read once and moved on once a day, and every process has the
// keys that follow from it.
func TestKeyringDays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, log := newMemory(), &said{}
		k := &keyring{vault: m, fail: log.note}
		if _, ok := k.Day(today()); ok {
			t.Error("a key without a secret")
		}
		k.refresh(t.Context())
		m.calls(t, 1, 1)
		k.wants(t, today())
		if m.day(t) != today() || strings.Contains(m.state, "abcdef") {
			t.Errorf("stored %s", m.state)
		}
		<-time.After(23 * time.Hour)
		k.refresh(t.Context())
		m.calls(t, 0, 0)
		<-time.After(time.Hour) // midnight
		k.refresh(t.Context())
		m.calls(t, 1, 1)
		k.wants(t, today())
		k.wants(t, today()-1) // of a hit that came just before
		other := &keyring{vault: m, fail: log.note}
		other.refresh(t.Context())
		m.calls(t, 1, 0)
		other.wants(t, today())
		<-time.After(24 * time.Hour)
		other.refresh(t.Context())
		m.calls(t, 1, 1)
		k.refresh(t.Context())
		m.calls(t, 1, 0)
		k.wants(t, today())
		k.wants(t, today()-1)
		one, _ := k.Cookie()
		two, ok := other.Cookie()
		if !ok || one != two || len(*log) > 0 {
			t.Errorf("other cookies, or logged %q", *log)
		}
	})
}

// An event whose time is wrong does not move the keys: days that were passed
// over would never have one.
func TestKeyringFuture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keyring{vault: newMemory(), fail: (&said{}).note}
		k.refresh(t.Context())
		for _, day := range []int64{today() + 1, today() + 30_000, today() - 2, -1} {
			if _, ok := k.Day(day); ok {
				t.Errorf("a key for day %d, today is %d", day, today())
			}
		}
		k.wants(t, today())
	})
}

// While the secret cannot be read there are no keys; it is asked again after a
// minute, and told once for each time.
func TestKeyringNoSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, log := newMemory(), &said{}
		m.noGet = errors.New("AccessDeniedException: no")
		k := &keyring{vault: m, fail: log.note}
		for range 3 {
			for range 60 {
				k.refresh(t.Context())
				if _, ok := k.Cookie(); ok {
					t.Error("a key without a secret")
				}
				<-time.After(time.Second)
			}
			m.calls(t, 2, 0)
		}
		m.noGet = nil
		k.refresh(t.Context())
		m.calls(t, 1, 1)
		k.wants(t, today())
		if len(*log) != 3 {
			t.Errorf("logged %q", *log)
		}
		m.noGet = errors.New("down")
		<-time.After(24 * time.Hour)
		k.refresh(t.Context())
		m.calls(t, 1, 0)
		k.wants(t, today()) // goes on in memory
		if len(*log) != 4 {
			t.Errorf("logged %q", *log)
		}
	})
}

// A secret that cannot be written costs no key, and is written later.
func TestKeyringNotWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, log := newMemory(), &said{}
		m.noPut = errors.New("InternalServiceError: no")
		k := &keyring{vault: m, fail: log.note}
		for range 60 {
			k.refresh(t.Context())
			k.wants(t, today())
			<-time.After(time.Second)
		}
		m.calls(t, 1, 1)
		m.noPut = nil
		k.refresh(t.Context())
		m.calls(t, 1, 1)
		if m.day(t) != today() || len(*log) != 1 {
			t.Errorf("stored day %d, logged %q", m.day(t), *log)
		}
	})
}

// What is no ring is no key, and is not shown.
func TestKeyringDamaged(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"", "{}", "plain-secret-text", `{"day":9,"key":"planted"}`} {
		f := newSpecFunction(&fake{}, spec.Spec{Privacy: spec.Privacy{User: spec.Hash}}, &memory{state: state})
		f.invoke(t, event2("GET", "/p.gif", `,"rawQueryString":"uid=bob"`)).isImage(t)
		if _, ok := f.keys.Cookie(); ok || len(f.logged(t)) != 1 {
			t.Errorf("%q: %v, log %s", state, ok, f.log)
		}
		if strings.Contains(f.log.String(), "plain") || strings.Contains(f.log.String(), "planted") {
			t.Errorf("the log shows the secret: %s", f.log)
		}
	}
}

// A secret that does not answer costs a visitor two attempts of 800 ms, once a
// minute.
func TestKeyringSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		f := newSpecFunction(&fake{}, spec.Spec{Privacy: spec.Privacy{User: spec.Hash}}, slowly{m})
		m.slow = true
		for _, want := range []time.Duration{1600 * time.Millisecond, 0, 0} {
			start := time.Now()
			f.invoke(t, event2("GET", "/p.gif", "")).isImage(t)
			if got := time.Since(start); got != want {
				t.Errorf("answered after %v, want %v", got, want)
			}
		}
		if len(f.logged(t)) != 1 {
			t.Errorf("log %s", f.log)
		}
	})
}

// slowly bounds the calls of a vault as secret does.
type slowly struct{ vault }

func (s slowly) get(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, maxAttempt)
	defer cancel()
	return s.vault.get(ctx)
}

// The calls as they go over the wire: signed with the role's credentials for
// Secrets Manager, with a version's id that follows from the state.
func TestSecretWire(t *testing.T) {
	t.Parallel()
	type asked struct {
		SecretID           string `json:"SecretId"`
		VersionStage       string
		ClientRequestToken string
		SecretString       string
	}
	var got []asked
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in asked
		dec := json.NewDecoder(r.Body)
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			t.Error(err)
		}
		got = append(got, in)
		op := []string{"GetSecretValue", "PutSecretValue", "PutSecretValue", "PutSecretValue", "GetSecretValue", "GetSecretValue"}[len(got)-1]
		if r.Header.Get("X-Amz-Target") != "secretsmanager."+op || r.Header.Get("Content-Type") != "application/x-amz-json-1.1" ||
			r.Header.Get("X-Amz-Security-Token") != "token" || !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/secretsmanager/aws4_request") {
			t.Errorf("call %d: %v", len(got), r.Header)
		}
		switch len(got) {
		case 1:
			_, _ = w.Write([]byte(`{"ARN":"arn","SecretString":` + quote(seedState) + `,"VersionStages":["AWSCURRENT"]}`))
		case 5:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type":"AccessDeniedException","Message":"User: arn is not authorized"}`))
		case 6:
			_, _ = w.Write([]byte(`plain-secret-text`))
		default:
			_, _ = w.Write([]byte(`{"ARN":"arn"}`))
		}
	}))
	defer srv.Close()
	env := map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_ENDPOINT_URL": "http://nowhere.invalid", "AWS_ENDPOINT_URL_SECRETS_MANAGER": srv.URL, "PIXELCTL_SECRET": "arn:secret",
	}
	s := newSecret(func(name string) string { return env[name] })
	if state, err := s.get(t.Context()); err != nil || string(state) != seedState {
		t.Fatalf("%s, %v", state, err)
	}
	for _, state := range []string{`{"a":"1"}`, `{"a":"1"}`, `{"a":"2"}`} {
		if err := s.put(t.Context(), []byte(state)); err != nil {
			t.Fatal(err)
		}
	}
	if got[0] != (asked{SecretID: "arn:secret", VersionStage: "AWSCURRENT"}) || got[1].SecretString != `{"a":"1"}` ||
		got[1] != got[2] || got[2].ClientRequestToken == got[3].ClientRequestToken || len(got[1].ClientRequestToken) != 64 {
		t.Errorf("asked %+v", got)
	}
	if _, err := s.get(t.Context()); err == nil || !strings.Contains(err.Error(), "GetSecretValue: AccessDeniedException: User: arn is not authorized") {
		t.Errorf("got %v", err)
	}
	if _, err := s.get(t.Context()); err == nil || strings.Contains(err.Error(), "plain") {
		t.Errorf("got %v", err)
	}
}

// A function that needs a secret and was given none answers, and says so.
func TestSecretUnset(t *testing.T) {
	t.Parallel()
	s := newSecret(func(string) string { return "" })
	if _, err := s.get(t.Context()); !errors.Is(err, errNoSecret) {
		t.Errorf("got %v", err)
	}
}

// The code of an error stands in the header or the body, with or without a
// namespace; a proxy's page has none.
func TestRefusal(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range []struct{ header, body string }{
		{"", `{"__type":"ServiceUnavailableException","message":"slow"}`},
		{"", `{"__type":"com.amazonaws.firehose#LimitExceededException","Message":"much"}`},
		{"AccessDeniedException:http://internal.amazon.com/x", `{"message":"no"}`},
		{"", `<html>personal</html>`},
		{"", ``},
	} {
		resp := &http.Response{Status: "503 Service Unavailable", Header: http.Header{}}
		resp.Header.Set("X-Amzn-Errortype", c.header)
		got = append(got, refusal(resp, []byte(c.body)).Error())
	}
	if want := []string{
		"ServiceUnavailableException: slow", "LimitExceededException: much", "AccessDeniedException: no",
		"HTTP: 503 Service Unavailable", "HTTP: 503 Service Unavailable",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
