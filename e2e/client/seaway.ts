// A client of WIRE.md, version 1, for browsers and for Node 20. It has no dependencies: it
// reads streams by fetch. The types of E and C are those that `seaway schema typescript`
// writes.
//
//   const stop = follow<Events>("", { topics: ["room.lobby"], last: 100, on: { "chat.posted": m => show(m) }, reset: clear });
//   const { id } = await call<Commands, "chat.post">("", "chat.post", { room: "lobby", author: "ann", text: "hello" });

/** Where an event comes from. */
export interface Meta { id: string; topic: string; at: Date }

/** What a server refuses, with what it says to the user. */
export class Refusal extends Error {
  constructor(readonly code: string, message: string, readonly retry = false, readonly field = "") { super(message) }
}

export interface Following<E> {
  topics: string[];
  /** How many retained events come first, and after a reset. Default 0, and 256. */
  last?: number;
  /** The position to resume after: of the last event that was dealt with. */
  after?: string;
  on: { [K in keyof E]?: (payload: E[K], meta: Meta) => void };
  /** All that came before is void: retained events follow. */
  reset?: (reason: string) => void;
  /** Whether the stream is up; a Refusal ends it for good. */
  status?: (live: boolean, refusal?: Refusal) => void;
}

type Frame = { retry?: string; id?: string; event?: string; data?: string };

const sleep = (ms: number) => new Promise(done => setTimeout(done, ms));

/** Receives each event of some topics once, in order, over restarts of the server and lost
 *  connections, until the returned function is called. That returns the position. An event
 *  whose handler throws comes again, after a pause. */
export function follow<E>(server: string, options: Following<E>): () => string {
  let position = options.after ?? "", pause = 1000, silence = 40000, failures = 0, stopped = false;
  let connection: AbortController;

  async function run() {
    while (!stopped) {
      connection = new AbortController();
      try {
        await receive();
      } catch (e) {
        if (e instanceof Refusal && !e.retry) {
          stopped = true;
          options.status?.(false, e);
          return;
        }
      }
      if (stopped) return;
      options.status?.(false);
      await sleep(Math.min(pause * 2 ** failures++, 30000) * (1 + Math.random() / 2));
    }
  }

  async function receive() {
    const query = new URLSearchParams(options.topics.map(topic => ["topic", topic]));
    if (position) query.set("after", position);
    if (options.last !== undefined) query.set("last", "" + options.last);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => connection.abort(), silence);
    };
    watch();
    try {
      const response = await fetch(server + "/events?" + query, { signal: connection.signal, headers: { Accept: "text/event-stream" }, cache: "no-store" });
      if (!response.ok) throw await refusal(response);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "", seen = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done || stopped) return;
        watch();
        text += value;
        const frames = text.split("\n\n");
        text = frames.pop()!; // one that is cut off does not count
        for (const one of frames) seen = handle(parse(one), seen);
      }
    } finally {
      clearTimeout(timer);
      connection.abort();
    }
  }

  // handle deals with a frame. seen is the id whose payload was given away: an event in
  // several forms has several frames.
  function handle(f: Frame, seen: string): string {
    if (stopped) return seen;
    const [id, topic, at] = (f.id ?? "").split(" ");
    const data = f.data ?? "", name = f.event ?? "";
    if (name == "hello" || name == "bye" || name == "fault") {
      const info = JSON.parse(data);
      pause = info.retry_ms;
      if (name == "fault") throw new Refusal(info.code, info.message, info.retry);
      if (name == "hello") {
        silence = info.heartbeat_ms * 2.5;
        failures = 0;
        options.status?.(true);
      }
    } else if (name == "reset") {
      options.reset?.(JSON.parse(data).reason);
    } else if (id != seen) {
      const on = options.on[name as keyof E];
      if (on) {
        on(JSON.parse(data), { id, topic, at: new Date(+at) });
        seen = id;
      }
    }
    if (id) position = id;
    return seen;
  }

  run();
  return () => {
    stopped = true;
    connection.abort();
    return position;
  };
}

function parse(text: string): Frame {
  const f: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^(\w+):? ?(.*)$/.exec(line) ?? [];
    if (name) f[name] = name == "data" && "data" in f ? f.data + "\n" + value : value;
  }
  return f;
}

async function refusal(response: Response): Promise<Refusal> {
  try {
    const { error } = await response.json();
    return new Refusal(error.code, error.message, error.retry, error.field);
  } catch {
    // A proxy's own answer: what it says may pass.
    return new Refusal("" + response.status, response.statusText, response.status >= 500 || response.status == 429);
  }
}

/** Calls a command, and again with the same key when the server is away: it is carried out
 *  once. The reply comes when it is durable; a Refusal is thrown when it is refused. */
export async function call<C, K extends keyof C & string>(
  server: string, name: K,
  request: C[K] extends { request: infer R } ? R : never,
  { key = crypto.randomUUID() as string, tries = 8, signal }: { key?: string; tries?: number; signal?: AbortSignal } = {},
): Promise<C[K] extends { reply: infer R } ? R : never> {
  for (let wait = 250; ; wait = Math.min(2 * wait, 8000)) {
    try {
      const response = await fetch(`${server}/commands/${name}`, {
        method: "POST", body: JSON.stringify(request), signal,
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      });
      if (response.ok) return await response.json();
      throw await refusal(response);
    } catch (e) {
      if (--tries <= 0 || signal?.aborted || e instanceof Refusal && !e.retry) throw e;
    }
    await sleep(wait * (1 + Math.random() / 2));
  }
}
