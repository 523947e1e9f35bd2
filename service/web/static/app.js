// Pages work without this. It keeps what was read for when there is no network.
"use strict";

// Before someone has signed in there is nothing to keep, and no worker is given to them.
if ("serviceWorker" in navigator && location.pathname !== "/sign-in") {
  window.addEventListener("load", () => navigator.serviceWorker.register("/worker.js"));
}

// Whatever is picked in a form marked so takes effect at once.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && "sendsItself" in form.dataset) form.requestSubmit();
});
