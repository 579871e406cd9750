package e2e_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	// figures change each second, or once there is something to measure.
	figures = ".number, .unit, .range, .plot, .figures table, .transports td, .foot span, .claims td"
	// varying are elements with what the server cannot know, or only a live page has.
	varying = figures + ", #clock, #ticks, #console, #frame, #arrivals, #cut, .seaway-status, time, .here ul, #present, .inbox .skeleton, .inbox .empty, " +
		"#inbox-state, .livelist-pause, #app-wasm-loader"
)

// holdWasm has the wasm wait for go(), and notes what moves in the page. Figures
// that are as wide as they are large move on their own; the state does not.
const holdWasm = `
const held = new Promise(done => { window.go = done });
const start = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...args) => { await held; return start.apply(WebAssembly, args) };
window.shifts = [];
const figure = node => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest("` + figures + `");
window.moved = new PerformanceObserver(list => { for (const e of list.getEntries()) {
  const nodes = e.sources.map(s => s.node);
  if (nodes.length && nodes.every(n => n && figure(n))) continue;
  shifts.push({value: e.value, what: nodes.map(n => n?.id || n?.className || n?.textContent || "what is gone").join()});
}});
moved.observe({type: "layout-shift", buffered: true});
`

// hideLive hides what varies; it keeps its place. So does the logo, an SVG that
// Chromium may paint anew with a dozen pixels of its edges up to 41 of 255 apart.
// The page's policy forbids a style element.
const hideLive = `(() => {
  window.veil ??= new CSSStyleSheet();
  veil.replaceSync("` + varying + ` { visibility: hidden !important } .brand svg { visibility: hidden !important } * { caret-color: transparent !important; transition: none !important }");
  document.adoptedStyleSheets = [veil];
  return "";
})()`

const showLive = `(() => { document.adoptedStyleSheets = []; return "" })()`

// When the wasm replaces the server's page, only the hidden elements change, and
// nothing moves.
func TestPageDoesNotFlashWhenTheWasmTakesOver(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(3)
	for _, page := range pages {
		b := openTab(t, recordTakeover, holdWasm)
		b.emulate(1280, 1400, "light")
		b.navigate(s.url + page.path)
		drawn := b.stillPicture()
		eval[string](b, `(moved.takeRecords(), shifts.length = 0, go(), "")`)
		b.until("the wasm has drawn the page", `window.after`)
		b.untilLive()
		b.comparePictures(page.path, drawn, b.stillPicture())
		for _, shift := range eval[[]struct {
			Value float64
			What  string
		}](b, `shifts`) {
			if shift.Value >= 0.001 { // a chart's label is a fraction of a pixel off when a figure has come
				t.Errorf("%s: %s has moved, by %v", page.path, shift.What, shift.Value)
			}
		}
	}
}

// stillPicture returns what the tab shows but for what hideLive hides.
func (b *tab) stillPicture() *image.RGBA {
	b.t.Helper()
	eval[string](b, hideLive)
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	eval[string](b, showLive)
	decoded, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		b.t.Fatal(err)
	}
	picture := image.NewRGBA(decoded.Bounds())
	draw.Draw(picture, picture.Rect, decoded, picture.Rect.Min, draw.Src)
	return picture
}

// comparePictures fails if a page does not look the same twice, and leaves both
// pictures, and one of the difference, below e2e/out.
func (b *tab) comparePictures(path string, before, after *image.RGBA) {
	b.t.Helper()
	difference, n, where := differences(before, after)
	if n == 0 {
		return
	}
	name := "takeover" + strings.ReplaceAll(path, "/", "-")
	b.t.Errorf("%s: %d pixels differ, within %v: see %s-*.png", path, n, where, filepath.Join("out", name))
	for suffix, picture := range map[string]*image.RGBA{"server": before, "wasm": after, "difference": difference} {
		var encoded bytes.Buffer
		if err := png.Encode(&encoded, picture); err != nil {
			b.t.Fatal(err)
		}
		if err := os.MkdirAll("out", 0o755); err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("out", name+"-"+suffix+".png"), encoded.Bytes(), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
}

// sameShade is how far a colour may be from itself, of 255: round corners that
// the browser paints twice were up to 3 apart.
const sameShade = 6

// differences counts the pixels that differ, says within which box, and marks
// them in a picture.
func differences(a, b *image.RGBA) (highlighted *image.RGBA, n int, where image.Rectangle) {
	all := a.Rect.Union(b.Rect)
	highlighted = image.NewRGBA(all)
	for y := all.Min.Y; y < all.Max.Y; y++ {
		for x := all.Min.X; x < all.Max.X; x++ {
			p, q := a.RGBAAt(x, y), b.RGBAAt(x, y)
			if max(colourDistance(p.R, q.R), colourDistance(p.G, q.G), colourDistance(p.B, q.B)) <= sameShade {
				continue
			}
			highlighted.SetRGBA(x, y, color.RGBA{R: 255, A: 255})
			where = where.Union(image.Rect(x, y, x+1, y+1))
			n++
		}
	}
	return highlighted, n, where
}

func colourDistance(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
