package trino_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/trino"
)

// server is a Trino that answers each statement with the pages of a script.
type server struct {
	*testing.T
	url   string
	pages map[string][]string // JSON by statement, without the braces and nextUri
	lock  sync.Mutex
	seen  []string // METHOD statement, or METHOD path
	heads []http.Header
	busy  int // answers of 503 to come
	held  chan struct{}
}

func start(t *testing.T, pages map[string][]string) (*server, *trino.Client) {
	s := &server{T: t, pages: pages}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.url = web.URL
	return s, &trino.Client{URL: web.URL, User: "tester", Catalog: "athena", HTTP: web.Client()}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.Error(err)
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	s.heads = append(s.heads, r.Header)
	if s.busy > 0 {
		s.busy--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	switch r.Method {
	case http.MethodPost:
		s.seen = append(s.seen, string(body))
		s.page(w, string(body), 0)
	case http.MethodDelete:
		s.seen = append(s.seen, "DELETE")
		w.WriteHeader(http.StatusNoContent)
	default:
		if s.held != nil {
			close(s.held)
			<-r.Context().Done()
			return
		}
		var sql string
		var n int
		if err := json.Unmarshal([]byte(r.URL.Query().Get("sql")), &sql); err != nil {
			s.Error(err)
		}
		if _, err := fmt.Sscan(r.URL.Query().Get("n"), &n); err != nil {
			s.Error(err)
		}
		s.page(w, sql, n)
	}
}

func (s *server) page(w http.ResponseWriter, sql string, n int) {
	list, ok := s.pages[sql]
	if !ok {
		s.Errorf("no script for %q", sql)
		list = []string{`"error":{"errorName":"NO_SCRIPT"}`}
	}
	out := "{" + list[n]
	if n+1 < len(list) {
		quoted, err := json.Marshal(sql)
		if err != nil {
			s.Error(err)
		}
		q := url.Values{"sql": {string(quoted)}, "n": {strconv.Itoa(n + 1)}}
		if list[n] != "" {
			out += ","
		}
		out += `"nextUri":"` + s.url + "/next?" + q.Encode() + `"`
	}
	if _, err := io.WriteString(w, out+"}"); err != nil {
		s.Error(err)
	}
}

// keys is a store that lists only.
type keys struct {
	athena.Store
	list []string
}

func (k keys) List(context.Context, string, string) ([]string, error) { return k.list, nil }

func texts(r athena.Result) string {
	var rows []string
	for _, values := range r.Rows {
		var cells []string
		for _, v := range values {
			if v == nil {
				cells = append(cells, "<nil>")
				continue
			}
			cells = append(cells, *v)
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return strings.Join(rows, "\n")
}
