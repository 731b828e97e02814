//go:build browser

package reader_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

const patience = 60 * time.Second

// demo starts bin/nashr serve --demo and gives the address of the reader.
func demo(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "../../bin/nashr", "serve", "--demo", "--listen", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: make build makes it", err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := regexp.MustCompile(`http://\S+/demo/$`).FindString(lines.Text()); found != "" {
			go func() {
				for lines.Scan() { // so that it can go on writing
				}
			}()
			return found
		}
	}
	t.Fatal("the demo does not say where the reader is")
	return ""
}

// browser is a tab of Chromium that knows what it has asked the API.
type browser struct {
	context.Context
	t     *testing.T
	calls chan string // GETs of the API, as path and query
}

func open(t *testing.T, width, height int64) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.UserAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), chromedp.Flag("lang", "en"))
	allocator, closeBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(closeBrowser)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	b := &browser{Context: ctx, t: t, calls: make(chan string, 100)}
	chromedp.ListenTarget(ctx, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok && sent.Request.Method == "GET" {
			if _, call, found := strings.Cut(sent.Request.URL, "/v1/content/"); found {
				b.calls <- call
			}
		}
	})
	b.run(network.Enable(), emulation.SetDeviceMetricsOverride(width, height, 1, width < 600))
	return b
}

func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// text gives what readers see of an element, once it is there.
func (b *browser) text(selector string) (text string) {
	b.t.Helper()
	b.run(chromedp.Text(selector, &text, chromedp.ByQuery, chromedp.NodeVisible))
	return text
}

// value gives what an expression of JavaScript is.
func value[T any](b *browser, expression string) (v T) {
	b.t.Helper()
	b.run(chromedp.Evaluate(expression, &v))
	return v
}

// until waits for an expression of JavaScript to be true.
func (b *browser) until(expression string) {
	b.t.Helper()
	if err := chromedp.Run(b, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(patience/2))); err != nil {
		var seen string
		_ = chromedp.Run(b, chromedp.Evaluate("document.body.innerText", &seen))
		b.t.Fatalf("never true: %s: %v\n%s", expression, err, seen)
	}
}

// asked checks that the API was asked once since the last time, and gives what.
func (b *browser) asked() string {
	b.t.Helper()
	call := <-b.calls
	select {
	case more := <-b.calls:
		b.t.Errorf("a page took more than one call: %s and %s", call, more)
	default:
	}
	return call
}

func (b *browser) screenshot(name string) {
	b.t.Helper()
	var picture []byte
	b.run(chromedp.FullScreenshot(&picture, 90))
	if dir := os.Getenv("NASHR_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(dir+"/"+name+".jpg", picture, 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
}

func TestReaderInABrowser(t *testing.T) {
	at := demo(t)
	b := open(t, 1280, 900)

	b.run(chromedp.Navigate(at + "?lang=en"))
	b.until(`document.querySelectorAll("main .card").length > 3 && document.querySelectorAll(".strip li").length > 3`)
	if call := b.asked(); !strings.HasPrefix(call, "collections/front-page?") {
		t.Errorf("the front page asks for %s", call)
	}
	if weather := b.text(".weather"); !strings.Contains(weather, "°C") {
		t.Errorf("the weather is %q", weather)
	}
	b.screenshot("front")

	article := value[string](b, `document.querySelector("main .card.lead h2 a").textContent`)
	b.run(chromedp.Click("main .card.lead h2 a", chromedp.ByQuery))
	b.until(`document.querySelector(".story h1")?.textContent === ` + quoted(article))
	b.asked()
	for selector, want := range map[string]string{
		".story .facts":   `, \d\d:\d\d`,
		".story address":  `\S`,
		".story .body":    `\S`,
		".story .section": `\S`,
	} {
		if got := b.text(selector); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s is %q", selector, got)
		}
	}
	b.until(`document.querySelectorAll(".related .card p.facts time").length > 0 && document.querySelector(".related .card .section")`)
	if ld := value[string](b, `JSON.parse(document.querySelector("main script[type='application/ld+json']").textContent)["@type"]`); !strings.HasSuffix(ld, "Article") {
		t.Errorf("JSON-LD is a %q", ld)
	}
	b.screenshot("article")

	views := `parseInt([...document.querySelectorAll(".story .facts span")][0].textContent)`
	before := value[int](b, views)
	b.until(`fetch("/v1/content/articles/" + location.pathname.split("/").pop() + "?lang=en&fields=views").then(r => r.json()).then(a => a.data.views > ` + number(before) + `)`)
	for len(b.calls) > 0 {
		<-b.calls
	}

	languages := map[string]string{"uz-Latn": "Soʻnggi yangiliklar", "uz-Cyrl": "Сўнгги янгиликлар", "ru": "Последние новости"}
	for language, latest := range languages {
		b.run(chromedp.Click(`.languages a[lang="`+language+`"]`, chromedp.ByQuery))
		b.until(`document.documentElement.lang === "` + language + `" && document.querySelector("#strip-title").textContent === "` + latest + `"`)
		b.asked()
	}
	b.screenshot("russian")

	b.run(chromedp.Navigate(at + "?lang=uz-Latn"))
	b.until(`document.querySelectorAll(".strip li").length > 0`)
	b.asked()
	b.run(chromedp.Click(".strip li a", chromedp.ByQuery))
	b.until(`document.querySelector(".story")`)
	b.asked()
	b.run(chromedp.Click(`.languages a[lang="uz-Cyrl"]`, chromedp.ByQuery))
	b.until(`document.documentElement.lang === "uz-Cyrl" && /[ўқғҳа-я]/.test(document.querySelector(".story h1").textContent)`)
	b.asked()

	b.run(chromedp.SendKeys("#q", "лайлак\r", chromedp.ByQuery))
	b.until(`document.querySelectorAll("main .card mark").length > 0`)
	if call := b.asked(); !strings.Contains(call, "q=") {
		t.Errorf("the search asks for %s", call)
	}
	b.screenshot("search")
	b.run(chromedp.NavigateBack())
	b.until(`document.querySelector(".story")`)
}

func TestReaderOnAPhoneWithoutAMouse(t *testing.T) {
	at := demo(t)
	b := open(t, 360, 740)
	b.run(chromedp.Navigate(at + "?lang=ru"))
	b.until(`document.querySelectorAll("main .card").length > 3`)
	if wide := value[int](b, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("the page is %d pixels wide", wide)
	}
	b.screenshot("phone")
	focused := `document.activeElement.matches("main .card a:not(.section)")`
	for range 60 {
		if value[bool](b, focused) {
			break
		}
		b.run(chromedp.KeyEvent("\t"))
	}
	if !value[bool](b, `document.activeElement.matches(":focus-visible")`) {
		t.Error("nobody sees where the keyboard is")
	}
	b.run(chromedp.KeyEvent("\r"))
	b.until(`document.querySelector(".story h1") && document.activeElement.id === "page"`)
	if wide := value[int](b, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("an article is %d pixels wide", wide)
	}
	b.screenshot("phone-article")
}

func quoted(s string) string { return strconv.Quote(s) }

func number(n int) string { return strconv.Itoa(n) }
