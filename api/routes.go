package api

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// route is one line of the table of routes.
type route struct {
	method string
	path   string
	handle echo.HandlerFunc
	may    access
	scope  newsroom.Scope // that an API token needs; noToken: only people who are signed in
}

// The words of the table.
const (
	get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

	noToken          newsroom.Scope = ""
	anyScope         newsroom.Scope = "*" // whatever scopes the token has
	articlesRead                    = newsroom.ScopeArticlesRead
	articlesWrite                   = newsroom.ScopeArticlesWrite
	articlesPublish                 = newsroom.ScopeArticlesPublish
	taxonomyWrite                   = newsroom.ScopeTaxonomyWrite
	collectionsWrite                = newsroom.ScopeCollectionsWrite
	widgetsWrite                    = newsroom.ScopeWidgetsWrite
	eventsRead                      = newsroom.ScopeEventsRead
)

// routes is every route there is, and who may use it. What is not here is not there; a line that forgets to say who may
// lets nobody in. Whether a role may do it to somebody else's article is for package newsroom to say.
func (s *server) routes() []route {
	return slices.Concat(s.publicRoutes(), s.accountRoutes(), s.articleRoutes(), s.deskRoutes())
}

// publicRoutes are for readers, integrators and load balancers.
func (s *server) publicRoutes() []route {
	content := s.content
	preview := previews{s.manage, s.content, s.Accounts, s.PublicURL}
	discovery := discovery{s.content, s.PublicURL, s.WebSubHub, cmp.Or(s.SitemapSize, sitemapSize), cmp.Or(s.SitemapBatch, sitemapBatch), s.Log}
	return []route{
		{get, "/healthz", s.alive, everyone, noToken},
		{get, "/readyz", s.ready, everyone, noToken},
		{get, "/openapi.json", openapiJSON, everyone, noToken},
		{get, "/openapi.yaml", openapiYAML, everyone, noToken},
		{get, "/docs", docsPage, everyone, noToken},
		{get, "/docs/:file", docsFile, everyone, noToken},

		{get, "/v1/content/articles", content.listArticles, everyone, noToken},
		{get, "/v1/content/articles/:article", content.getArticle, everyone, noToken},
		{get, "/v1/content/articles/:article/related", content.listRelated, everyone, noToken},
		{post, viewsPath, content.countView, everyone, noToken},
		{get, "/v1/content/popular", content.listPopular, everyone, noToken},
		{get, "/v1/content/archive", content.getArchive, everyone, noToken},
		{get, "/v1/content/sections", content.listSections, everyone, noToken},
		{get, "/v1/content/sections/:section", content.getSection, everyone, noToken},
		{get, "/v1/content/authors", content.listAuthors, everyone, noToken},
		{get, "/v1/content/authors/:author", content.getAuthor, everyone, noToken},
		{get, "/v1/content/tags", content.listTags, everyone, noToken},
		{get, "/v1/content/tags/:tag", content.getTag, everyone, noToken},
		{get, "/v1/content/collections", content.listCollections, everyone, noToken},
		{get, "/v1/content/collections/:collection", content.getCollection, everyone, noToken},
		{get, "/v1/content/widgets/:key", content.getWidget, everyone, noToken},
		{get, "/v1/content/site", content.getSite, everyone, noToken},

		{get, "/feeds/rss.xml", discovery.getRSS, everyone, noToken},
		{get, "/feeds/atom.xml", discovery.getAtom, everyone, noToken},
		{get, "/feeds/feed.json", discovery.getJSONFeed, everyone, noToken},
		{get, "/sitemap.xml", discovery.getSitemap, everyone, noToken},
		{get, "/sitemaps/news.xml", discovery.getNewsSitemap, everyone, noToken},
		{get, "/sitemaps/:file", discovery.getSitemapFile, everyone, noToken},
		{get, "/robots.txt", discovery.getRobots, everyone, noToken},

		{get, previewPath + ":token", preview.getPreview, everyone, noToken},
	}
}

