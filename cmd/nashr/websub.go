package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nashr-cms/nashr/api"
)

const (
	// hubTimeout bounds one call of the hub.
	hubTimeout = 10 * time.Second
	// hubPause is when a hub that could not be told is tried again, and how late it may hear of what time alone changes.
	hubPause = 10 * time.Second
)

// tellHub tells the WebSub hub whenever what readers see has changed, until ctx is done; and once at the start, for what
// changed while nobody was here. A hub that was told in vain is told again.
func (a *app) tellHub(ctx context.Context) {
	call := url.Values{"hub.mode": {"publish"}, "hub.url": api.FeedTopics(a.settings.PublicURL, a.settings.Languages)}
	for told := ""; ctx.Err() == nil; {
		appended := a.store.EventAppended()
		version, _, err := a.store.Live().At(ctx, now()).Version()
		if err == nil && version != told {
			if err = postForm(ctx, a.settings.WebSubHub, call); err == nil {
				told = version
			}
		}
		if err != nil && ctx.Err() == nil {
			a.log.Warn("the WebSub hub was not told of a change", "error", err)
		}
		pause, cancel := context.WithTimeout(ctx, hubPause)
		a.store.WaitForEvent(pause, appended)
		cancel()
	}
}

// postForm sends a form, and gives an error unless the answer is a success.
func postForm(ctx context.Context, to string, form url.Values) error {
	ctx, cancel := context.WithTimeout(ctx, hubTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("it answered %s", answer.Status)
	}
	return nil
}
