// Follows a stream with the client of npm that is named first, with its defaults,
// and prints each event as a line of JSON.
import { createInterface } from "node:readline";

const [client, url] = process.argv.slice(2);
const print = (event) => console.log(JSON.stringify(event));

// The client is made for browsers, and asks whether its page is being looked at.
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.window = globalThis;

const clients = {
  async eventsource() {
    const { EventSource } = await import("eventsource");
    const source = new EventSource(url);
    for (const name of ["hello", "chat.posted", "reset", "bye"]) {
      source.addEventListener(name, (e) => print({ name, data: e.data }));
    }
  },

  // A proper end is the last one to it, as its documentation says: whoever wants
  // to go on begins anew.
  async "fetch-event-source"() {
    const { fetchEventSource } = await import("@microsoft/fetch-event-source");
    let last = "";
    for (;;) {
      await fetchEventSource(url, {
        headers: last ? { "last-event-id": last } : {},
        onmessage(m) {
          last = m.id || last;
          print({ name: m.event, data: m.data });
        },
      });
      print({ name: "END" });
    }
  },
};

createInterface({ input: process.stdin }).on("close", () => process.exit(0)); // with its test
await clients[client]();
