// Starts the page's program, app.wasm, and says in the place of the status why it
// cannot. Package goapp serves it in the place of go-app's own loader.

// The page's script, for its data, and the sentences. They are short: the line has
// room for two lines of a phone.
const seawayScript = document.currentScript;
const seawayWords = {
  loading: "Loading {done} of {all} KB",
  held: "Loading {done} of {all} KB, then sending",
  connecting: "connecting",
  noWasm: "Not live: no WebAssembly here. Reload to update.",
  blocked: "Not live: WebAssembly is blocked. Reload to update.",
  noScript: "Not live: a script is missing. Reload to try again.",
  lost: "Not live: loading has failed. Reload to try again.",
  status: "Not live: loading failed ({status}). Reload to try again.",
  broken: "Not live: the page did not start. Reload to try again.",
  stopped: "Not live: the page has stopped. Reload to go on.",
  off: "Not live: the page is switched off. Reload to update.",
  ...JSON.parse(seawayScript.dataset.words || "{}"), // in the page's language
};

// The phases are loading, starting, up and failed. Forms ask for it: see forms.js.
let seawayPhase = "loading";

function seawaySay(word, values) {
  const status = document.getElementById("status");
  if (status) status.textContent = seawayWords[word].replace(/{(\w+)}/g, (_, name) => values[name]);
}

// seawayFail shows why nothing will be live. Forms are the browser's from now on.
function seawayFail(word, values) {
  if (seawayPhase === "failed") return;
  seawayPhase = "failed";
  for (const e of document.querySelectorAll(".seaway-status, .seaway-page, .page")) {
    e.classList.remove("connecting", "live", "stale", "waiting", "offline");
    e.classList.add("closed");
  }
  const ready = document.getElementById("ready-state");
  if (ready) ready.textContent = "";
  seawaySay(word, values);
  seawayForms.release();
}

function seawayKB(bytes) { return Math.round(bytes / 1000).toLocaleString("en"); }

// seawayCount counts what arrives of a response. Its stream has the program unpacked,
// and the length is that of the packed one: of that the same share has come.
function seawayCount(response, counted) {
  const reader = response.body.getReader();
  const body = new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) return controller.close();
      counted(value.byteLength);
      controller.enqueue(value);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

// seawayShow shows how much has arrived.
let seawayDone = 0, seawayAll = 0;
function seawayShow() {
  if (seawayPhase !== "loading" || !seawayAll) return;
  const size = Number(seawayScript.dataset.size) || seawayAll;
  const values = { done: seawayKB(Math.min(1, seawayDone / size) * seawayAll), all: seawayKB(seawayAll) };
  seawaySay(seawayForms.held ? "held" : "loading", values);
}

async function seawayLoad(go) {
  const response = await fetch(seawayScript.dataset.wasm).catch(() => { throw ["lost"]; });
  if (!response.ok) throw ["status", { status: response.status }];
  const size = Number(seawayScript.dataset.size);
  seawayAll = Number(response.headers.get("Content-Length")) || size;
  seawayShow();
  const arriving = seawayCount(response, (bytes) => { seawayDone += bytes; seawayShow(); });
  try {
    if (WebAssembly.instantiateStreaming) return await WebAssembly.instantiateStreaming(arriving, go.importObject);
    return await WebAssembly.instantiate(await arriving.arrayBuffer(), go.importObject);
  } catch (err) {
    console.error("the page's program:", err);
    throw [seawayDone < size ? "lost" : "broken"];
  }
}

// seawayMayCompile asks for the smallest module: a policy that forbids it says so before
// a megabyte is fetched.
function seawayMayCompile() {
  try {
    return new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return false;
  }
}

async function seawayStart() {
  if (typeof WebAssembly !== "object") throw ["noWasm"];
  if (typeof Go !== "function" || typeof goappGetenv !== "function") throw ["noScript"];
  if (!goappCanLoadWebAssembly()) throw ["off"];
  if (!seawayMayCompile()) throw ["blocked"];
  const go = new Go();
  const { instance } = await seawayLoad(go);
  await seawayKept.ready;
  window.removeEventListener("beforeunload", seawayLeave); // some keep no page with one for going back
  seawayLeaving = false;
  seawayPhase = "starting";
  seawaySay("connecting"); // as the program draws it
  await go.run(instance).catch((err) => console.error("the page's program:", err));
  throw [seawayPhase === "up" ? "stopped" : "broken"]; // it runs as long as the page
}

// What JavaScript throws into the program ends it, wherever the browser called it.
window.addEventListener("error", (e) => {
  const running = seawayPhase === "starting" || seawayPhase === "up";
  if (running && /wasm/.test(e.error?.stack)) seawayFail(seawayPhase === "up" ? "stopped" : "broken");
});

// A page that is left stops loading, which is no failure: nothing may be posted for it.
// If the browser has stayed after all, as for a download, it is one after a while.
let seawayLeaving = false;
const seawayLeave = () => { seawayLeaving = true; };
window.addEventListener("beforeunload", seawayLeave);

document.documentElement.dataset.seaway = ""; // the style sheet need not say that the script is missing
document.getElementById("app-wasm-loader")?.remove();
seawayStart().catch((reason) => {
  if (!Array.isArray(reason)) console.error(reason);
  setTimeout(() => seawayFail(...(Array.isArray(reason) ? reason : ["broken"])), seawayLeaving ? 5000 : 0);
});
