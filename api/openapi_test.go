package api_test

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/content"
	"github.com/pb33f/libopenapi/datamodel"

	"github.com/nashr-cms/nashr/api"
	"github.com/nashr-cms/nashr/docs"
)

// document is the OpenAPI document that every answer is held against.
var document = sync.OnceValue(func() validator.Validator {
	settings := datamodel.NewDocumentConfiguration()
	settings.IgnoreArrayCircularReferences = true // sections hold sections
	doc, err := libopenapi.NewDocumentWithConfiguration(docs.OpenAPIJSON, settings)
	if err != nil {
		panic(err)
	}
	asText := config.WithBodyDecoder("application/xml", content.TextDecoder()) // which the document says nothing of
	v, errs := validator.NewValidator(doc, config.WithFormatAssertions(), config.WithStandardBodyDecoders(), asText)
	if len(errs) > 0 {
		panic(errs[0])
	}
	return v
})

var documentMutex sync.Mutex

func checkAgainstDocument(t *testing.T, r *http.Request, a answer) {
	t.Helper()
	documentMutex.Lock()
	defer documentMutex.Unlock()
	response := &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.raw)), Request: r}
	ok, errs := document().ValidateHttpResponse(r, response)
	if ok {
		return
	}
	for _, e := range errs {
		t.Errorf("%s %s gave %d, which is not in the document: %s: %s", r.Method, r.URL, a.status, e.Message, e.Reason)
		for _, s := range e.SchemaValidationErrors {
			t.Errorf("  %s: %s", s.FieldPath, s.Reason)
		}
	}
	t.Logf("%s", a.raw)
}

// change makes the server anew with other options.
func (s *server) change(change func(*api.Options)) {
	options := s.options
	change(&options)
	s.handler = api.New(options)
}

func TestTheDocumentAndTheRoutesAreOne(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Summary     string
			Tags        []string
			Security    []map[string]any
		}
	}
	must(t, json.Unmarshal(docs.OpenAPIJSON, &doc))
	parameter := regexp.MustCompile(`:(\w+)`)
	inTable, ids := map[string]bool{"GET /docs/{file}": true}, map[string]string{}
	for _, r := range api.Routes() {
		path := parameter.ReplaceAllString(r.Path, "{$1}")
		inTable[r.Method+" "+path] = true
		if path == "/docs/{file}" { // a part of the page
			continue
		}
		op, ok := doc.Paths[path][strings.ToLower(r.Method)]
		switch {
		case !ok:
			t.Errorf("%s %s is not in the document", r.Method, path)
		case op.OperationID == "" || op.Summary == "" || len(op.Tags) != 1:
			t.Errorf("%s %s has id %q, summary %q, tags %v", r.Method, path, op.OperationID, op.Summary, op.Tags)
		case ids[op.OperationID] != "":
			t.Errorf("%s and %s have the same id", path, ids[op.OperationID])
		case (len(op.Security) > 0) != (r.Least != ""):
			t.Errorf("%s %s says %v of security", r.Method, path, op.Security)
		}
		ids[op.OperationID] = path
	}
	for path, operations := range doc.Paths {
		for method := range operations {
			if method != "parameters" && !inTable[strings.ToUpper(method)+" "+path] {
				t.Errorf("%s %s is in the document only", method, path)
			}
		}
	}
}

func TestTheDocumentationWorksOffline(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for path, want := range map[string][]byte{"/openapi.json": docs.OpenAPIJSON, "/openapi.yaml": docs.OpenAPIYAML} {
			a := s.do(t, call{path: path})
			if a.raw != string(want) || !strings.HasPrefix(a.header.Get("Content-Type"), "application/"+path[len("/openapi."):]) {
				t.Errorf("%s is another document, of type %s", path, a.header.Get("Content-Type"))
			}
			if head := s.do(t, call{method: "HEAD", path: path}); head.header.Get("Content-Length") == "" {
				t.Errorf("HEAD %s: %v", path, head.header)
			}
		}
		page := s.do(t, call{path: "/docs"})
		policy := page.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "http") || strings.Contains(policy, "script-src 'self' 'unsafe") {
			t.Errorf("the policy is %s", policy)
		}
		links := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page.raw, -1)
		if len(links) < 3 {
			t.Fatalf("the page is %s", page.raw)
		}
		for _, link := range links {
			if strings.Contains(link[1], "//") || strings.HasPrefix(link[1], "data:") {
				t.Errorf("the page loads %s", link[1])
				continue
			}
			path := link[1]
			if !strings.HasPrefix(path, "/") {
				path = "/docs/" + strings.TrimPrefix(path, "./")
			}
			if a := s.do(t, call{path: path, foreign: true}); a.raw == "" || a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %v", path, a.header)
			}
		}
		must(t, fs.WalkDir(docs.UI(), ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				s.do(t, call{path: "/docs/" + path, foreign: true, status: uiStatus(path)})
			}
			return err
		}))
	})
}

// uiStatus is 404 for files beside the page that no browser needs.
func uiStatus(path string) int {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "html", "css", "js", "png", "txt":
		return 200
	}
	return 404
}

