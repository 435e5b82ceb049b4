package cloudformation

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"pixelctl/pkg/awsfake/wire"
)

// maxRequest bounds a request: a template of 51,200 bytes, escaped, and room.
const maxRequest = 1 << 20

// form is a request of the query protocol.
type form struct {
	values url.Values
}

func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if err := r.ParseForm(); err != nil {
		return form{}, wire.Error{Code: "MalformedQueryString", Message: err.Error()}
	}
	return form{r.Form}, nil
}

func operationName(body []byte) string {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	return values.Get("Action")
}

func (f form) get(key string) string { return f.values.Get(key) }

func (f form) has(key string) bool { return f.values.Has(key) }

func (f form) is(key string) bool { return f.get(key) == "true" }

// list reads key.member.1, key.member.2 and so on.
func (f form) list(key string) []string {
	var out []string
	for i := 1; f.has(member(key, i)); i++ {
		out = append(out, f.get(member(key, i)))
	}
	return out
}

// tags reads the Tags of a request.
func (f form) tags() map[string]string {
	out := map[string]string{}
	for i := 1; f.has(member("Tags", i) + ".Key"); i++ {
		out[f.get(member("Tags", i)+".Key")] = f.get(member("Tags", i) + ".Value")
	}
	return out
}

// given is one parameter of a request.
type given struct {
	key, value string
	previous   bool
}

func (f form) parameters() []given {
	var out []given
	for i := 1; f.has(member("Parameters", i) + ".ParameterKey"); i++ {
		at := member("Parameters", i)
		out = append(out, given{f.get(at + ".ParameterKey"), f.get(at + ".ParameterValue"), f.is(at + ".UsePreviousValue")})
	}
	return out
}

func member(key string, i int) string { return key + ".member." + strconv.Itoa(i) }

// invalid is AWS's answer to what it cannot do.
func invalid(format string, args ...any) error {
	return wire.Error{Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

// page cuts items to the page that the request's NextToken names and gives the
// token of the next one.
func page[T any](f form, size int, items []T) ([]T, string, error) {
	start := 0
	if token := f.get("NextToken"); token != "" {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 || n > len(items) {
			return nil, "", invalid("Invalid NextToken")
		}
		start = n
	}
	end := min(start+size, len(items))
	if end == len(items) {
		return items[start:], "", nil
	}
	return items[start:end], strconv.Itoa(end), nil
}
