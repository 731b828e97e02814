package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// route is one line of the table of routes.
type route struct {
	method string
	path   string
	handle echo.HandlerFunc
	may    access
}

// routes is every route there is, and who may use it. What is not here is not there; a line that forgets to say who may
// lets nobody in. Whether a role may do it to somebody else's article is for package newsroom to say.
func (s *server) routes() []route {
	var (
		content  = s.content
		manage   = s.manage
		signIn   = signIn{s.Accounts}
		sections = newSectionHandler(manage)
		authorsH = newAuthorHandler(manage)
		tags     = newTagHandler(manage)
	)
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	return []route{
		{get, "/healthz", s.alive, everyone},
		{get, "/readyz", s.ready, everyone},
		{get, "/openapi.json", openapiJSON, everyone},
		{get, "/openapi.yaml", openapiYAML, everyone},
		{get, "/docs", docsPage, everyone},
		{get, "/docs/:file", docsFile, everyone},
		{get, "/.well-known/jwks.json", signIn.jwks, everyone},

		{get, "/v1/content/articles", content.listArticles, everyone},
		{get, "/v1/content/articles/:article", content.getArticle, everyone},
		{get, "/v1/content/sections", content.listSections, everyone},
		{get, "/v1/content/sections/:section", content.getSection, everyone},
		{get, "/v1/content/authors", content.listAuthors, everyone},
		{get, "/v1/content/authors/:author", content.getAuthor, everyone},
		{get, "/v1/content/tags", content.listTags, everyone},
		{get, "/v1/content/tags/:tag", content.getTag, everyone},
		{get, "/v1/content/site", content.getSite, everyone},

		{post, "/v1/auth/login", signIn.login, everyone},
		{post, "/v1/auth/refresh", signIn.refresh, everyone},
		{post, "/v1/auth/logout", signIn.logout, contributors},
		{get, "/v1/auth/me", signIn.me, contributors},
		{put, "/v1/auth/password", signIn.changePassword, contributors},
		{get, "/v1/auth/sessions", signIn.listSessions, contributors},
		{del, "/v1/auth/sessions/:id", signIn.endSession, contributors},

		{get, "/v1/manage/articles", manage.listArticles, contributors},
		{post, "/v1/manage/articles", manage.createArticle, contributors},
		{get, "/v1/manage/articles/:id", manage.getArticle, contributors},
		{patch, "/v1/manage/articles/:id", manage.updateArticle, contributors},
		{del, "/v1/manage/articles/:id", manage.deleteArticle, contributors},
		{post, "/v1/manage/articles/:id/publish", manage.publishArticle, authors},
		{post, "/v1/manage/articles/:id/unpublish", manage.unpublishArticle, authors},

		{get, "/v1/manage/sections", listSections(sections), contributors},
		{post, "/v1/manage/sections", createSection(sections), editors},
		{get, "/v1/manage/sections/:ref", getSection(sections), contributors},
		{patch, "/v1/manage/sections/:ref", updateSection(sections), editors},
		{del, "/v1/manage/sections/:ref", deleteSection(sections), editors},

		{get, "/v1/manage/authors", listAuthors(authorsH), contributors},
		{post, "/v1/manage/authors", createAuthor(authorsH), editors},
		{get, "/v1/manage/authors/:ref", getAuthor(authorsH), contributors},
		{patch, "/v1/manage/authors/:ref", updateAuthor(authorsH), editors},
		{del, "/v1/manage/authors/:ref", deleteAuthor(authorsH), editors},

		{get, "/v1/manage/tags", listTags(tags), contributors},
		{post, "/v1/manage/tags", createTag(tags), editors},
		{get, "/v1/manage/tags/:ref", getTag(tags), contributors},
		{patch, "/v1/manage/tags/:ref", updateTag(tags), editors},
		{del, "/v1/manage/tags/:ref", deleteTag(tags), editors},

		{get, "/v1/manage/site", manage.getSite, admins},
		{patch, "/v1/manage/site", manage.updateSite, admins},
	}
}
