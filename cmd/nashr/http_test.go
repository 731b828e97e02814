package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// request is one call of the API. Without a method it is a GET, or a POST when there is a body.
type request struct {
	method, path, token string
	ifMatch, key        string // headers
	body                any    // sent as JSON
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (r request) send(tb testing.TB, url string) answer {
	tb.Helper()
	resp, err := r.try(tb, url)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return read(tb, resp)
}

// try is send for when nobody may be there to answer.
func (r request) try(tb testing.TB, url string) (*http.Response, error) {
	tb.Helper()
	var body io.Reader
	method := http.MethodGet
	if r.body != nil {
		raw, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body, method = bytes.NewReader(raw), http.MethodPost
	}
	if r.method != "" {
		method = r.method
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, url+r.path, body)
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if r.ifMatch != "" {
		req.Header.Set("If-Match", r.ifMatch)
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	return http.DefaultClient.Do(req)
}

func read(tb testing.TB, resp *http.Response) answer {
	tb.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, body}
}

// want ends the test unless the answer has that status.
func (a answer) want(tb testing.TB, status int) answer {
	tb.Helper()
	if a.status != status {
		tb.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// data decodes the data of an answer, or of a list all of it; a list that goes on ends the test.
func data[T any](tb testing.TB, a answer) T {
	tb.Helper()
	var out struct {
		Data  T
		Links struct{ Next *string }
	}
	if err := json.Unmarshal(a.body, &out); err != nil {
		tb.Fatalf("%v: %s", err, a.body)
	}
	if out.Links.Next != nil {
		tb.Fatalf("there is more of this list at %s", *out.Links.Next)
	}
	return out.Data
}

// signIn gives an access token.
func signIn(tb testing.TB, url, email, password string) string {
	tb.Helper()
	a := request{path: "/v1/auth/login", body: map[string]string{"email": email, "password": password}}.send(tb, url)
	tokens := data[struct {
		AccessToken string `json:"access_token"`
	}](tb, a.want(tb, http.StatusOK))
	return tokens.AccessToken
}

// get reads what is public.
func get[T any](tb testing.TB, url, path string) T {
	tb.Helper()
	return data[T](tb, request{path: path}.send(tb, url).want(tb, http.StatusOK))
}

// create makes something by a POST that answers 201, and gives where it is.
func create(tb testing.TB, url, path, token string, body any) string {
	tb.Helper()
	a := request{path: path, token: token, body: body}.send(tb, url).want(tb, http.StatusCreated)
	location := a.header.Get("Location")
	if !strings.HasPrefix(location, path+"/") {
		tb.Fatalf("POST %s: Location %q", path, location)
	}
	return location
}
