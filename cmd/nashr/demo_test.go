package main_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	demoLogin = regexp.MustCompile(`(?m)^  (\S+@demo\.example) +(\w+)$`)
	demoCurl  = regexp.MustCompile(`(?m)^  (curl .*)$`)
)

func TestDemo(t *testing.T) {
	t.Parallel()
	temporary := t.TempDir()
	s := start(t, []string{"TMPDIR=" + temporary, "NASHR_LANGUAGES=en", "NASHR_ADMIN_EMAIL=left@over.example"}, "--demo")
	s.wait(t, s.stdout, regexp.MustCompile(`(?s)(curl .*\n\n)$`))
	welcome := s.stdout.String()
	t.Logf("the demo was ready after %v", s.took)
	if log := s.stderr.String(); strings.Contains(log, "there is no user yet") {
		t.Errorf("the demo complains: %s", log)
	}
	for _, path := range []string{"/v1/content/articles", "/docs"} {
		if !strings.Contains(welcome, " "+s.url+path+"\n") {
			t.Errorf("the welcome does not name %s: %s", s.url+path, welcome)
		}
	}
	t.Run("curl", func(t *testing.T) { checkDemoCurls(t, welcome) })
	t.Run("logins", func(t *testing.T) { checkDemoLogins(t, s, welcome) })
	t.Run("articles", func(t *testing.T) { checkDemoArticles(t, s) })
	t.Run("collections", func(t *testing.T) { checkDemoCollections(t, s) })
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 1 {
		t.Errorf("the demo's own folder: %v, %v", left, err)
	}
	s.stop(t)
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("the demo has left %v, %v", left, err)
	}
}

// checkDemoCurls runs the commands that the welcome prints, to the letter.
func checkDemoCurls(t *testing.T, welcome string) {
	t.Helper()
	commands := demoCurl.FindAllStringSubmatch(welcome, -1)
	want := []string{`"title":`, `"name":"Shahar"`, `"access_token":"ey`}
	if len(commands) != len(want) {
		t.Fatalf("the welcome has %d commands, want %d: %s", len(commands), len(want), welcome)
	}
	for i, c := range commands {
		out, stderr, err := shell(t, c[1])
		if err != nil || !json.Valid(out) || !strings.Contains(string(out), want[i]) {
			t.Errorf("%s\n%v: %s%s, want JSON with %s", c[1], err, out, stderr, want[i])
		}
	}
}

// shell runs a script of sh, which ends with the first command that fails.
func shell(t *testing.T, script string) (stdout []byte, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", script)
	cmd.Dir, cmd.Env = t.TempDir(), environment(t)
	var errors strings.Builder
	cmd.Stderr = &errors
	stdout, err = cmd.Output()
	return stdout, errors.String(), err
}

// checkDemoLogins signs in as each user that the welcome names, of whom there is one for each role.
func checkDemoLogins(t *testing.T, s *server, welcome string) {
	t.Helper()
	password := regexp.MustCompile(`with the password (\S+) as`).FindStringSubmatch(welcome)
	if password == nil {
		t.Fatalf("the welcome has no password: %s", welcome)
	}
	var roles []string
	for _, u := range demoLogin.FindAllStringSubmatch(welcome, -1) {
		token := signIn(t, s.url, u[1], password[1])
		me := data[struct{ Email, Role string }](t, request{path: "/v1/auth/me", token: token}.send(t, s.url).want(t, http.StatusOK))
		if me.Email != u[1] || me.Role != u[2] {
			t.Errorf("signed in as %+v, want %s, %s", me, u[1], u[2])
		}
		roles = append(roles, me.Role)
	}
	if want := []string{"admin", "editor", "author", "contributor"}; !slices.Equal(roles, want) {
		t.Errorf("logins %v, want %v", roles, want)
	}
}

// checkDemoArticles compares what readers see with what editors see: all that is live, in four languages, and nothing
// that is a draft, scheduled or expired, of which the demo has some.
func checkDemoArticles(t *testing.T, s *server) {
	t.Helper()
	type article struct {
		ID, Lang, Slug, Status string
		Killed                 *struct{ Reason string }
	}
	admin := signIn(t, s.url, "admin@demo.example", "stork-nest-on-the-mill")
	all := data[[]article](t, request{path: "/v1/manage/articles?limit=100", token: admin}.send(t, s.url).want(t, http.StatusOK))
	live := map[string]bool{}
	languages := map[string]int{}
	for _, a := range get[[]article](t, s.url, "/v1/content/articles?limit=100") {
		live[a.ID] = true
		languages[a.Lang]++
	}
	if len(live) < 30 || len(languages) != 4 {
		t.Errorf("%d live articles by language: %v, want 30 in four languages", len(live), languages)
	}
	stands := map[string]int{}
	for _, a := range all {
		stands[a.Status]++
		if live[a.ID] != (a.Status == "published") {
			t.Errorf("%s is %s; live: %t", a.Slug, a.Status, live[a.ID])
		}
		if a.Status != "published" {
			hidden := http.StatusNotFound
			if a.Killed != nil {
				hidden = http.StatusGone
			}
			for _, ref := range []string{a.ID, a.Slug} {
				request{path: "/v1/content/articles/" + ref + "?lang=" + a.Lang}.send(t, s.url).want(t, hidden)
			}
		}
	}
	if stands["draft"] == 0 || stands["in_review"] == 0 || stands["scheduled"] == 0 || stands["expired"] == 0 || stands["published"] != len(live) {
		t.Errorf("articles by status: %v, want drafts, some in review, scheduled, expired, and %d published", stands, len(live))
	}
}

// checkDemoCollections looks for something to show in each collection, for the widgets and for the navigation.
func checkDemoCollections(t *testing.T, s *server) {
	t.Helper()
	for key, least := range map[string]int{"front-page": 12, "breaking": 3, "editors-picks": 5} {
		c := get[struct{ Articles []struct{ Breaking bool } }](t, s.url, "/v1/content/collections/"+key)
		if len(c.Articles) < least || key == "breaking" && !c.Articles[0].Breaking {
			t.Errorf("%s has %d articles, want %d", key, len(c.Articles), least)
		}
	}
	for _, key := range []string{"weather", "currency"} {
		if w := get[struct{ Value map[string]any }](t, s.url, "/v1/content/widgets/"+key); len(w.Value) == 0 {
			t.Errorf("the widget %s is empty", key)
		}
	}
	site := get[struct {
		Name       string
		Navigation []struct{ Children []struct{ Title string } }
	}](t, s.url, "/v1/content/site?lang=ru")
	if site.Name != "Лайлаккентский курьер" || len(site.Navigation) < 6 || site.Navigation[0].Children[0].Title != "Транспорт" {
		t.Errorf("the site is %+v", site)
	}
}
