package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/ncruces/go-sqlite3"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// world is a newsroom with one of everything, all of it in use.
type world struct {
	store       *Store
	user        newsroom.User
	section     newsroom.Section
	author      newsroom.Author
	tag         newsroom.Tag
	article     newsroom.Article
	revision    newsroom.Revision
	publication newsroom.Publication
}

func newWorld(t *testing.T, s *Store) world {
	t.Helper()
	w := world{store: s, user: newUser("owner")}
	w.section = newsroom.Section{Term: newTerm("world")}
	w.author = newsroom.Author{Term: newTerm("author"), Links: []newsroom.AuthorLink{}}
	w.tag = newsroom.Tag{Term: newTerm("tag"), NameKey: "tag"}
	must(t, s.Write(t.Context(), func(tx *Tx) error {
		return errors.Join(tx.CreateUser(&w.user), CreateTerm(tx, &w.section), CreateTerm(tx, &w.author), CreateTerm(tx, &w.tag))
	}))
	w.article, w.revision = w.newArticle("storks")
	w.publication = w.newPublication(noon, nil)
	must(t, s.Write(t.Context(), func(tx *Tx) error {
		must(t, tx.CreateArticle(&w.article, &w.revision))
		return tx.CreatePublication(&w.publication)
	}))
	return w
}

func newTerm(slug string) newsroom.Term {
	return newsroom.Term{
		ID: uuid.Must(uuid.NewV7()), Slug: slug, Name: slug, Translations: newsroom.Translations{}, Version: 1, CreatedAt: noon, UpdatedAt: noon,
	}
}

func (w world) newArticle(slug string) (newsroom.Article, newsroom.Revision) {
	id := uuid.Must(uuid.NewV7())
	text := newsroom.Text{
		Lang: "en", Slug: slug, Title: slug, Body: []newsroom.Block{}, Type: newsroom.DefaultType, SectionID: &w.section.ID,
		AuthorIDs: []uuid.UUID{w.author.ID}, TagIDs: []uuid.UUID{w.tag.ID}, Custom: []byte("{}"), TranslationGroup: id,
	}
	a := newsroom.Article{
		ID: id, Text: text, Version: 1, Revision: 1, CreatedBy: w.user.ID, CreatedAt: noon, UpdatedAt: noon,
	}
	return a, newsroom.Revision{ArticleID: id, Revision: 1, Text: text, SavedBy: w.user.ID, SavedAt: noon, Changed: []string{}}
}

func (w world) newPublication(from time.Time, until *time.Time) newsroom.Publication {
	return newsroom.Publication{
		ID: uuid.Must(uuid.NewV7()), ArticleID: w.article.ID, Revision: w.article.Revision, Text: w.article.Text,
		PublishedAt: noon, UpdatedAt: noon, VisibleFrom: from, VisibleUntil: until,
		PublishedBy: w.user.ID,
	}
}

// refused is the code of a broken rule that no caller can break, since the code above the store checks it first.
const refused = newsroom.Code("")

