package awsfake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"pixelctl/pkg/awsfake/compute"
	"pixelctl/pkg/awsfake/wire"
)

// maxForm is how much of a request is read whole; bodies of S3 are not.
const maxForm = 16 << 20

// dataPlaneName is what calls and faults name the data plane of APIs.
const dataPlaneName = "execute-api"

// ServeHTTP answers one request, to a service or to an API's data plane.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := fmt.Sprintf("00000000-0000-4000-8000-%012x", f.requests.Add(1))
	w.Header().Set("X-Amzn-Requestid", id)
	key, scope := signer(r)
	s, ok := f.services[scope]
	if ended, dead := f.dead.Load(key); dead {
		f.refuse(w, ended)
		return
	}
	if api, path, data := dataPlane(r); data {
		scope, ok = dataPlaneName, true
		s = f.dataPlane(api, path)
	}
	if !ok {
		awsJSON.fail(w, r, id, wire.Error{Code: "MissingAuthenticationToken", Message: "No service " + scope + " is signed for", Status: 403})
		return
	}
	if s.protocol == restXML {
		w.Header().Set("X-Amz-Request-Id", id)
	}
	f.serve(w, r, s, call{id: id, key: key, service: scope})
}

// call is a request on its way.
type call struct {
	id, key, service string
	parsed
}

func (f *Fake) serve(w http.ResponseWriter, r *http.Request, s *service, c call) {
	var body []byte
	if s.protocol != restXML && s.protocol != plain {
		var err error
		if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm)); err != nil {
			return // the client is gone, or sends more than any operation takes
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	var wrong error
	c.parsed, wrong = s.parse(r, body)
	f.calls.add(Call{Service: c.service, Operation: c.operation})
	if c.key == "EXPIRED" {
		wrong = s.protocol.expired()
	}
	if wrong != nil {
		s.protocol.fail(w, r, c.id, wrong)
		return
	}
	run := func(w http.ResponseWriter) {
		if s.handler != nil {
			s.handler.ServeHTTP(w, r)
		} else if err := s.answer(r.Context(), w, c.id, c.parsed); err != nil {
			s.protocol.fail(w, r, c.id, err)
		}
	}
	a := attempt{service: c.service, operation: c.operation, target: r.URL.RequestURI(), signed: c.service != dataPlaneName}
	if fault := f.faults.match(a); fault != nil {
		if fault.Kill != nil {
			fault = f.killing(c.key, *fault)
		}
		f.strike(w, r, s, c.id, fault, run)
		return
	}
	run(w)
}

// killing has no other call of the process take effect from now on. It is dead
// when Kill has returned.
func (f *Fake) killing(key string, fault Fault) *Fault {
	kill, ended := fault.Kill, make(chan struct{})
	f.dead.Store(key, ended)
	fault.Kill = func() {
		kill()
		close(ended)
	}
	return &fault
}

// refuse resets a call of a process that is killed, but not before it is: the
// error would be what it ends with.
func (f *Fake) refuse(w http.ResponseWriter, ended any) {
	if c, ok := ended.(chan struct{}); ok {
		select {
		case <-c:
		case <-f.done:
		}
	}
	reset(w)
}

// strike makes a call go wrong.
func (f *Fake) strike(w http.ResponseWriter, r *http.Request, s *service, id string, fault *Fault, run func(http.ResponseWriter)) {
	err, answers := fault.error()
	if fault.Code == Skew {
		err = s.protocol.skewed()
	}
	recorder := httptest.NewRecorder()
	if fault.After || fault.Truncate {
		run(recorder)
	}
	if fault.Kill != nil {
		fault.Kill()
		reset(w)
		return
	}
	if fault.Delay == Hang {
		f.hang(r)
		reset(w)
		return
	}
	f.clock.Advance(fault.Delay)
	switch {
	case fault.Truncate:
		truncate(w, recorder)
	case fault.Reset, fault.After && !answers:
		reset(w)
	case answers:
		s.protocol.fail(w, r, id, err)
	default:
		run(w)
	}
}

// hang waits until the client hangs up or the test ends.
func (f *Fake) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-f.done:
	}
}

// reset ends the connection so that the client sees a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	var tcp *net.TCPConn
	if c, ok := conn.(*net.TCPConn); ok {
		tcp = c
		err = tcp.SetLinger(0)
	}
	_ = errors.Join(err, conn.Close()) // it shall end either way
}

// truncate announces the whole answer and sends half of it.
func truncate(w http.ResponseWriter, whole *httptest.ResponseRecorder) {
	conn, out, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	body := whole.Body.Bytes()
	head := whole.Header().Clone()
	head.Set("Content-Length", fmt.Sprint(max(len(body), 1)))
	_, err = fmt.Fprintf(out, "HTTP/1.1 %d %s\r\n", whole.Code, http.StatusText(whole.Code))
	err = errors.Join(err, head.Write(out))
	_, werr := out.WriteString("\r\n" + string(body[:len(body)/2]))
	_ = errors.Join(err, werr, out.Flush(), conn.Close()) // it shall end early either way
}

// signer gives the access key and the service of the SigV4 credential scope, in
// a header or a presigned query: key/date/region/service/aws4_request.
func signer(r *http.Request) (key, scope string) {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, rest, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(rest, ",")
	}
	if plainText, err := url.PathUnescape(credential); err == nil {
		credential = plainText
	}
	parts := strings.Split(credential, "/")
	if len(parts) < 5 {
		return "", ""
	}
	return parts[0], parts[len(parts)-2]
}

// dataPlane tells a request to an API by its host or its path.
func dataPlane(r *http.Request) (api, path string, ok bool) {
	if api, path, ok = compute.SplitPath(r); ok {
		return api, path, true
	}
	api, ok = compute.IDOf(r.Host)
	return api, r.URL.EscapedPath(), ok
}

func (f *Fake) dataPlane(api, path string) *service {
	return &service{
		protocol: plain,
		name:     func(*http.Request) string { return "Invoke" },
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f.Gateway.Serve(w, r, api, path)
		}),
	}
}
