// Loads a frame, waits until it is ready and returns it, with a class that looks
// like EventSource and makes one in the frame.
async (address) => {
  const frame = document.createElement("iframe");
  const ready = new Promise(done => addEventListener("message", e => {
    if (e.source === frame.contentWindow) done();
  }));
  frame.src = address;
  document.body.append(frame);
  await ready;

  class EventSource extends EventTarget {
    readyState = 0;
    #names = [];
    #port;

    constructor(url) {
      super();
      const {port1, port2} = new MessageChannel();
      this.#port = port1;
      port1.onmessage = ({data: {type, data, lastEventId, readyState}}) => {
        if (this.readyState === 2) return; // closed while this was under way
        this.readyState = readyState;
        this.dispatchEvent(new MessageEvent(type, {data, lastEventId}));
      };
      // When all listeners of this turn are known.
      queueMicrotask(() => frame.contentWindow.postMessage({url, names: this.#names}, "*", [port2]));
    }

    addEventListener(name, listener) {
      super.addEventListener(name, listener);
      this.#names.push(name);
    }

    close() {
      this.readyState = 2;
      this.#port.postMessage(null);
    }
  }
  return {frame, EventSource};
}
