package e2e_test

import "fmt"

// waitShown measures how long it takes from an action until what it does is in the
// document, in milliseconds and in frames: callbacks of requestAnimationFrame that come
// before it.
const waitShown = `
window.waitShown = async (act, shown) => {
  const begin = performance.now();
  act();
  for (let frames = 0; ; frames++) {
    if (shown()) return {Frames: frames, Ms: performance.now() - begin};
    await new Promise(requestAnimationFrame);
  }
};`

// A delay is how long a page has taken to show something.
type delay struct {
	Frames int
	Ms     float64
}

func (d delay) String() string { return fmt.Sprintf("%.1f ms, %d frames", d.Ms, d.Frames) }

// holdCall makes calls of a command wait for release(), or for refuse(), which answers
// with a refusal.
const holdCall = `
window.hold = name => {
  const send = window.fetch;
  window.fetch = (url, init) => !String(url).includes(name) ? send(url, init) : new Promise(done => {
    window.release = () => { window.fetch = send; done(send(url, init)); };
    window.refuse = () => {
      window.fetch = send;
      done(new Response(JSON.stringify({error: {code: "forbidden", message: "not today"}}), {status: 403}));
    };
  });
};`

// shown does something in the page, and returns how long it has taken to show.
func (b *tab) shown(act, shown string) delay {
	b.t.Helper()
	return eval[delay](b, `waitShown(() => { `+act+` }, () => `+shown+`)`)
}
