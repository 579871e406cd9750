self.addEventListener("fetch", (event) => {
  const accept = event.request.headers.get("accept") || "";
  if (event.request.method !== "GET" || accept.includes("text/event-stream")) {
    event.stopImmediatePropagation();
    return;
  }
  if (event.request.mode === "navigate") {
    event.stopImmediatePropagation();
    event.respondWith(fetch(event.request).catch(async () => {
      return (await caches.match(event.request)) || Response.error();
    }));
  }
});