func TestOtherOrigins(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		const mine, foreign = "https://desk.example", "https://evil.example"
		allowed := func(method, path, origin, asks string) (string, http.Header) {
			r := s.request(t, call{method: method, path: path, header: map[string]string{"Origin": origin, "Access-Control-Request-Method": asks}})
			h := s.send(t, r).header
			if h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s: credentials are allowed", method, path)
			}
			return h.Get("Access-Control-Allow-Origin"), h
		}
		check := func(path, origin, want string) {
			t.Helper()
			if got, _ := allowed("GET", path, origin, ""); got != want {
				t.Errorf("GET %s from %s: %q, want %q", path, origin, got, want)
			}
			if got, _ := allowed("OPTIONS", path, origin, "GET"); got != want {
				t.Errorf("OPTIONS %s from %s: %q, want %q", path, origin, got, want)
			}
		}
		for _, path := range []string{"/v1/content/articles", "/v1/content/articles/none", "/openapi.json", "/.well-known/jwks.json"} {
			check(path, foreign, "*")
		}
		for _, path := range []string{"/v1/manage/articles", "/v1/auth/me", "/v1/manage/nothing"} {
			check(path, foreign, "")
		}
		if _, h := allowed("OPTIONS", "/v1/content/articles", foreign, "PATCH"); strings.Contains(h.Get("Access-Control-Allow-Methods"), "PATCH") {
			t.Errorf("readers may %s", h.Get("Access-Control-Allow-Methods"))
		}
		s.change(func(o *api.Options) { o.CORSOrigins = []string{mine} })
		for _, path := range []string{"/v1/content/articles", "/v1/manage/articles", "/v1/auth/me"} {
			check(path, mine, mine)
			check(path, foreign, "")
		}
		_, h := allowed("OPTIONS", "/v1/manage/articles/x", mine, "PATCH")
		for header, part := range map[string]string{"Access-Control-Allow-Methods": "PATCH", "Access-Control-Allow-Headers": "If-Match,If-None-Match,Idempotency-Key", "Vary": "Origin"} {
			if !strings.Contains(strings.Join(h.Values(header), ","), part) {
				t.Errorf("%s is %v", header, h.Values(header))
			}
		}
		s.change(func(o *api.Options) { o.CORSOrigins = []string{} })
		check("/v1/content/articles", foreign, "*")
		check("/v1/manage/articles", foreign, "")
	})
}

func TestRequestIDs(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		for id, kept := range map[string]bool{
			"abc-123_X.y": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "": false, "a b": false, "a\"b": false, "<x>": false, "ё": false, "a\tb": false,
		} {
			for _, path := range []string{"/healthz", "/nothing", "/v1/manage/site"} {
				r := s.request(t, call{path: path})
				r.Header.Set("X-Request-Id", id)
				got := s.send(t, r).header.Values("X-Request-Id")
				if len(got) != 1 || (got[0] == id) != kept || !kept && len(got[0]) != 36 {
					t.Errorf("%s: %q became %q", path, id, got)
				}
			}
		}
	})
}

func TestWhoseForwardedForIsBelieved(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		address := func(from, forwarded string) string {
			r := s.request(t, call{method: "POST", path: "/v1/auth/login", body: object{"email": s.users[author].Email, "password": password}})
			r.RemoteAddr = from + ":1234"
			if forwarded != "" {
				r.Header.Set("X-Forwarded-For", forwarded)
			}
			r.Header.Set("X-Real-Ip", "198.51.100.66")
			token := s.send(t, r).text("data.access_token")
			id := s.me(t, token, 200).text("data.session_id")
			a := s.do(t, call{path: "/v1/auth/sessions?limit=100", header: map[string]string{"Authorization": "Bearer " + token}})
			for _, session := range a.at("data").([]any) {
				if session.(object)["id"] == id {
					return session.(object)["address"].(string)
				}
			}
			return "none"
		}
		check := func(from, forwarded, want string) {
			t.Helper()
			if got := address(from, forwarded); got != want {
				t.Errorf("%s, forwarded for %q: %s, want %s", from, forwarded, got, want)
			}
		}
		for _, from := range []string{"192.0.2.7", "127.0.0.1", "10.0.0.1"} {
			check(from, "203.0.113.9", from)
		}
		_, network, err := net.ParseCIDR("192.0.2.0/24")
		must(t, err)
		s.change(func(o *api.Options) { o.TrustedProxies = []*net.IPNet{network} })
		check("192.0.2.7", "203.0.113.9", "203.0.113.9")
		check("192.0.2.7", "1.2.3.4, 203.0.113.9", "203.0.113.9") // the first is what the client claims
		check("192.0.2.7", "203.0.113.9, 192.0.2.8", "203.0.113.9")
		check("192.0.2.7", "", "192.0.2.7")
		check("192.0.2.7", "nonsense", "192.0.2.7")
		check("198.51.100.1", "203.0.113.9", "198.51.100.1")
		check("127.0.0.1", "203.0.113.9", "127.0.0.1")
	})
}

func TestReadiness(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *server) {
		s.do(t, call{path: "/readyz"}).is("data.status", "ok")
		stopping, stop := context.WithCancel(t.Context())
		s.change(func(o *api.Options) { o.Stopping = stopping })
		s.do(t, call{path: "/readyz"})
		stop()
		s.do(t, call{path: "/readyz", status: 503, code: "unavailable"})
		s.do(t, call{path: "/healthz"})
		s.do(t, call{path: "/v1/content/articles"})
	})
}
