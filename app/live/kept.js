// Keeps texts for a tab: what was typed, and mutations that the server does not have
// yet. They outlive a reload, a crashed tab and a browser that was killed, until they are
// removed.
//
// They are in the localStorage, below the tab's name. The tab holds a lock of that name
// while it lives: a tab whose lock is free has ended, and the next page that is loaded
// takes its texts over, so that no two tabs have the same. Where there are no locks, as on
// an address without TLS, a tab keeps its own texts, and nobody takes over others'.

const seawayKept = (() => {
  const prefix = "seaway-tab:", nameKey = "seaway-tab";

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

  let name = sessionStorage.getItem(nameKey), release = () => {};
  const random = () => Math.random().toString(36).slice(2, 12);
  const keyOf = (key, of = name) => prefix + of + ":" + key;

  // lock resolves to whether a tab's lock was free, or is within a moment: the page
  // before this one in the same tab may not have ended yet. It is held until release.
  function lock(of) {
    return new Promise((resolve) => {
      const held = new Promise((done) => { release = done; });
      const options = { signal: AbortSignal.timeout(300) };
      navigator.locks.request(prefix + of, options, () => { resolve(true); return held; }).catch(() => resolve(false));
    });
  }

  // A tab that was duplicated has another's name, and gets one of its own.
  async function take() {
    const free = name && (!navigator.locks || await lock(name));
    if (!free) {
      name = random();
      sessionStorage.setItem(nameKey, name);
      if (navigator.locks) await lock(name);
    }
  }

  const keys = () => Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)).filter((key) => key?.startsWith(prefix));

  // inherit moves the texts of tabs that have ended to this one.
  async function inherit() {
    if (!navigator.locks) return;
    const others = new Set(keys().map((key) => key.slice(prefix.length).split(":", 1)[0]));
    others.delete(name);
    for (const other of others) {
      await navigator.locks.request(prefix + other, { ifAvailable: true }, (granted) => granted && move(other)).catch(() => {});
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

  const settled = take().then(inherit).catch((err) => console.error(err));
  const limit = new Promise((resolve) => setTimeout(resolve, 1000));

  // Some browsers put no page with a lock into their back/forward cache.
  window.addEventListener("pagehide", () => release());
  window.addEventListener("pageshow", (e) => { if (e.persisted && navigator.locks) lock(name); });

  return {
    lasting, // whether anything outlives the page
    ready: Promise.race([settled, limit]),
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
