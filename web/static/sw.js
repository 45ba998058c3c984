// Keeps scripts, styles and the page that says there is no network. Never a page with an answer, never data:
// those come from the service or not at all. The service fills in the version and the list.
"use strict";

const CACHE = "three-lines-{version}";
const SHELL = JSON.parse('{shell}');

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("three-lines-") && name !== CACHE;
  const forget = (names) => Promise.all(names.filter(old).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => offline(address)));
  else if (address.pathname.startsWith("/static/~")) event.respondWith(kept(request));
});

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function offline(address) {
  const asked = address.searchParams.get("lang") ?? self.navigator.language;
  return caches.match(`/offline?lang=${asked.startsWith("en") ? "en" : "zh"}`);
}