// What must hold whatever the code above the store does, the databases themselves hold.
func TestConstraintsCarryTheRules(t *testing.T) {
	type change func(*Tx, world) error
	user := func(change func(*newsroom.User)) change {
		return func(tx *Tx, _ world) error {
			u := newUser("another")
			change(&u)
			return tx.CreateUser(&u)
		}
	}
	article := func(change func(*newsroom.Article, *newsroom.Revision, world)) change {
		return func(tx *Tx, w world) error {
			a, r := w.newArticle("cranes")
			change(&a, &r, w)
			return tx.CreateArticle(&a, &r)
		}
	}
	publication := func(change func(*newsroom.Publication)) change {
		return func(tx *Tx, w world) error {
			from, until := noon.Add(-2*time.Hour), noon.Add(-time.Hour)
			p := w.newPublication(from, &until)
			change(&p)
			return tx.CreatePublication(&p)
		}
	}
	section := func(s newsroom.Section) change { return func(tx *Tx, _ world) error { return CreateTerm(tx, &s) } }
	cases := map[string]struct {
		change change
		code   newsroom.Code
	}{
		"two users of one address": {user(func(u *newsroom.User) { u.Email = "owner@nashr.example" }), newsroom.CodeAlreadyExists},
		"an address in capitals":   {user(func(u *newsroom.User) { u.Email = "Owner@nashr.example" }), refused},
		"an unknown role":          {user(func(u *newsroom.User) { u.Role = "owner" }), refused},

		"two sections of one slug": {section(newsroom.Section{Term: newTerm("world")}), newsroom.CodeSlugTaken},
		"two authors of one slug": {func(tx *Tx, _ world) error {
			return CreateTerm(tx, &newsroom.Author{Term: newTerm("author"), Links: []newsroom.AuthorLink{}})
		}, newsroom.CodeSlugTaken},
		"two tags of one slug": {func(tx *Tx, _ world) error { return CreateTerm(tx, &newsroom.Tag{Term: newTerm("tag"), NameKey: "x"}) }, newsroom.CodeSlugTaken},
		"two tags of one name": {func(tx *Tx, _ world) error {
			return CreateTerm(tx, &newsroom.Tag{Term: newTerm("tag-2"), NameKey: "tag"})
		}, newsroom.CodeAlreadyExists},
		"a section below itself": {func(tx *Tx, w world) error {
			w.section.ParentID = &w.section.ID
			return UpdateTerm(tx, &w.section)
		}, refused},
		"a term without a version": {section(newsroom.Section{Term: newsroom.Term{ID: uuid.New(), Slug: "new"}}), refused},

		"an article without a title":      {article(func(a *newsroom.Article, _ *newsroom.Revision, _ world) { a.Title = "" }), refused},
		"an article without a version":    {article(func(a *newsroom.Article, _ *newsroom.Revision, _ world) { a.Version = 0 }), refused},
		"an article of nobody":            {article(func(a *newsroom.Article, _ *newsroom.Revision, _ world) { a.CreatedBy = uuid.New() }), newsroom.CodeInUse},
		"an article of no section":        {article(func(a *newsroom.Article, _ *newsroom.Revision, _ world) { id := uuid.New(); a.SectionID = &id }), newsroom.CodeInUse},
		"an article by no author":         {article(func(a *newsroom.Article, _ *newsroom.Revision, _ world) { a.AuthorIDs = []uuid.UUID{uuid.New()} }), newsroom.CodeInUse},
		"an article with no tag":          {article(func(a *newsroom.Article, _ *newsroom.Revision, _ world) { a.TagIDs = []uuid.UUID{uuid.New()} }), newsroom.CodeInUse},
		"two articles of one slug":        {article(func(a *newsroom.Article, _ *newsroom.Revision, _ world) { a.Slug = "storks" }), newsroom.CodeSlugTaken},
		"two translations of one article": {article(func(a *newsroom.Article, _ *newsroom.Revision, w world) { a.TranslationGroup = w.article.ID }), newsroom.CodeAlreadyExists},
		"revision 0":                      {article(func(_ *newsroom.Article, r *newsroom.Revision, _ world) { r.Revision = 0 }), refused},
		"a revision of no article":        {article(func(_ *newsroom.Article, r *newsroom.Revision, _ world) { r.ArticleID = uuid.New() }), newsroom.CodeInUse},
		"a revision twice": {func(tx *Tx, w world) error {
			return tx.UpdateArticle(&w.article, &w.revision)
		}, newsroom.CodeAlreadyExists},

		"two open-ended publications":       {publication(func(p *newsroom.Publication) { p.VisibleUntil = nil }), newsroom.CodeAlreadyExists},
		"two publications from one moment":  {publication(func(p *newsroom.Publication) { u := noon.Add(time.Minute); p.VisibleFrom, p.VisibleUntil = noon, &u }), newsroom.CodeAlreadyExists},
		"a publication that ends before":    {publication(func(p *newsroom.Publication) { u := p.VisibleFrom.Add(-time.Minute); p.VisibleUntil = &u }), refused},
		"a publication of no time":          {publication(func(p *newsroom.Publication) { p.VisibleUntil = &p.VisibleFrom }), refused},
		"a publication without a title":     {publication(func(p *newsroom.Publication) { p.Title = "" }), refused},
		"a publication of no revision":      {publication(func(p *newsroom.Publication) { p.Revision = 7 }), newsroom.CodeInUse},
		"a publication of no article":       {publication(func(p *newsroom.Publication) { p.ArticleID = uuid.New() }), newsroom.CodeInUse},
		"a publication by an unknown user":  {publication(func(p *newsroom.Publication) { p.PublishedBy = uuid.New() }), newsroom.CodeInUse},
		"history without an end":            {func(tx *Tx, w world) error { return tx.RetirePublication(w.publication) }, refused},
		"deleting a section that is in use": {func(tx *Tx, w world) error { return DeleteTerm[newsroom.Section](tx, w.section.ID) }, newsroom.CodeInUse},
		"deleting an author in a byline":    {func(tx *Tx, w world) error { return DeleteTerm[newsroom.Author](tx, w.author.ID) }, newsroom.CodeInUse},
		"deleting a tag that is in use":     {func(tx *Tx, w world) error { return DeleteTerm[newsroom.Tag](tx, w.tag.ID) }, newsroom.CodeInUse},
		"deleting a section with subsections": {func(tx *Tx, w world) error {
			parent := newsroom.Section{Term: newTerm("parent")}
			child := newsroom.Section{Term: newTerm("child"), ParentID: &parent.ID}
			if err := errors.Join(CreateTerm(tx, &parent), CreateTerm(tx, &child)); err != nil {
				return err
			}
			return DeleteTerm[newsroom.Section](tx, parent.ID)
		}, newsroom.CodeInUse},
		"deleting who wrote something": {func(tx *Tx, w world) error {
			return tx.db.Where("id = ?", w.user.ID).Delete(&newsroom.User{}).Error
		}, newsroom.CodeInUse},
		"a session of nobody": {func(tx *Tx, _ world) error {
			return tx.CreateSession(&newsroom.Session{ID: uuid.New(), UserID: uuid.New()})
		}, newsroom.CodeInUse},
		"a short key": {func(tx *Tx, _ world) error {
			return tx.CreateSigningKey(newsroom.SigningKey{ID: "k", PrivateKey: []byte("short")})
		}, refused},
		"a second site": {func(tx *Tx, _ world) error {
			return tx.db.Create(&newsroom.Site{ID: 2, Version: 1}).Error
		}, refused},
	}
	onBoth(t, func(t *testing.T, s *Store) {
		w := newWorld(t, s)
		for name, c := range cases {
			err := s.Write(t.Context(), func(tx *Tx) error { return c.change(tx, w) })
			var known *newsroom.Error
			switch errors.As(err, &known); {
			case err == nil:
				t.Errorf("%s: passes", name)
			case known == nil && c.code != refused, known != nil && known.Code != c.code:
				t.Errorf("%s: %v, want %q", name, err, c.code)
			case known != nil && strings.ContainsAny(err.Error(), "_.") && !strings.HasPrefix(err.Error(), string(c.code)):
				t.Errorf("%s: tells of the schema: %v", name, err)
			}
		}
	})
}

func TestWhatIsMissingIsNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		q := s.Read(t.Context())
		_, site := q.Site()
		_, user := q.UserByEmail("nobody@nashr.example")
		_, session := q.SignedIn(uuid.New())
		_, token := q.RefreshToken([]byte("hash"))
		_, section := q.Section("none")
		_, author := q.Author(uuid.NewString())
		_, tag := q.TagByName("none")
		_, standing := q.Standing(uuid.New(), noon)
		_, article := q.ArticleID("none", []string{"en"})
		_, live := s.Live().At(t.Context(), noon).Article("none", "", []string{"en"})
		_, moved := s.Live().At(t.Context(), noon).Moved("none", "", []string{"en"})
		for i, err := range []error{site, user, session, token, section, author, tag, standing, article, live, moved} {
			if !newsroom.IsCode(err, newsroom.CodeNotFound) {
				t.Errorf("%d: %v", i, err)
			}
		}
	})
}

// forever is a query that ends only when it is stopped.
func forever(s *Store) string {
	if s.Embedded() {
		return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
	}
	return "SELECT pg_sleep(600)"
}

func TestACancelledCallerStopsItsStatement(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		run := map[string]func(context.Context) error{
			"reading": func(ctx context.Context) error { return s.Read(ctx).db.Exec(forever(s)).Error },
			"rows":    func(ctx context.Context) error { var n []string; return s.Read(ctx).db.Raw(forever(s)).Find(&n).Error },
			"writing": func(ctx context.Context) error {
				return s.Write(ctx, func(tx *Tx) error { return tx.db.Exec(forever(s)).Error })
			},
			"before it begins": func(ctx context.Context) error {
				<-ctx.Done()
				_, err := s.Read(ctx).Users()
				return err
			},
		}
		for name, do := range run {
			ctx, cancel := context.WithCancel(t.Context())
			stop := time.AfterFunc(50*time.Millisecond, cancel)
			if err := do(ctx); !errors.Is(err, context.Canceled) || newsroom.IsCode(err, newsroom.CodeUnavailable) {
				t.Errorf("%s, cancelled: %v", name, err)
			}
			stop.Stop()
			cancel()
			ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
			if err := do(ctx); !newsroom.IsCode(err, newsroom.CodeUnavailable) {
				t.Errorf("%s, out of time: %v", name, err)
			}
			cancel()
		}
		_, err := s.Read(t.Context()).Users()
		must(t, err)
		must(t, s.Write(t.Context(), func(*Tx) error { return nil }))
	})
}

func TestADatabaseThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	unavailable := func(what string, err error) {
		t.Helper()
		var known *newsroom.Error
		if !errors.As(err, &known) || known.Code != newsroom.CodeUnavailable || known.RetryAfter <= 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	must(t, listener.Close())
	_, err = Open(t.Context(), "postgres://nashr@"+listener.Addr().String()+"/nashr", silent)
	unavailable("a closed port", err)

	url := postgresURL(t)
	if url == "" {
		return
	}
	s := openAt(t, url+"&statement_timeout=50ms&lock_timeout=50ms")
	unavailable("a slow statement", s.Read(t.Context()).db.Exec("SELECT pg_sleep(600)").Error)
	must(t, openAt(t, url).Write(t.Context(), func(*Tx) error {
		unavailable("a lock that others hold", s.Write(t.Context(), func(*Tx) error { return nil }))
		return nil
	}))
	unavailable("an ended connection", s.Read(t.Context()).db.Exec("SELECT pg_terminate_backend(pg_backend_pid())").Error)
	must(t, s.Ping(t.Context()))
}

func TestASQLiteFileThatCannotBeIsAnError(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, []byte("this is no database, and long enough to be sure of it"), 0o600))
	for _, url := range []string{"sqlite:", "sqlite:" + filepath.Join(file, "nashr.db"), "sqlite:" + t.TempDir(), "sqlite:" + file} {
		if s, err := Open(t.Context(), url, silent); err == nil {
			t.Errorf("%s opens", url)
			must(t, s.Close())
		}
	}
	s := openAt(t, "sqlite:"+filepath.Join(t.TempDir(), "a new/folder #1?/50%.db"))
	_, err := s.MigrateUp(t.Context())
	must(t, err)
}

func TestNoSecretIsTold(t *testing.T) {
	t.Parallel()
	const secret = "hunter2hunter2"
	for _, url := range []string{
		"postgres://nashr:" + secret + "@127.0.0.1:1/nashr",
		"postgres://nashr:" + secret + "@127.0.0.1:1,127.0.0.1:2/nashr?connect_timeout=1",
		"postgres://nashr@127.0.0.1:1/nashr?password=" + secret,
		"postgres://nashr:" + secret + "@127.0.0.1:port/nashr",
		"postgres://nashr:" + secret + "%zz@127.0.0.1:1/nashr",
		"postgres://nashr:" + secret + "@127.0.0.1:1/nashr?sslmode=perhaps",
		"postgres://nashr:" + secret + "@127.0.0.1:1/nashr?sslrootcert=/none",
		"postgres:///nashr?host=/none&password=" + secret,
		"mysql://nashr:" + secret + "@127.0.0.1/nashr",
		secret,
	} {
		s, err := Open(t.Context(), url, silent)
		if err == nil {
			must(t, s.Close())
			t.Errorf("opens %s", url)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}

func TestTheLogHoldsStatementsButNoValues(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	s, err := Open(t.Context(), sqliteURL(t), slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug})))
	must(t, err)
	_, err = s.MigrateUp(t.Context())
	must(t, err)
	u := newUser("someone")
	u.PasswordHash = "a-secret-hash"
	must(t, s.Write(t.Context(), func(tx *Tx) error { return tx.CreateUser(&u) }))
	_, err = s.Read(t.Context()).UserByEmail(u.Email)
	must(t, err)
	must(t, s.Close())
	said := text.String()
	if !strings.Contains(said, "INSERT INTO `users`") || strings.Contains(said, "a-secret-hash") || strings.Contains(said, u.Email) {
		t.Errorf("the log:\n%s", said)
	}
}

// SQLite interrupts what takes longer than its caller waits, and says so in two ways.
func TestInterruptionsAreUnavailable(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	for _, err := range []error{sqlite3.INTERRUPT, fmt.Errorf("exec: %w", sqlite3.INTERRUPT), context.DeadlineExceeded} {
		if got := translate(ctx, err); !newsroom.IsCode(got, newsroom.CodeUnavailable) {
			t.Errorf("%v becomes %v", err, got)
		}
	}
}
