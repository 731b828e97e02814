package richtext

import (
	"net/url"
	"regexp"
	"strings"
)

// A provider is a site whose posts may stand in an article. canonical gives the one address of a post from any of the
// addresses that the site uses for it, or "" when it isn't one.
type provider struct {
	name      string
	hosts     []string
	canonical func(u *url.URL) string
}

// providers are all that may be embedded. www. and m. are taken off a host before it is looked for.
var providers = []provider{
	{"youtube", []string{"youtube.com", "youtube-nocookie.com", "youtu.be"}, youtube},
	{"vimeo", []string{"vimeo.com", "player.vimeo.com"}, vimeo},
	{"telegram", []string{"t.me", "telegram.me"}, pattern(`^/(?:s/)?(\w+)/(\d+)/?$`, "https://t.me/$1/$2")},
	{
		"x",
		[]string{"x.com", "twitter.com", "mobile.twitter.com"},
		pattern(`^/(\w+)/status(?:es)?/(\d+)(?:/.*)?$`, "https://x.com/$1/status/$2"),
	},
	{
		"instagram",
		[]string{"instagram.com"},
		pattern(`^/(?:[\w.]+/)?(p|reel|tv)/([\w-]+)(?:/.*)?$`, "https://www.instagram.com/$1/$2/"),
	},
	{"facebook", []string{"facebook.com", "fb.watch"}, facebook},
	{"tiktok", []string{"tiktok.com"}, tiktok},
	{"soundcloud", []string{"soundcloud.com", "w.soundcloud.com", "api.soundcloud.com"}, soundcloud},
	{"spotify", []string{"open.spotify.com"}, pattern(
		`^/(?:intl-\w+/)?(?:embed/)?(track|album|playlist|episode|show|artist)/(\w+)/?$`, "https://open.spotify.com/$1/$2")},
}

// embedOf finds who provides what is at an address, and its canonical address there.
func embedOf(raw string) (name, address string, ok bool) {
	_, u := parseURL(raw)
	if u == nil || !isWeb(u) {
		return "", "", false
	}
	host := bareHost(u.Host)
	for _, p := range providers {
		for _, h := range p.hosts {
			if h == host {
				u.Host = host
				address = p.canonical(u)
				return p.name, address, address != ""
			}
		}
	}
	return "", "", false
}

// pattern makes a canonical function that rewrites a path.
func pattern(path, address string) func(*url.URL) string {
	re := regexp.MustCompile(path)
	return func(u *url.URL) string {
		if !re.MatchString(u.Path) {
			return ""
		}
		return re.ReplaceAllString(u.Path, address)
	}
}

var (
	youtubePath = regexp.MustCompile(`^/(?:embed|shorts|live|v)/([\w-]{11})/?$`)
	youtubeID   = regexp.MustCompile(`^[\w-]{11}$`)
	youtubeList = regexp.MustCompile(`^[\w-]{12,64}$`)
	seconds     = regexp.MustCompile(`^(\d{1,6})s?$`)
)

func youtube(u *url.URL) string {
	q := u.Query()
	id := q.Get("v")
	if m := youtubePath.FindStringSubmatch(u.Path); m != nil {
		id = m[1]
	} else if u.Host == "youtu.be" {
		id = strings.Trim(u.Path, "/")
	}
	if !youtubeID.MatchString(id) || id == "videoseries" {
		if list := q.Get("list"); youtubeList.MatchString(list) {
			return "https://www.youtube.com/playlist?list=" + list
		}
		return ""
	}
	address := "https://www.youtube.com/watch?v=" + id
	if m := seconds.FindStringSubmatch(q.Get("start") + q.Get("t")); m != nil {
		address += "&t=" + m[1]
	}
	return address
}

var (
	vimeoPath = regexp.MustCompile(`^/(?:video/)?(\d+)(?:/(\w+))?/?$`)
	word      = regexp.MustCompile(`^\w+$`)
)

func vimeo(u *url.URL) string {
	m := vimeoPath.FindStringSubmatch(u.Path)
	if m == nil {
		return ""
	}
	hash := m[2]
	if hash == "" && word.MatchString(u.Query().Get("h")) {
		hash = u.Query().Get("h")
	}
	return strings.TrimSuffix("https://vimeo.com/"+m[1]+"/"+hash, "/")
}

// facebookKeys are the query parameters that name a post; the others only track.
var facebookKeys = []string{"v", "story_fbid", "id", "fbid", "set"}

func facebook(u *url.URL) string {
	if strings.HasPrefix(u.Path, "/plugins/") {
		if u = inner(u, "href"); u == nil || u.Host != "facebook.com" || strings.HasPrefix(u.Path, "/plugins/") {
			return ""
		}
	}
	if strings.Trim(u.Path, "/") == "" {
		return ""
	}
	kept, q := url.Values{}, u.Query()
	for _, k := range facebookKeys {
		if q.Has(k) {
			kept.Set(k, q.Get(k))
		}
	}
	host := "www.facebook.com"
	if u.Host == "fb.watch" {
		host = u.Host
	}
	post := url.URL{Scheme: "https", Host: host, Path: u.Path, RawPath: u.RawPath, RawQuery: kept.Encode()}
	s, _ := parseURL(post.String())
	return s
}

var (
	tiktokPost  = regexp.MustCompile(`^/(@[\w.]+/video/\d+)/?$`)
	tiktokEmbed = regexp.MustCompile(`^/(?:embed(?:/v2)?|player/v1)/(\d+)/?$`)
)

func tiktok(u *url.URL) string {
	if m := tiktokPost.FindStringSubmatch(u.Path); m != nil {
		return "https://www.tiktok.com/" + m[1]
	}
	if m := tiktokEmbed.FindStringSubmatch(u.Path); m != nil {
		return "https://www.tiktok.com/embed/v2/" + m[1]
	}
	return ""
}

var (
	soundcloudPost = regexp.MustCompile(`^/[\w-]+/[\w-]+(?:/[\w-]+)?/?$`)
	soundcloudAPI  = regexp.MustCompile(`^/(?:tracks|playlists)/\d+/?$`)
)

func soundcloud(u *url.URL) string {
	if u.Host == "w.soundcloud.com" {
		if u = inner(u, "url"); u == nil {
			return ""
		}
	}
	path := strings.TrimSuffix(u.Path, "/")
	switch {
	case u.Host == "api.soundcloud.com" && soundcloudAPI.MatchString(path):
		return "https://api.soundcloud.com" + path
	case u.Host == "soundcloud.com" && soundcloudPost.MatchString(path):
		return "https://soundcloud.com" + path
	}
	return ""
}

// inner is the address that a player carries in a query parameter, or nil.
func inner(u *url.URL, key string) *url.URL {
	_, post := parseURL(u.Query().Get(key))
	if post == nil || !isWeb(post) {
		return nil
	}
	post.Host = bareHost(post.Host)
	return post
}

func bareHost(host string) string { return strings.TrimPrefix(strings.TrimPrefix(host, "www."), "m.") }
