// Pages work without this. It keeps what was read for when there is no network.
"use strict";

if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/worker.js"));
}

// Whatever is picked in a form marked so takes effect at once.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && "sendsItself" in form.dataset) form.requestSubmit();
});
