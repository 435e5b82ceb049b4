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

	"github.com/aws/aws-sdk-go-v2/service/firehose"
)

// Each case tells which records each call refuses; the lines of the calls and
// what is left at the end follow from it.
func TestPut(t *testing.T) {
	t.Parallel()
	lines := [][]byte{[]byte("a\n"), []byte("b\n"), []byte("c\n")}
	for _, c := range []struct {
		name   string
		lines  int
		refuse func(int, []string) ([]int, error)
		calls  []string
		left   []int
	}{
		{"at once", 1, nil, []string{"a"}, nil},
		{"batch at once", 3, nil, []string{"batch abc"}, nil},
		{"second time", 1, failFirst, []string{"a", "a"}, nil},
		{"never", 1, down, []string{"a", "a"}, []int{0}},
		{"batch, second time", 3, failFirst, []string{"batch abc", "batch abc"}, nil},
		{"batch, never", 3, down, []string{"batch abc", "batch abc"}, []int{0, 1, 2}},
		{"some refused once", 3, inTurn([]int{0, 2}, []int{}), []string{"batch abc", "batch ac"}, nil},
		{"one refused once", 3, inTurn([]int{1}, []int{}), []string{"batch abc", "b"}, nil},
		{"one refused twice", 3, refuseLine("b\n"), []string{"batch abc", "b"}, []int{1}},
		{"some refused, then others", 3, inTurn([]int{0, 2}, []int{1}), []string{"batch abc", "batch ac"}, []int{2}},
		{"some refused, then down", 3, inTurn([]int{0, 2}, nil), []string{"batch abc", "batch ac"}, []int{0, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{refuse: c.refuse}
			left, err := (&stream{firehose: f, name: "hits"}).put(t.Context(), lines[:c.lines])
			if !slices.Equal(left, c.left) || (err != nil) != (len(c.left) > 0) {
				t.Errorf("left %v (%v), want %v", left, err, c.left)
			}
			var calls []string
			for _, k := range f.calls {
				text := strings.ReplaceAll(strings.Join(k.lines, ""), "\n", "")
				if k.batch {
					text = "batch " + text
				}
				calls = append(calls, text)
			}
			if !slices.Equal(calls, c.calls) {
				t.Errorf("calls %q, want %q", calls, c.calls)
			}
		})
	}
}

// failFirst loses the connection once.
func failFirst(call int, _ []string) ([]int, error) {
	if call == 1 {
		return nil, errors.New("reset")
	}
	return nil, nil
}

// inTurn gives the refused records of each call; nil fails the call.
func inTurn(refused ...[]int) func(int, []string) ([]int, error) {
	return func(call int, _ []string) ([]int, error) {
		if refused[call-1] == nil {
			return nil, errors.New("reset")
		}
		return refused[call-1], nil
	}
}

func refuseLine(line string) func(int, []string) ([]int, error) {
	return func(_ int, lines []string) ([]int, error) {
		if i := slices.Index(lines, line); i >= 0 {
			return []int{i}, nil
		}
		return nil, nil
	}
}

// A stream that never answers costs a visitor two attempts of 800 ms, and one
// whose function runs out of time no more than that.
func TestPutSlow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		limit time.Duration
		want  time.Duration
	}{
		{"both attempts", time.Minute, 1600 * time.Millisecond},
		{"the function's own end", time.Second, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.limit)
				defer cancel()
				f := newTestFunction(&fake{slow: true})
				start := time.Now()
				raw, err := f.Invoke(ctx, []byte(event2("GET", "/p.gif", "")))
				if err != nil {
					t.Fatal(err)
				}
				if got := time.Since(start); got != c.want {
					t.Errorf("answered after %v, want %v", got, c.want)
				}
				a := readAnswer(t, raw)
				a.isImage(t)
				if a.status() != "dropped; reason=stream" || len(f.fake.calls) != 2 || len(f.logged(t)) != 1 {
					t.Errorf("%q after %d calls, log %s", a.status(), len(f.fake.calls), f.log)
				}
			})
		})
	}
}

