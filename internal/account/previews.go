package account

import (
	"context"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// SignPreview gives the token by which anyone can open a preview link.
func (s *Service) SignPreview(ctx context.Context, link newsroom.PreviewLink) (string, error) {
	key, err := s.keys.signing(ctx, s.now())
	if err != nil {
		return "", err
	}
	return s.tokens.SignPreview(key, link)
}

// OpenPreview gives the link of a token that SignPreview made and that has not expired, or not_found. Whether the link
// was deleted since is for the caller to check.
func (s *Service) OpenPreview(ctx context.Context, token string) (newsroom.PreviewLink, error) {
	now := s.now()
	keys, err := s.keys.all(ctx, now)
	if err != nil {
		return newsroom.PreviewLink{}, err
	}
	return s.tokens.VerifyPreview(token, keys.public, now)
}
