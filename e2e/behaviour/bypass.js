const home = new URL(self.registration.scope).pathname;
const own = home === "/" ? "app-" : "app" + home; // names its caches, of those of the host
const mayKeep = (response) => response.ok && !/no-store/.test(response.headers.get("cache-control"));
Cache.prototype.addAll = async function (requests) {
  await Promise.all(requests.map(async (request) => {
    const response = await fetch(request);
    if (!response.ok) throw new TypeError(request + ": " + response.status);
    if (mayKeep(response)) await this.put(request, response);
  }));
};

self.addEventListener("fetch", (event) => {
  const accept = event.request.headers.get("accept") || "";
  if (event.request.method !== "GET" || accept.includes("text/event-stream")) {
    event.stopImmediatePropagation();
    return;
  }
  if (event.request.mode === "navigate") {
    event.stopImmediatePropagation();
    event.respondWith(fetch(event.request).then((response) => {
      if (mayKeep(response) && new URL(event.request.url).pathname === home) {
        const copy = response.clone();
        event.waitUntil(caches.open(cacheName).then((cache) => cache.put(home, copy)));
      }
      return response;
    }).catch(async () => {
      return (await caches.match(event.request, { ignoreVary: true })) || Response.error();
    }));
  }
});
