package control

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// NewToken returns 128 random bits as hex.
func NewToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// Handler answers a Client that knows token.
func Handler(s Server, token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pathState, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, s.State(), nil)
	})
	mux.HandleFunc("POST "+pathFlush, func(w http.ResponseWriter, r *http.Request) {
		result, err := s.Flush(r.Context())
		reply(w, result, err)
	})
	mux.HandleFunc("POST "+pathBuffer, func(w http.ResponseWriter, r *http.Request) {
		var b bufferRequest
		if err := json.NewDecoder(io.LimitReader(r.Body, maxMessage)).Decode(&b); err != nil {
			reply(w, nil, fmt.Errorf("decode buffer request: %w", err))
			return
		}
		reply(w, struct{}{}, s.SetBuffer(r.Context(), time.Duration(b.Seconds)*time.Second))
	})
	mux.HandleFunc("POST "+pathRecord, func(w http.ResponseWriter, r *http.Request) {
		var records Records
		if err := json.NewDecoder(io.LimitReader(r.Body, maxMessage)).Decode(&records); err != nil {
			reply(w, nil, fmt.Errorf("decode records request: %w", err))
			return
		}
		reply(w, struct{}{}, s.SetRecords(r.Context(), records))
	})
	mux.HandleFunc("POST "+pathStop, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, struct{}{}, nil)
		s.Stop()
	})
	return guard(mux, token)
}

func guard(next http.Handler, token string) http.Handler {
	want := []byte("Bearer " + token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func reply(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		v = failure{err.Error()}
	}
	_ = json.NewEncoder(w).Encode(v) // the asker is gone: nobody to tell
}
