// Keeps pages of the catalogue that were read, so that they can be read again without a network.
// What is about learners, decisions, models or keys is never kept on a device.
"use strict";

const KEPT = "read-1";
const ALWAYS = ["/", "/offline"];
const READING = /^\/($|find|frameworks|outcomes|resources|lists\/|static\/|offline$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(ALWAYS)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (READING.test(url.pathname)) event.respondWith(newestOrKept(event.request));
  else if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(offline));
});

async function newestOrKept(request) {
  const kept = await caches.open(KEPT);
  try {
    const found = await fetch(request);
    if (found.ok) await kept.put(request, found.clone());
    return found;
  } catch {
    const read = await kept.match(request);
    return read ?? (request.mode === "navigate" ? offline() : Response.error());
  }
}

async function offline() {
  return (await caches.match("/offline")) ?? Response.error();
}