// accountRoutes are about who may come in.
func (s *server) accountRoutes() []route {
	signIn, staff := signIn{s.Accounts}, staff{s.Accounts, s.Store}
	return []route{
		{get, "/.well-known/jwks.json", signIn.jwks, everyone, noToken},
		{post, "/v1/auth/login", signIn.login, everyone, noToken},
		{post, "/v1/auth/refresh", signIn.refresh, everyone, noToken},
		{post, "/v1/auth/logout", signIn.logout, contributors, noToken},
		{get, "/v1/auth/me", signIn.me, contributors, noToken},
		{put, "/v1/auth/password", signIn.changePassword, contributors, noToken},
		{post, "/v1/auth/set-password", signIn.setPassword, everyone, noToken},
		{post, "/v1/auth/totp", signIn.offerTOTP, contributors, noToken},
		{post, "/v1/auth/totp/confirm", signIn.confirmTOTP, contributors, noToken},
		{post, "/v1/auth/totp/disable", signIn.disableTOTP, contributors, noToken},
		{post, "/v1/auth/totp/recovery-codes", signIn.renewRecoveryCodes, contributors, noToken},
		{get, "/v1/auth/sessions", signIn.listSessions, contributors, noToken},
		{del, "/v1/auth/sessions/:id", signIn.endSession, contributors, noToken},

		{get, "/v1/manage/users", staff.listUsers, admins, noToken},
		{post, "/v1/manage/users", staff.createUser, admins, noToken},
		{get, "/v1/manage/users/:id", staff.getUser, admins, noToken},
		{patch, "/v1/manage/users/:id", staff.updateUser, admins, noToken},
		{del, "/v1/manage/users/:id", staff.deleteUser, admins, noToken},
		{post, "/v1/manage/users/:id/reset-password", staff.resetPassword, admins, noToken},
		{del, "/v1/manage/users/:id/totp", staff.removeTOTP, admins, noToken},

		{get, "/v1/manage/tokens", staff.listTokens, admins, noToken},
		{post, "/v1/manage/tokens", staff.createToken, admins, noToken},
		{get, "/v1/manage/tokens/:id", staff.getToken, admins, noToken},
		{patch, "/v1/manage/tokens/:id", staff.updateToken, admins, noToken},
		{del, "/v1/manage/tokens/:id", staff.deleteToken, admins, noToken},
	}
}

// articleRoutes are for writing and publishing.
func (s *server) articleRoutes() []route {
	manage := s.manage
	preview := previews{s.manage, s.content, s.Accounts, s.PublicURL}
	return []route{
		{get, "/v1/manage/articles", manage.listArticles, contributors, articlesRead},
		{post, "/v1/manage/articles", manage.createArticle, contributors, articlesWrite},
		{post, "/v1/manage/articles/bulk", manage.bulkArticles, contributors, articlesWrite},
		{get, "/v1/manage/articles/:id", manage.getArticle, contributors, articlesRead},
		{patch, "/v1/manage/articles/:id", manage.updateArticle, contributors, articlesWrite},
		{del, "/v1/manage/articles/:id", manage.deleteArticle, contributors, articlesWrite},
		{post, "/v1/manage/articles/:id/submit", manage.submitArticle, contributors, articlesWrite},
		{post, "/v1/manage/articles/:id/return", manage.returnArticle, editors, articlesWrite},
		{post, "/v1/manage/articles/:id/publish", manage.publishArticle, authors, articlesPublish},
		{post, "/v1/manage/articles/:id/unpublish", manage.unpublishArticle, authors, articlesPublish},
		{post, "/v1/manage/articles/:id/restore", manage.restoreArticle, contributors, articlesWrite},
		{post, "/v1/manage/articles/:id/kill", manage.killArticle, editors, articlesPublish},
		{post, "/v1/manage/articles/:id/corrections", manage.correctArticle, authors, articlesPublish},
		{del, "/v1/manage/articles/:id/corrections/:correction", manage.deleteCorrection, authors, articlesPublish},

		{get, "/v1/manage/articles/:id/live", manage.getLiveArticle, contributors, articlesRead},

		{get, "/v1/manage/articles/:id/revisions", manage.listRevisions, contributors, articlesRead},
		{get, "/v1/manage/articles/:id/revisions/:revision", manage.getRevision, contributors, articlesRead},
		{get, "/v1/manage/articles/:id/revisions/:revision/diff", manage.diffRevision, contributors, articlesRead},
		{post, "/v1/manage/articles/:id/revisions/:revision/restore", manage.restoreRevision, contributors, articlesWrite},

		{get, "/v1/manage/articles/:id/preview-links", preview.listPreviewLinks, contributors, articlesRead},
		{post, "/v1/manage/articles/:id/preview-links", preview.createPreviewLink, contributors, articlesWrite},
		{del, "/v1/manage/articles/:id/preview-links/:link", preview.deletePreviewLink, contributors, articlesWrite},

		{get, "/v1/manage/articles/:id/editing", manage.listEditing, contributors, articlesRead},
		{post, "/v1/manage/articles/:id/editing", manage.enterArticle, contributors, noToken},
		{del, "/v1/manage/articles/:id/editing", manage.leaveArticle, contributors, noToken},
	}
}

