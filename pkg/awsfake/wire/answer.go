package wire

import (
	"net/http"
	"strconv"
)

// WriteBody sends status and body. A client that is gone is not told.
func WriteBody(w http.ResponseWriter, status int, body []byte) {
	if len(body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
