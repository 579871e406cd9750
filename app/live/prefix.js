// Below a prefix, as /app/ for a site at https://example.com/app/: pages name paths as if
// the site were at the root, and this puts the prefix before them. The server has done so
// in the HTML. Addresses that have the prefix stay as they are.

const seawayPrefix = document.currentScript.dataset.prefix || "";
if (seawayPrefix) {
  document.documentElement.dataset.prefix = seawayPrefix; // for the program's requests
  const address = (to) => {
    const path = String(to);
    return /^\/(?!\/)/.test(path) && !path.startsWith(seawayPrefix + "/") ? seawayPrefix + path : to;
  };
  const linking = new Set(["href", "src", "action", "formaction", "cite", "data", "poster"]);
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    set.call(this, name, linking.has(name) ? address(value) : value);
  };
  for (const name of ["pushState", "replaceState"]) {
    const go = history[name];
    history[name] = (state, title, to) => go.call(history, state, title, to == null ? to : address(to));
  }
}

