package richtext

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// urlEscaper encodes what browsers read differently from net/url, and drops what they drop.
var urlEscaper = strings.NewReplacer("\t", "", "\n", "", "\r", "", " ", "%20", `"`, "%22", "<", "%3C", ">", "%3E",
	`\`, "%5C", "^", "%5E", "`", "%60", "{", "%7B", "|", "%7C", "}", "%7D", "'", "%27")

// cleanLink is the canonical form of where a link may go: http, https, mailto, tel, a path of this site or a fragment;
// "" for all else, and for addresses that carry a password or that can't be read.
func cleanLink(raw string) string {
	s, u := parseURL(raw)
	if u == nil {
		return ""
	}
	switch {
	case isWeb(u), isSitePath(u), u.Scheme == "" && strings.HasPrefix(s, "#") && len(s) > 1:
		return s
	case (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != "":
		return s
	}
	return ""
}

// cleanMedia is cleanLink for pictures: http, https or a path of this site.
func cleanMedia(raw string) string {
	if s, u := parseURL(raw); u != nil && (isWeb(u) || isSitePath(u)) {
		return s
	}
	return ""
}

func isWeb(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.Opaque == "" && u.User == nil
}

func isSitePath(u *url.URL) bool {
	return u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "//")
}

// parseURL reads an address as browsers do, and returns it with its canonical form, which parses to the same again. It
// returns nil when it can't.
func parseURL(raw string) (string, *url.URL) {
	raw = urlEscaper.Replace(strings.TrimSpace(raw))
	if strings.HasPrefix(raw, "//") {
		raw = "https:" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", nil
	}
	if u.Host != "" {
		host, err := asciiHost(u.Host)
		if err != nil {
			return "", nil
		}
		u.Host = host
	}
	u.RawQuery = escapeHigh(u.RawQuery)
	u.Opaque = escapeHigh(u.Opaque)
	s := u.String()
	if again, err := url.Parse(s); err != nil || again.String() != s || len(s) > maxURL || strings.ContainsFunc(s, unfit) {
		return "", nil
	}
	return s, u
}

// asciiHost is host in lower case, with international names in Punycode.
func asciiHost(host string) (string, error) {
	for i := range len(host) {
		if host[i] >= 0x80 {
			name, port, hasPort := strings.Cut(host, ":")
			ascii, err := idna.Lookup.ToASCII(name)
			if hasPort {
				ascii += ":" + port
			}
			return ascii, err
		}
	}
	return strings.ToLower(host), nil
}

// escapeHigh percent-encodes the bytes that aren't ASCII.
func escapeHigh(s string) string {
	var out strings.Builder
	for i := range len(s) {
		if s[i] >= 0x80 {
			out.WriteString(url.QueryEscape(s[i : i+1]))
		} else {
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
