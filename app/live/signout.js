// Forgets what a user has left in this browser when they have signed out. The server says so
// by a cookie that changes with each sign-out (package session): its value is compared here,
// on every page, so that nothing needs to run where the user signs out.

const seawaySignOut = (() => {
  const key = seawayPrefix + "seaway-signed-out";
  const read = () => (document.cookie.match(/[\w-]+-signed-out=[^;]*/g) ?? []).sort().join(" ");
  const seen = read();

  function forget() {
    if (!seen || localStorage.getItem(key) === seen) return;
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(seawayPrefix + "seaway-tab:") || name === seawayPrefix + "seaway-user") localStorage.removeItem(name);
    }
    localStorage.setItem(key, seen);
  }

  // A page of before the sign-out, in another tab or out of the back/forward cache, is
  // loaded anew, and shows nothing meanwhile.
  function check() {
    if (read() === seen) return;
    document.documentElement.style.visibility = "hidden";
    location.reload();
  }

  try {
    forget();
  } catch {} // nothing is kept where there is no storage
  window.addEventListener("pageshow", (e) => e.persisted && check());
  window.addEventListener("storage", (e) => e.key === key && check());
  document.addEventListener("visibilitychange", () => document.hidden || check());
})();
