package richtext

import (
	"testing"

	"pgregory.net/rapid"
)

func TestEmbedOf(t *testing.T) {
	tests := []struct{ raw, provider, address string }{
		{"https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1&t=90s", "youtube", tube + "&t=90"},
		{"http://m.youtube.com/shorts/dQw4w9WgXcQ", "youtube", tube},
		{"//www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=5&autoplay=1", "youtube", tube + "&t=5"},
		{"https://youtu.be/dQw4w9WgXcQ?si=x", "youtube", tube},
		{"https://www.youtube.com/embed/videoseries?list=PLabcdefghijklmnop", "youtube", "https://www.youtube.com/playlist?list=PLabcdefghijklmnop"},
		{"https://player.vimeo.com/video/76979871?h=8272103f6e&x=1", "vimeo", "https://vimeo.com/76979871/8272103f6e"},
		{"https://vimeo.com/76979871", "vimeo", "https://vimeo.com/76979871"},
		{"https://t.me/s/kunuzofficial/12345?embed=1", "telegram", "https://t.me/kunuzofficial/12345"},
		{"https://mobile.twitter.com/a/status/12?s=20", "x", "https://x.com/a/status/12"},
		{"https://x.com/a/status/12/photo/1", "x", "https://x.com/a/status/12"},
		{"https://www.instagram.com/kun.uz/reel/Abc-1/embed/captioned", "instagram", "https://www.instagram.com/reel/Abc-1/"},
		{"https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fvideos%2F12%2F&show_text=0", "facebook", "https://www.facebook.com/a/videos/12/"},
		{"https://m.facebook.com/story.php?story_fbid=1&id=2&ref=x", "facebook", "https://www.facebook.com/story.php?id=2&story_fbid=1"},
		{"https://fb.watch/abc_1/", "facebook", "https://fb.watch/abc_1/"},
		{"https://www.tiktok.com/@user.x/video/712345?lang=uz", "tiktok", "https://www.tiktok.com/@user.x/video/712345"},
		{"https://www.tiktok.com/player/v1/712345", "tiktok", "https://www.tiktok.com/embed/v2/712345"},
		{"https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123&color=x", "soundcloud", "https://api.soundcloud.com/tracks/123"},
		{"https://soundcloud.com/a/b/", "soundcloud", "https://soundcloud.com/a/b"},
		{"https://open.spotify.com/intl-uz/track/4uLU6?si=1", "spotify", "https://open.spotify.com/track/4uLU6"},

		{"https://www.youtube.com/@kunuz", "", ""},
		{"https://t.me/kunuzofficial", "", ""},
		{"https://x.com/a", "", ""},
		{"https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "", ""},
		{"https://evil.example/youtube.com", "", ""},
		{"https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ", "", ""},
		{"javascript:alert(1)//youtu.be/dQw4w9WgXcQ", "", ""},
		{"https://www.facebook.com/", "", ""},
		{"https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fevil.example%2Fx", "", ""},
		{"/watch?v=dQw4w9WgXcQ", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		name, address, ok := embedOf(tt.raw)
		if name != tt.provider || address != tt.address || ok != (tt.provider != "") {
			if ok || tt.provider != "" {
				t.Errorf("%s: %s %s, want %s %s", tt.raw, name, address, tt.provider, tt.address)
			}
		}
		if again, same, ok2 := embedOf(address); ok && (!ok2 || again != name || same != address) {
			t.Errorf("%s isn't canonical: %s %s", address, again, same)
		}
	}
}

func TestEmbedAddressesAreStable(t *testing.T) {
	host := rapid.SampledFrom([]string{"youtube.com", "youtu.be", "www.facebook.com", "fb.watch", "vimeo.com", "soundcloud.com", "w.soundcloud.com", "t.me"})
	rapid.Check(t, func(t *rapid.T) {
		raw := "https://" + host.Draw(t, "host") + "/" + rapid.StringMatching(`[a-z0-9_/%&?=.@~"<é -]{0,30}`).Draw(t, "path")
		if name, address, ok := embedOf(raw); ok {
			if again, same, ok := embedOf(address); !ok || again != name || same != address {
				t.Fatalf("%q gives %q, which gives %q", raw, address, same)
			}
		}
	})
}
