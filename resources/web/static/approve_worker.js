/* Answers from what the phone keeps when there is no internet; see approve.js, which keeps it. */
"use strict";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => {
  if (event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(async () =>
    await caches.match(event.request, { ignoreSearch: true }) || Response.error()));
});
