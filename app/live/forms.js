// Forms before the program runs, and where it cannot. A form that has the field of
// live.Key is posted by the browser itself where the program does not run. While it
// loads, what was sent is held, and the program sends it when it is up: once, since
// both send it under the same key.

const seawayForms = (() => {
  const draftKey = (field) => "draft:" + field.dataset.draft;
  let held = null; // what was sent, while the program loads

  // Drafts: fields with data-draft, kept at each change.
  document.addEventListener("input", (e) => {
    if (e.target.dataset?.draft) seawayKept.set(draftKey(e.target), e.target.value);
  });

  function restore() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      const text = seawayKept.get(draftKey(field));
      if (field.value) seawayKept.set(draftKey(field), field.value); // typed before this ran
      else if (text) {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true })); // the program may run already
      }
    }
  }

  const keyOf = (form) => form.querySelector("input[data-key]");

  function randomKey() {
    return Array.from({ length: 2 }, () => Math.random().toString(36).slice(2)).join("-");
  }

  // hold keeps the form as it was sent: its fields take no more text until it is.
  function hold(form, key) {
    const fields = [...form.querySelectorAll("input[id], textarea[id], select[id]")].filter((e) => e !== key);
    held = { id: key.id, key: key.value, fields: fields.map((e) => [e.id, e.value]) };
    seawayKept.set("held", JSON.stringify(held));
    lock(form);
    seawayShow();
  }

  function lock(form) {
    form.setAttribute("aria-busy", "true");
    for (const field of form.querySelectorAll("input, textarea")) field.readOnly = true;
  }

  function fill(key, sent) {
    key.value = sent.key;
    for (const [id, value] of sent.fields) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
  }

  // holdAgain takes up what was held when the page was reloaded.
  function holdAgain() {
    const text = seawayKept.get("held");
    const again = text && JSON.parse(text), key = again && document.getElementById(again.id);
    if (!key?.form || held) return;
    fill(key, again);
    hold(key.form, key);
    if (seawayPhase === "failed") release();
  }

  // The server has sent the browser back to #sent-<key>: what was sent is no draft.
  function cleanUp() {
    if (!location.hash.startsWith("#sent-")) return;
    if (seawayKept.get("posted").startsWith(location.hash.slice("#sent-".length) + " ")) {
      for (const name of seawayKept.get("posted").split(" ").slice(1)) seawayKept.set("draft:" + decodeURIComponent(name), "");
    }
    seawayKept.set("posted", "");
    history.replaceState(history.state, "", location.pathname + location.search);
  }

  // post notes which drafts the browser posts. They stay until the server has them.
  function post(form, key) {
    const drafts = [...form.querySelectorAll("[data-draft]")].map((e) => encodeURIComponent(e.dataset.draft));
    seawayKept.set("posted", [key.value, ...drafts].join(" "));
    seawayKept.set("held", "");
  }

  document.addEventListener("submit", (e) => {
    const key = keyOf(e.target);
    if (seawayPhase === "up") {
      if (key) e.preventDefault(); // the program sends it
      return;
    }
    if (!key && e.target.hasAttribute("action")) return; // needs no program
    if (!key || seawayPhase !== "failed") e.preventDefault(); // the text would go into the address
    if (!key || held) return;
    if (key.value.startsWith("~")) key.value = randomKey();
    if (seawayPhase === "failed") post(e.target, key);
    else hold(e.target, key);
  }, true);

  document.addEventListener("keydown", (e) => {
    const sends = e.key === "Enter" && !e.shiftKey && !e.isComposing && e.target.enterKeyHint === "send";
    if (!sends || seawayPhase === "up" || !e.target.form || !keyOf(e.target.form)) return;
    e.preventDefault();
    e.target.form.requestSubmit();
  }, true);

  // release lets the browser post what was held.
  function release() {
    const sent = held, key = held && document.getElementById(held.id);
    held = null;
    if (!key?.form) return;
    fill(key, sent);
    for (const field of key.form.querySelectorAll("input, textarea")) field.readOnly = false;
    key.form.removeAttribute("aria-busy");
    post(key.form, key);
    key.form.submit();
  }

  function begin() {
    cleanUp();
    restore();
  }
  begin(); // at once, and again with what the tab has taken over
  seawayKept.ready.then(() => { if (seawayPhase !== "up") { begin(); holdAgain(); } });
  seawayKept.onLate(() => {
    restore();
    window.seaway.late?.(); // the program's
  });

  return { get held() { return held; }, drop() { held = null; seawayKept.set("held", ""); }, release };
})();

// seaway is what the program uses of the scripts.
window.seaway = {
  // up: the program draws the page from now on. It returns what was sent while it loaded.
  up() {
    seawayPhase = "up";
    return seawayForms.held ? JSON.stringify({ id: seawayForms.held.id, key: seawayForms.held.key }) : "";
  },
  sent: () => seawayForms.drop(), // what was held is the program's
  lasting: seawayKept.lasting,
  get: seawayKept.get,
  set: seawayKept.set,
};
