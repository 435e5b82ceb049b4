package athena

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"

	"pixelctl/pkg/awsfake/wire"
)

// maxRequest is how much of a request is read.
const maxRequest = 4 << 20

// ServeHTTP answers AWS JSON 1.1, so that a Server stands alone, without the
// rest of the AWS fake.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	out, err := s.call(r, name)
	status := http.StatusOK
	if err != nil {
		e := wire.AsError(err)
		status, out = e.Status, errorBody(err, e)
	}
	body, err := json.Marshal(out)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"__type":"InternalServerException"}`)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	wire.WriteBody(w, status, body)
}

func (s *Server) call(r *http.Request, name string) (any, error) {
	run, ok := s.Operations()[name]
	if !ok {
		return nil, wire.Error{Code: "UnknownOperationException", Message: "The fake has no operation " + name}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		return nil, wire.Error{Code: "SerializationException", Message: err.Error()}
	}
	return run(r.Context(), body)
}

func errorBody(err error, e wire.Error) map[string]string {
	out := map[string]string{"__type": e.Code, "Message": e.Message}
	var more interface{ Members() map[string]string }
	if errors.As(err, &more) {
		maps.Copy(out, more.Members())
	}
	return out
}
