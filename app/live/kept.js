// Keeps texts for a tab: what was typed, and mutations that the server does not have
// yet. They outlive a reload, a crashed tab and a browser that was killed, until they are
// removed.
//
// They are in the localStorage, below the tab's name. The tab holds a lock of that name
// while it lives: a tab whose lock is free has ended, and the next page that is loaded
// takes its texts over, so that no two tabs have the same. Where there are no locks, as on
// an address without TLS, a tab keeps its own texts, and nobody takes over others'.

const seawayKept = (() => {
  const prefix = seawayPrefix + "seaway-tab:", nameKey = seawayPrefix + "seaway-tab"; // of this site, of those of the host

  // What cannot be used is replaced by what lasts as long as the page: the program
  // would end at what the browser throws when it is looked at.
  function usable(storage) {
    try {
      window[storage].setItem("seaway-test", "");
      window[storage].removeItem("seaway-test");
      return true;
    } catch {
      const texts = new Map();
      Object.defineProperty(window, storage, { configurable: true, value: {
        getItem: (key) => texts.get(key) ?? null,
        setItem: (key, text) => { texts.set(key, String(text)); },
        removeItem: (key) => { texts.delete(key); },
        key: (i) => [...texts.keys()][i] ?? null,
        clear: () => texts.clear(),
        get length() { return texts.size; },
      } });
      return false;
    }
  }
  const usableForTab = usable("sessionStorage"), lasting = usable("localStorage") && usableForTab;

  let name = sessionStorage.getItem(nameKey), end = () => {};
  const random = () => Math.random().toString(36).slice(2, 12);
  const keyOf = (key, of = name) => prefix + of + ":" + key;
  const request = (of, options, granted) => navigator.locks.request(prefix + of, options, granted).catch(() => false);

  // hold resolves to whether a tab's lock was free. The page has it until end.
  function hold(of) {
    return new Promise((resolve) => {
      request(of, { ifAvailable: true }, (lock) => {
        resolve(!!lock);
        return lock && new Promise((done) => { end = done; });
      }).then(resolve);
    });
  }

  // take gives the page a name. The one before may be held: by the tab that this one was
  // duplicated from, or for a moment by a page that has crashed. Its texts come to this tab
  // when it has ended.
  async function take() {
    if (!navigator.locks) {
      if (!name) sessionStorage.setItem(nameKey, name = random());
      return;
    }
    const before = name;
    if (before && await hold(before)) return;
    sessionStorage.setItem(nameKey, name = random());
    await hold(name);
    if (before) await request(before, {}, () => { move(before); moved(); });
  }

  const keys = () => Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)).filter((key) => key?.startsWith(prefix));

  // inherit moves the texts of tabs that have ended to this one.
  async function inherit() {
    if (!navigator.locks) return;
    const others = new Set(keys().map((key) => key.slice(prefix.length).split(":", 1)[0]));
    others.delete(name);
    for (const other of others) {
      await request(other, { ifAvailable: true }, (lock) => {
        if (!lock) return;
        move(other);
        moved();
      });
    }
  }

  function move(other) {
    for (const full of keys().filter((key) => key.startsWith(keyOf("", other)))) {
      const key = full.slice(keyOf("", other).length);
      const text = merged(key, localStorage.getItem(keyOf(key)), localStorage.getItem(full));
      localStorage.setItem(keyOf(key), text);
      localStorage.removeItem(full);
    }
  }

  // Mutations of both are done. Of two drafts the longer one stays.
  function merged(key, own, other) {
    if (own === null) return other;
    if (key.startsWith("changes:")) return JSON.stringify(JSON.parse(own).concat(JSON.parse(other)));
    return own.length < other.length ? other : own;
  }

  // moved is called when texts have come later than the page.
  let moved = () => {}, late = () => {};
  const settled = take().then(inherit).catch((err) => console.error(err));
  const ready = Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 1000))]);
  ready.then(() => { moved = () => late(); });

  // Some browsers put no page with a lock into their back/forward cache.
  window.addEventListener("pagehide", () => end());
  window.addEventListener("pageshow", (e) => { if (e.persisted && navigator.locks) hold(name); });

  return {
    lasting, // whether anything outlives the page
    ready,
    onLate(fn) { late = fn; },
    get: (key) => localStorage.getItem(keyOf(key)) ?? "",
    set(key, text) {
      try {
        if (text) localStorage.setItem(keyOf(key), text);
        else localStorage.removeItem(keyOf(key));
        return true;
      } catch {
        return false; // full
      }
    },
  };
})();
