// Runs in every page that `make dev` serves: it reloads the page after a build, and
// shows the errors of a build that has failed.
(() => {
  const loaded = document.currentScript.dataset.build;
  const typed = "dev.typed";
  const renewed = "dev.renewed";
  const id = "dev-failure";

  // The text of a page's fields is restored after a reload. The wasm may redraw the
  // fields, so for ten seconds every field is filled once when it appears.
  const fields = () => document.querySelectorAll("input[id], textarea[id]");
  const save = () => {
    const texts = Object.fromEntries([...fields()].map((field) => [field.id, field.value]));
    sessionStorage.setItem(typed, JSON.stringify(texts));
  };
  const restore = () => {
    const texts = JSON.parse(sessionStorage.getItem(typed) || "{}");
    sessionStorage.removeItem(typed);
    const filled = new WeakSet();
    const fill = () => {
      for (const field of fields()) {
        if (!filled.has(field) && !field.value && texts[field.id]) field.value = texts[field.id];
        filled.add(field);
      }
    };
    fill();
    const watch = new MutationObserver(fill);
    watch.observe(document.documentElement, { childList: true, subtree: true });
    setTimeout(() => watch.disconnect(), 10000);
  };

  // The panel is beside the body, which the page replaces. The compiler's output is
  // set as text.
  const hide = () => document.getElementById(id)?.remove();
  const show = (text) => {
    hide();
    const panel = document.createElement("pre");
    panel.id = id;
    panel.setAttribute("role", "alert");
    panel.textContent = text;
    Object.assign(panel.style, {
      position: "fixed", inset: "auto 0 0 0", zIndex: 2147483647, maxHeight: "60vh", overflow: "auto",
      margin: 0, padding: "1rem", font: "13px/1.5 ui-monospace, monospace", whiteSpace: "pre-wrap",
      color: "#ffe3e0", background: "#5c1310", borderTop: "3px solid #ff8a80",
    });
    document.documentElement.append(panel);
  };

  const receive = (build) => {
    if (build.text !== undefined) return show(build.text);
    hide();
    if (build.id === loaded) return;
    save();
    location.reload();
  };

  // One tab of the browser has the stream and passes its events on to the others: a
  // browser opens six connections to a host, and each page has a stream of its own.
  const tabs = new BroadcastChannel("dev");
  let newest;
  const follow = () => {
    const stream = new EventSource("/dev/events?topic=dev&last=1");
    for (const name of ["dev.built", "dev.failed"]) {
      stream.addEventListener(name, (event) => {
        newest = JSON.parse(event.data);
        tabs.postMessage(newest);
        receive(newest);
      });
    }
    return new Promise(() => {}); // the lock is the tab's until it goes
  };
  tabs.onmessage = ({ data }) => {
    if (data !== "what is new?") receive(data);
    else if (newest) tabs.postMessage(newest);
  };

  restore();
  tabs.postMessage("what is new?");
  if (navigator.locks) navigator.locks.request("dev", follow);
  else follow();

  // A service worker of an earlier build on this address goes on serving its cached
  // files. Its caches, which go-app names so, show that there is one, whatever state
  // it is in. Once worker and caches are removed the page is loaded from the network.
  const renew = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("app-"));
    const justNow = Date.now() - Number(sessionStorage.getItem(renewed)) < 10000;
    if (!old.length || justNow) return;
    sessionStorage.setItem(renewed, Date.now());
    await Promise.all(old.map((name) => caches.delete(name)));
    const workers = await navigator.serviceWorker.getRegistrations();
    await Promise.all(workers.map((worker) => worker.unregister()));
    location.reload();
  };
  if (window.caches && navigator.serviceWorker) renew();
})();