// The calls as they go over the wire: signed with the role's credentials, in
// the protocol's form, and not repeated by the SDK.
func TestStreamWire(t *testing.T) {
	t.Parallel()
	var got []*http.Request
	var bodies []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			DeliveryStreamName string
			Record             struct{ Data []byte }
			Records            []struct{ Data []byte }
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		text := body.DeliveryStreamName + ":" + string(body.Record.Data)
		for _, e := range body.Records {
			text += string(e.Data)
		}
		got, bodies = append(got, r), append(bodies, text)
		switch len(got) {
		case 1:
			http.Error(w, `{"__type":"ServiceUnavailableException","message":"slow down"}`, http.StatusServiceUnavailable)
		case 3:
			_, _ = w.Write([]byte(`{"FailedPutCount":1,"RequestResponses":[{"RecordId":"1"},{"ErrorCode":"ServiceUnavailableException","ErrorMessage":"slow down"}]}`))
		default:
			_, _ = w.Write([]byte(`{"RecordId":"1"}`))
		}
	}))
	defer srv.Close()
	env := map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "token", "AWS_ENDPOINT_URL": srv.URL, "PIXELCTL_STREAM": "hits",
	}
	s := newStream(func(name string) string { return env[name] })
	for _, lines := range [][][]byte{{[]byte("a\n")}, {[]byte("b\n"), []byte("c\n")}} {
		if left, err := s.put(t.Context(), lines); err != nil || len(left) > 0 {
			t.Fatalf("left %v: %v", left, err)
		}
	}
	if want := []string{"hits:a\n", "hits:a\n", "hits:b\nc\n", "hits:c\n"}; !slices.Equal(bodies, want) {
		t.Errorf("sent %q, want %q", bodies, want)
	}
	for i, op := range []string{"PutRecord", "PutRecord", "PutRecordBatch", "PutRecord"} {
		h := got[i].Header
		if h.Get("X-Amz-Target") != "Firehose_20150804."+op || h.Get("X-Amz-Security-Token") != "token" ||
			!strings.Contains(h.Get("Authorization"), "/eu-west-1/firehose/aws4_request") {
			t.Errorf("call %d: %v", i, h)
		}
	}
}

// Without the variables every hit is dropped and said, and none is broken.
func TestStreamBareEnvironment(t *testing.T) {
	t.Parallel()
	f := newTestFunction(&fake{})
	f.stream = newStream(func(string) string { return "" })
	a := f.invoke(t, event2("GET", "/p.gif", ""))
	a.isImage(t)
	if a.status() != "dropped; reason=stream" || len(f.logged(t)) != 1 {
		t.Errorf("%q, log %s", a.status(), f.log)
	}
}

// An address of the service's own goes before the one for all services, and the
// region's comes last.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ own, all, region, want string }{
		{"", "", "eu-west-1", "https://firehose.eu-west-1.amazonaws.com/"},
		{"", "http://all", "eu-west-1", "http://all"},
		{"http://own", "http://all", "eu-west-1", "http://own"},
		{"", "", "us-gov-west-1", "https://firehose.us-gov-west-1.amazonaws.com/"},
	} {
		env := map[string]string{"OWN": c.own, "AWS_ENDPOINT_URL": c.all}
		if got := endpoint("firehose", c.region, "OWN", func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%+v gives %q", c, got)
		}
	}
}

// The regions of every partition lead where the SDK's client goes.
func TestEndpointRegions(t *testing.T) {
	t.Parallel()
	for _, region := range []string{
		"us-east-1", "eu-west-1", "ap-southeast-7", "il-central-1", "mx-central-1", "cn-north-1", "cn-northwest-1",
		"us-gov-east-1", "us-iso-east-1", "us-isob-east-1", "us-isof-south-1", "eu-isoe-west-1", "eusc-de-east-1",
	} {
		want, err := firehose.NewDefaultEndpointResolverV2().ResolveEndpoint(t.Context(), firehose.EndpointParameters{Region: &region})
		if err != nil {
			t.Fatal(err)
		}
		got := endpoint("firehose", region, "", func(string) string { return "" })
		if strings.TrimSuffix(got, "/") != want.URI.String() {
			t.Errorf("%s: %s, want %s", region, got, want.URI.String())
		}
	}
}
