// One key a decision. Without this the same buttons and links are pressed by hand.
"use strict";

const work = () => document.getElementById("work");
const open = () => [...work().querySelectorAll(".proposal.open")].filter((one) => one.checkVisibility());
const marked = () => work().querySelector(".proposal[aria-current]");

function mark(proposal) {
  marked()?.removeAttribute("aria-current");
  if (!proposal) return;
  proposal.setAttribute("aria-current", "true");
  proposal.focus({ preventScroll: true });
  proposal.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = open();
  const here = all.indexOf(marked());
  mark(all[Math.min(all.length - 1, Math.max(0, here + by))]);
}

// A digit belongs to the choices of a proposal, which must be open; all other keys to whatever is marked, or
// else to the whole page.
function pressed(key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  if (/^\d$/.test(key)) return marked()?.querySelector(`.choosing[open] ${named}`);
  return marked()?.querySelector(named) ?? work().querySelector(`:not(.proposal *)${named}`);
}

// A key that is pressed before the next part is there would decide on this one again. It counts
// from the moment the part has been replaced, and again when the request has failed.
let sent = null;
document.addEventListener("htmx:before:request", (event) => {
  if (event.target.matches("form[data-part]")) sent = work();
});
document.addEventListener("htmx:finally:request", (event) => {
  if (!sent?.contains(event.detail.ctx.sourceElement)) return;
  sent.hidden = false;
  sent = null;
});

// What follows is fetched while this one is read, and shown as soon as its last decision is sent, so
// that a curator reads on while the decision is kept.
let coming = null;
async function lookAhead(here) {
  coming = null;
  const answer = await fetch(here.dataset.following, { headers: { "HX-Request": "true" } });
  if (answer.status === 200) coming = { before: here, page: await answer.text() };
}

// A button with an address of its own sends the whole page there, which htmx would not.
document.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) event.stopPropagation();
}, { capture: true });

document.addEventListener("submit", (event) => {
  const decided = event.submitter?.closest(".proposal.open");
  if (!decided || coming?.before !== work() || open().length > 1) return;
  work().insertAdjacentHTML("beforebegin", coming.page);
  work().hidden = true;
}, { capture: true });

document.addEventListener("keydown", (event) => {
  if (!work() || sent === work()) return;
  prepare();
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    marked()?.querySelector(".choosing[open]")?.removeAttribute("open");
    return mark(marked() ?? open()[0]);
  }
  if (event.target.matches("input, textarea, select")) return;
  if (event.key === "?") return document.getElementById("keys").showModal();
  if (event.key === "j" || event.key === "ArrowDown") step(1);
  else if (event.key === "k" || event.key === "ArrowUp") step(-1);
  else if (event.key === "o") work().querySelector("[data-focus=o]").focus();
  else {
    const found = pressed(event.key.toLowerCase());
    if (!found) return;
    found.click();
    if (event.key === "m") document.getElementById("note").focus();
  }
  event.preventDefault();
});

// Forms of the page bring the next part alone, where htmx is there to put it in place. What is found
// while someone types changes a part of the part, and must leave the focus where it is.
let prepared = null;
function prepare() {
  if (!work() || work() === prepared) return;
  prepared = work();
  for (const form of work().querySelectorAll("form[data-part]")) {
    if (form.hasAttribute("hx-post")) continue;
    form.setAttribute("hx-post", form.getAttribute("action"));
    form.setAttribute("hx-target", "#work");
    form.setAttribute("hx-swap", "outerHTML");
    window.htmx?.process(form);
  }
  document.getElementById("coming")?.remove();
  mark(open()[0]);
  if (open().length === 1 && prepared.dataset.following) lookAhead(prepared).catch(() => {});
}

document.addEventListener("htmx:after:swap", prepare);
window.addEventListener("pageshow", prepare);

// A claim lasts ten minutes. Who stays longer keeps it, as long as the page is looked at and used.
const RENEWED_EVERY = 2 * 60_000;
const AWAY_AFTER = 15 * 60_000;
let lastUsed = Date.now();
for (const what of ["keydown", "pointermove", "scroll"]) {
  document.addEventListener(what, () => { lastUsed = Date.now(); }, { capture: true, passive: true });
}
setInterval(() => {
  if (!work() || document.hidden || Date.now() - lastUsed > AWAY_AFTER) return;
  const body = new URLSearchParams({ resource: work().dataset.resource });
  fetch("/curate/claims", { method: "POST", body }).catch(() => {});
}, RENEWED_EVERY);
