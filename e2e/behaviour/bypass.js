self.addEventListener("fetch", (event) => {
  const accept = event.request.headers.get("accept") || "";
  if (event.request.method !== "GET" || accept.includes("text/event-stream")) {
    event.stopImmediatePropagation();
    return;
  }
  if (event.request.mode === "navigate") {
    event.stopImmediatePropagation();
    event.respondWith(fetch(event.request).then((response) => {
      const keeps = response.ok && !/no-store/.test(response.headers.get("cache-control"));
      if (keeps && new URL(event.request.url).pathname === "/") {
        const copy = response.clone();
        event.waitUntil(caches.open(cacheName).then((cache) => cache.put("/", copy)));
      }
      return response;
    }).catch(async () => {
      return (await caches.match(event.request, { ignoreVary: true })) || Response.error();
    }));
  }
});
