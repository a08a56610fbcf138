/* One event stream per page.
     <body data-live="/live/7411/" data-live-topics="queue visits">
   An event's data is a topic name; it becomes the DOM event live:<topic> on <body>, and
   hx-trigger="live:queue from:body" refetches. Nothing heard for 4.5 s (the server pings every 2 s):
   body[data-live-state=stale], slow polling, reconnecting with backoff. After every (re)connection all
   topics fire once, because something may have happened in between; body[data-live-fresh]: not after the first,
   the page is as new. "away" in place of a ping: the server is there, its database is not. Stale at once, and no
   polling: the same stream tells when it is back. */
(function () {
  "use strict";
  const body = document.body;
  if (!body.dataset.live || !window.EventSource) return;

  const SILENCE = 4500;
  const POLL = 10000;
  const COALESCE = 150;
  const AGAIN = 2000;
  const topics = new Set((body.dataset.liveTopics ?? "").split(/\s+/).filter(Boolean));
  const gates = new Map();
  let source = null;
  let heard = 0;
  let started = 0;
  let attempts = 0;
  let retry = null;
  let polled = 0;
  let fresh = "liveFresh" in body.dataset;

  /* A piece that is being fetched is replaced, and with it what htmx has queued for it: an event that comes
     meanwhile would be lost. It is announced once more when the pieces are there. */
  let fetching = 0;
  const missed = new Set();
  const isLive = (event) => /^live:/.test(event.detail.requestConfig?.triggeringEvent?.type ?? "");

  body.addEventListener("htmx:beforeSend", (event) => {
    if (isLive(event)) fetching += 1;
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (!isLive(event)) return;
    fetching = Math.max(0, fetching - 1);
    if (fetching) return;
    const again = [...missed];
    missed.clear();
    setTimeout(() => again.forEach(announce));
  });

  /* First event of a burst at once, the rest as one at the end. */
  function announce(topic) {
    if (fetching) missed.add(topic);
    const gate = gates.get(topic);
    if (gate) {
      gate.again = true;
      return;
    }
    body.dispatchEvent(new CustomEvent(`live:${topic}`));
    const opened = { again: false };
    gates.set(topic, opened);
    setTimeout(() => {
      gates.delete(topic);
      if (opened.again) announce(topic);
    }, COALESCE);
  }

  /* A refetch that failed while the line is well (a busy server, a database that is just back): once more, and not
     all screens at the same instant. While cut off, what follows the reconnection is enough. */
  function refetch(event) {
    const topic = /^live:(.+)$/.exec(event.detail.requestConfig?.triggeringEvent?.type ?? "")?.[1];
    if (!topic || (event.type === "htmx:responseError" && event.detail.xhr.status < 500)) return;
    setTimeout(() => body.dataset.liveState === "ok" && announce(topic), AGAIN * (1 + Math.random()));
  }
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, refetch);

  const announceAll = () => topics.forEach(announce);

  function setState(state) {
    if (body.dataset.liveState === state) return;
    body.dataset.liveState = state;
    body.dispatchEvent(new CustomEvent("live-state", { detail: { state } }));
  }

  function connect() {
    clearTimeout(retry);
    retry = null;
    source?.close();
    const stream = new EventSource(body.dataset.live);
    source = stream;
    started = performance.now();
    const hear = () => {
      heard = performance.now();
      setState("ok"); // also after a silence on a line that is not broken: nothing was lost on it
    };
    stream.onopen = () => {
      if (stream !== source) return;
      hear();
      attempts = 0;
      if (!fresh) announceAll();
      fresh = false;
    };
    stream.onmessage = (event) => {
      hear();
      // "*": the server itself was cut off from the database and cannot say what changed meanwhile.
      event.data.split(/\s+/).filter(Boolean).forEach((topic) => (topic === "*" ? announceAll() : announce(topic)));
    };
    stream.addEventListener("ping", hear);
    stream.addEventListener("away", () => {
      heard = performance.now();
      setState("stale");
    });
    stream.addEventListener("bye", () => stream === source && reconnect());
    stream.onerror = () => stream === source && reconnect();
  }

  /* Backoff 0.5 s, 1 s, 2 s … 15 s, each spread over half to full, so that 500 screens do not return at once. */
  function reconnect() {
    source?.close();
    source = null;
    fresh = false;
    if (retry) return;
    const wait = Math.min(15000, 500 * 2 ** attempts++);
    retry = setTimeout(connect, wait * (0.5 + Math.random() / 2));
  }

  function watch() {
    const now = performance.now();
    if (now - heard <= SILENCE) return;
    setState("stale");
    if (source && now - Math.max(heard, started) > 2 * SILENCE) reconnect(); // open, but nothing comes through
    if (now - polled > POLL) {
      polled = now;
      announceAll();
    }
  }

  function wake() {
    if (document.visibilityState === "visible" && performance.now() - heard > SILENCE) {
      attempts = 0;
      connect();
    }
  }

  window.addEventListener("online", wake);
  window.addEventListener("offline", () => {
    heard = Math.min(heard, performance.now() - SILENCE - 1);
    watch();
    reconnect();
  });
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("pagehide", () => {
    source?.close();
    source = null;
    clearTimeout(retry);
    retry = null;
  });
  window.addEventListener("pageshow", (event) => event.persisted && connect());

  setState("connecting");
  polled = performance.now();
  connect();
  setInterval(watch, 500);
})();