// deskRoutes are for the rest of the desk: sections, authors, tags, collections, widgets, the site, and what happens.
func (s *server) deskRoutes() []route {
	manage := s.manage
	sections, authorsH, tags := newSectionHandler(manage), newAuthorHandler(manage), newTagHandler(manage)
	return []route{
		{get, "/v1/manage/sections", listSections(sections), contributors, anyScope},
		{post, "/v1/manage/sections", createSection(sections), editors, taxonomyWrite},
		{get, "/v1/manage/sections/:ref", getSection(sections), contributors, anyScope},
		{patch, "/v1/manage/sections/:ref", updateSection(sections), editors, taxonomyWrite},
		{del, "/v1/manage/sections/:ref", deleteSection(sections), editors, taxonomyWrite},

		{get, "/v1/manage/authors", listAuthors(authorsH), contributors, anyScope},
		{post, "/v1/manage/authors", createAuthor(authorsH), editors, taxonomyWrite},
		{get, "/v1/manage/authors/:ref", getAuthor(authorsH), contributors, anyScope},
		{patch, "/v1/manage/authors/:ref", updateAuthor(authorsH), editors, taxonomyWrite},
		{del, "/v1/manage/authors/:ref", deleteAuthor(authorsH), editors, taxonomyWrite},

		{get, "/v1/manage/tags", listTags(tags), contributors, anyScope},
		{post, "/v1/manage/tags", createTag(tags), editors, taxonomyWrite},
		{get, "/v1/manage/tags/:ref", getTag(tags), contributors, anyScope},
		{patch, "/v1/manage/tags/:ref", updateTag(tags), editors, taxonomyWrite},
		{del, "/v1/manage/tags/:ref", deleteTag(tags), editors, taxonomyWrite},
		{post, "/v1/manage/tags/:ref/merge", mergeTag(tags), editors, taxonomyWrite},

		{get, "/v1/manage/collections", manage.listCollections, contributors, articlesRead},
		{post, "/v1/manage/collections", manage.createCollection, editors, collectionsWrite},
		{get, "/v1/manage/collections/:ref", manage.getCollection, contributors, articlesRead},
		{patch, "/v1/manage/collections/:ref", manage.updateCollection, editors, collectionsWrite},
		{del, "/v1/manage/collections/:ref", manage.deleteCollection, editors, collectionsWrite},
		{post, "/v1/manage/collections/:ref/articles", manage.addToCollection, editors, collectionsWrite},
		{del, "/v1/manage/collections/:ref/articles/:id", manage.removeFromCollection, editors, collectionsWrite},

		{get, "/v1/manage/widgets", manage.listWidgets, contributors, anyScope},
		{post, "/v1/manage/widgets", manage.createWidget, editors, widgetsWrite},
		{get, "/v1/manage/widgets/:key", manage.getWidget, contributors, anyScope},
		{put, "/v1/manage/widgets/:key", manage.putWidget, editors, widgetsWrite},
		{patch, "/v1/manage/widgets/:key", manage.updateWidget, editors, widgetsWrite},
		{del, "/v1/manage/widgets/:key", manage.deleteWidget, editors, widgetsWrite},

		{get, "/v1/manage/events", lasting(s.listEvents), editors, eventsRead},

		{get, "/v1/manage/site", manage.getSite, admins, noToken},
		{patch, "/v1/manage/site", manage.updateSite, admins, noToken},
	}
}
