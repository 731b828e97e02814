package api

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/docs"
	"github.com/nashr-cms/nashr/internal/newsroom"
)

// docsPolicy lets the page of the documentation load from here and nowhere else.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// openapiJSON gives the OpenAPI document.
//
// @Summary The OpenAPI document as JSON
// @ID      getOpenAPIJSON
// @Tags    documentation
// @Success 200 {object} object
// @Router  /openapi.json [get]
func openapiJSON(c echo.Context) error {
	return document(c, docs.OpenAPIJSON, "application/json; charset=utf-8")
}

// openapiYAML gives the OpenAPI document.
//
// @Summary The OpenAPI document as YAML
// @ID      getOpenAPIYAML
// @Tags    documentation
// @Produce application/yaml
// @Success 200 {object} object
// @Router  /openapi.yaml [get]
func openapiYAML(c echo.Context) error {
	return document(c, docs.OpenAPIYAML, "application/yaml; charset=utf-8")
}

// docsPage gives the interactive documentation.
//
// @Summary Interactive documentation
// @ID      getDocs
// @Tags    documentation
// @Produce text/html
// @Success 200 {string} string
// @Router  /docs [get]
func docsPage(c echo.Context) error { return uiFile(c, "index.html") }

// docsFile gives a file that the page of the documentation needs.
func docsFile(c echo.Context) error { return uiFile(c, c.Param("file")) }

func uiFile(c echo.Context, name string) error {
	body, err := fs.ReadFile(docs.UI(), path.Base(name))
	contentType := mime.TypeByExtension(path.Ext(name))
	if err != nil || contentType == "" {
		return newsroom.Errorf(newsroom.CodeNotFound, "There is no such file.")
	}
	return document(c, body, contentType)
}

// document answers with an embedded file.
func document(c echo.Context, body []byte, contentType string) error {
	if err := noParameters(c); err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentSecurityPolicy, docsPolicy)
	header.Set(echo.HeaderCacheControl, "public, max-age=300")
	header.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.Blob(http.StatusOK, contentType, body)
}
