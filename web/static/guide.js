// Shows what a search finds while the user types: the content of /guide?q= takes the
// place of the page's. Without this script the form does the same by loading a page.
const input = document.querySelector(".search input");
const content = document.getElementById("content");
const found = document.getElementById("found");
const own = [...content.childNodes]; // what the page is about
let asked; // the request under way
let timer;

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, 120);
});
addEventListener("keydown", e => {
  if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, textarea")) return;
  e.preventDefault();
  input.focus();
});

async function show() {
  asked?.abort();
  const query = input.value.trim();
  if (query === "") {
    content.replaceChildren(...own);
    found.textContent = "";
    return;
  }
  const request = (asked = new AbortController());
  try {
    const answer = await fetch(input.form.action + "?q=" + encodeURIComponent(query), { signal: request.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (request.signal.aborted) return;
    content.replaceChildren(...page.getElementById("content").childNodes);
    const n = content.querySelectorAll(".results li").length;
    found.textContent = n === 1 ? "1 section found" : `${n} sections found`;
    scrollTo(0, 0);
  } catch {
    // There was no answer, or another letter came: the form still works.
  }
}
