package main_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestReadmeFirstArticle runs the shell blocks of the README's section, in order and in one shell, against a fresh
// server at the address that they use.
func TestReadmeFirstArticle(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(readme), "\n## Your first article\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := shellBlock.FindAllStringSubmatch(section, -1)
	if !found || len(blocks) == 0 {
		t.Fatal("the README has no shell blocks under Your first article")
	}
	const address = "http://127.0.0.1:8080"
	var script strings.Builder
	for _, b := range blocks {
		script.WriteString(b[1])
	}
	if !strings.Contains(script.String(), address) {
		t.Fatalf("the blocks do not use %s", address)
	}
	for _, setting := range []string{"NASHR_ADMIN_EMAIL=" + adminEmail, "NASHR_ADMIN_PASSWORD=" + adminPassword} {
		if !strings.Contains(section, setting) {
			t.Errorf("the section does not start the server with %s", setting)
		}
	}
	s := serve(t)
	out, stderr, err := shell(t, strings.ReplaceAll(script.String(), address, s.url))
	if err != nil || stderr != "" {
		t.Errorf("%v: %s\n%s", err, stderr, out)
	}
	if !strings.Contains(string(out), "Night buses are back") {
		t.Errorf("readers have not got the article: %s", out)
	}
	s.stop(t)
}
