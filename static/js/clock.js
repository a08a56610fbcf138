/* Times that tick. The server's clock rules: a tablet's own may be minutes off.
     <time data-clock data-tz="Asia/Makassar">     08.41  (data-clock="seconds": 08.41.07)
     <time data-date data-tz="Asia/Makassar">      Senin, 12 Januari 2026
     <time data-since="ISO" data-limit="300">      3 mnt, class is-late after 300 s
     <time data-until="ISO">                       "sisa 2 mnt", then "lewat 1 mnt" and is-late
     data-soon="60" on the last: class is-soon in its last 60 s
     data-format="clock" on the last two           03:27                                   */
(function () {
  "use strict";
  const words = document.getElementById("ui-text")?.dataset ?? {};
  const locale = document.documentElement.lang || "id";
  const formats = new Map();
  let offset = 0;

  function setServerTime(text) {
    const server = Date.parse(text);
    if (!server) return;
    const difference = server - Date.now();
    if (Math.abs(difference - offset) > 2000) offset = difference;
  }

  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type !== "back_forward") setServerTime(document.querySelector("meta[name=server-time]")?.content);
  document.addEventListener("htmx:afterRequest", (event) => setServerTime(event.detail.xhr?.getResponseHeader("Date")));

  function format(zone, options) {
    const key = `${zone} ${JSON.stringify(options)}`;
    if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone || undefined, ...options }));
    return formats.get(key);
  }

  function duration(seconds, style) {
    const minutes = Math.floor(seconds / 60);
    if (style === "clock") return `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    if (minutes < 1) return words.moment;
    if (minutes < 60) return `${minutes} ${words.minute}`;
    return `${Math.floor(minutes / 60)} ${words.hour} ${minutes % 60} ${words.minute}`;
  }

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function tick() {
    const now = new Date(Date.now() + offset);
    for (const element of document.querySelectorAll("time[data-clock]")) {
      const second = element.dataset.clock === "seconds" ? "2-digit" : undefined;
      put(element, format(element.dataset.tz, { hour: "2-digit", minute: "2-digit", second, hourCycle: "h23" }).format(now));
    }
    for (const element of document.querySelectorAll("time[data-date]")) {
      put(element, format(element.dataset.tz, { dateStyle: "full" }).format(now));
    }
    for (const element of document.querySelectorAll("time[data-since]")) {
      const seconds = Math.max(0, (now - Date.parse(element.dataset.since)) / 1000);
      put(element, duration(seconds, element.dataset.format));
      element.classList.toggle("is-late", element.dataset.limit !== undefined && seconds > Number(element.dataset.limit));
    }
    for (const element of document.querySelectorAll("time[data-until]")) {
      const seconds = (Date.parse(element.dataset.until) - now) / 1000;
      const late = seconds < 0;
      put(element, `${late ? words.late : words.left} ${duration(Math.abs(seconds), element.dataset.format)}`);
      element.classList.toggle("is-late", late);
      element.classList.toggle("is-soon", !late && seconds <= Number(element.dataset.soon ?? -1));
    }
  }

  function run() {
    tick();
    setTimeout(run, 1000 - ((Date.now() + offset) % 1000));
  }

  run();
  document.addEventListener("htmx:afterSwap", tick);
})();
