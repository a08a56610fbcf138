/* Scanning at the shelves. Each barcode is kept in this browser until the server has answered for it by its key: a
   network that is away for a moment, a closed tab or a new log-in loses nothing, and what arrives twice counts once. */
(function () {
  "use strict";
  const form = document.querySelector("[data-stock]");
  if (!form) return;
  const AT_ONCE = 50;
  const AGAIN = [1000, 2000, 4000, 8000];
  const LOGGED = 12;
  const words = JSON.parse(form.dataset.words);
  const field = form.querySelector("[data-scanner]");
  const shelf = form.elements.shelf;
  const panel = form.querySelector("[data-stock-result]");
  const pending = form.querySelector("[data-stock-pending]");
  const discard = form.querySelector("[data-stock-discard]");
  const log = document.querySelector("[data-stock-log]");
  const prefix = `stock:${form.dataset.stock}:`;
  const queue = new Map();
  let sending = false;
  let failed = 0;
  let timer = 0;
  let stopped = ""; // why nothing is sent any more
  let unsafe = false; // this browser keeps nothing

  const part = (root, name) => root.querySelector(`[data-part=${name}]`);

  function keep(scan) {
    queue.set(scan.key, scan);
    try {
      localStorage.setItem(prefix + scan.key, JSON.stringify(scan));
    } catch {
      unsafe = true;
    }
  }

  function forget(key) {
    queue.delete(key);
    try {
      localStorage.removeItem(prefix + key);
    } catch {
      /* it was not kept there */
    }
  }

  /* What an earlier page, or another tab, could not send. */
  function recall() {
    const found = [];
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) found.push(JSON.parse(localStorage.getItem(name)));
    } catch {
      unsafe = true;
    }
    for (const scan of found.sort((one, other) => one.at - other.at)) if (scan?.key) queue.set(scan.key, scan);
  }

  /* crypto.randomUUID is missing on an office's plain http network. */
  const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");

  function add(text, where) {
    const lines = text.split(/[\r\n\t]+/).map((line) => line.trim());
    const codes = lines.filter(Boolean);
    for (const barcode of codes) keep({ key: newKey(), barcode: barcode.slice(0, 300), shelf: where.trim(), at: Date.now() });
    if (!codes.length) return;
    show("wait", form.dataset.wait, codes.at(-1), "");
    send();
  }

  function show(level, verdict, title, detail) {
    panel.dataset.level = level;
    part(panel, "verdict").textContent = verdict;
    part(panel, "title").textContent = title;
    part(panel, "detail").textContent = detail;
  }

  function said(row) {
    const word = words[row.result];
    const level = row.again && word.level === "ok" ? "info" : word.level;
    const where = row.shelf && `${row.result === "shelf" ? form.dataset.belongs : form.dataset.at} ${row.shelf}`;
    return {
      level,
      verdict: row.again ? `${form.dataset.again} · ${word.text}` : word.text,
      title: row.title || row.barcode,
      detail: [row.title && row.barcode, where].filter(Boolean).join(" · "),
    };
  }

  function tell(rows) {
    const all = rows.map(said);
    for (const { level, verdict, title, detail } of all) {
      const item = document.createElement("li");
      const badge = document.createElement("span");
      badge.className = `badge badge-${level}`;
      badge.textContent = verdict;
      const short = title.length > 90 ? `${title.slice(0, 90)}…` : title;
      item.append(badge, ` ${short}${detail && " · "}${detail}`);
      log.querySelector("ol").prepend(item);
    }
    while (log.querySelectorAll("li").length > LOGGED) log.querySelector("li:last-child").remove();
    log.hidden = false;
    // Of several answers at once the one that needs a hand stands in the big field.
    const shown = all.findLast?.(({ level }) => level === "danger" || level === "warn") ?? all.at(-1);
    if (shown) show(shown.level, shown.verdict, shown.title, shown.detail);
  }

  function note() {
    const waits = queue.size > 0 && (failed > 0 || stopped !== "");
    pending.hidden = !waits;
    discard.hidden = !stopped;
    if (!waits) return;
    part(pending, "count").textContent = queue.size;
    part(pending, "text").textContent = stopped || form.dataset.pending;
  }

  async function send() {
    if (sending || !queue.size || stopped) return note();
    sending = true;
    clearTimeout(timer);
    const batch = [...queue.values()].slice(0, AT_ONCE);
    try {
      const answer = await post(batch);
      failed = 0;
      await heed(answer);
    } catch {
      failed += 1;
      timer = setTimeout(send, AGAIN[Math.min(failed, AGAIN.length) - 1]);
    }
    sending = false;
    note();
    if (!failed) send();
  }

  async function post(batch) {
    const scans = batch.map(({ key, barcode, shelf, at }) => ({ key, barcode, shelf, ago: Math.max(0, Date.now() - at) }));
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("scans", JSON.stringify(scans));
    const patience = new AbortController();
    const limit = setTimeout(() => patience.abort(), 10000);
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", signal: patience.signal });
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
      return { answer, said: answer.status === 403 || !answer.status ? null : await answer.json() };
    } finally {
      clearTimeout(limit);
    }
  }

  async function heed({ answer, said: words }) {
    if (answer.type === "opaqueredirect" || answer.status === 403) stopped = form.dataset.login;
    else if (!answer.ok) stopped = words.problem;
    else {
      for (const { key } of words.results) forget(key);
      tell(words.results);
      // What another device counts comes by the event stream; our own counts also while that is not open yet.
      document.body.dispatchEvent(new CustomEvent("live:stock"));
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(field.value, shelf.value);
    field.value = "";
    field.focus();
  });
  field.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!/[\r\n]/.test(text.trim())) return;
    event.preventDefault();
    add(text, shelf.value);
  });
  // Enter in the shelf's field means: now scan.
  shelf.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    field.focus();
  });
  document.querySelector("[data-stock-many]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const { barcodes, shelf: where } = event.target.elements;
    add(barcodes.value, where.value);
    barcodes.value = "";
    panel.scrollIntoView({ block: "nearest" });
  });
  discard.addEventListener("click", () => {
    for (const key of [...queue.keys()]) forget(key);
    note();
  });
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => unsafe && queue.size && event.preventDefault());
  recall();
  send();
})();
