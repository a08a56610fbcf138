/* Pages of an excerpt: the field with ranges and the ticks say the same, and the total against the cap follows.
     <form data-excerpt data-last data-cap data-had="1–3, 7">  [data-pages]  input[name=tick]  [data-total data-said data-over] */
(function () {
  "use strict";
  const form = document.querySelector("form[data-excerpt]");
  if (!form) return;
  const field = form.querySelector("[data-pages]");
  const ticks = [...form.querySelectorAll("input[name=tick]")];
  const total = form.querySelector("[data-total]");
  const last = Number(form.dataset.last);
  const allow = form.querySelector("[data-over-only]"); // asking a supervisor: only beyond the cap, or where the server says so
  if (allow && !allow.hidden) allow.dataset.overOnly = "shown";
  const cap = Number(form.dataset.cap);

  let unclear = null; // the first part that is no page

  /* As forgiving as library/digital/ranges.py; what it does not understand is left to the server to name. */
  function read(text) {
    const plain = text
      .replace(/\b(halaman|hal|hlm|pages?|pp?)\b\.?/gi, " ")
      .replace(/\s*([-‐-―−~]+|\bs\s*[./]?\s*d\b\.?|\bsampai\b|\bhingga\b|\bto\b)\s*/gi, "-")
      .replace(/\b(dan|and)\b/gi, " ");
    const pages = new Set();
    unclear = null;
    for (const part of plain.split(/[,;\s&+]+/)) {
      const found = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part);
      if (!found) {
        if (part && !/^\d+-$/.test(part)) unclear ??= part; // "3-": still being typed
        continue;
      }
      const ends = [Number(found[1]), Number(found[2] ?? found[1])].sort((a, b) => a - b);
      if (ends[0] < 1 || ends[1] > last) unclear ??= part;
      for (let page = Math.max(1, ends[0]); page <= Math.min(last, ends[1]); page += 1) pages.add(page);
    }
    return pages;
  }

  function written(pages) {
    const runs = [];
    for (const page of [...pages].sort((a, b) => a - b)) {
      const run = runs.at(-1);
      if (run && run[1] === page - 1) run[1] = page;
      else runs.push([page, page]);
    }
    return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
  }

  const had = read(form.dataset.had);
  let chosen = new Set();

  function tell() {
    const more = [...chosen].filter((page) => !had.has(page)).length;
    const left = Math.max(0, cap - had.size) - more;
    const over = more > 0 && left < 0;
    const figures = { part: unclear, chosen: chosen.size, more, left: Math.max(0, left), over: -left };
    total.hidden = false;
    total.toggleAttribute("data-over-cap", over);
    if (allow) allow.hidden = allow.dataset.overOnly !== "shown" && !over;
    const words = unclear ? total.dataset.unclear : over ? total.dataset.over : total.dataset.said;
    total.textContent = words.replace(/\{(\w+)\}/g, (_all, name) => figures[name]);
    total.toggleAttribute("data-unclear-part", Boolean(unclear));
  }

  function fromField() {
    chosen = read(field.value);
    for (const tick of ticks) tick.checked = chosen.has(Number(tick.value));
    tell();
  }

  field.addEventListener("input", fromField);
  for (const tick of ticks) {
    tick.addEventListener("change", () => {
      chosen[tick.checked ? "add" : "delete"](Number(tick.value));
      field.value = written(chosen);
      unclear = null;
      tell();
    });
  }
  /* The reader draws a few pages at once and sends the rest away for a moment, so only as many are asked for, those in
     sight first. A picture that never comes makes room for its number. */
  const AT_ONCE = 2;
  const TRIES = 6;
  const waiting = new Set();
  let asked = 0;

  function pump() {
    for (const picture of waiting) {
      if (asked >= AT_ONCE) return;
      waiting.delete(picture);
      asked += 1;
      picture.src = picture.dataset.src;
    }
  }

  function came({ target }) {
    asked -= 1;
    near.unobserve(target);
    pump();
  }

  function failed({ target }) {
    asked -= 1;
    const tries = Number(target.dataset.tries ?? 0) + 1;
    target.dataset.tries = tries;
    if (tries > TRIES) target.remove();
    else setTimeout(() => (waiting.add(target), pump()), tries * 400 + Math.random() * 400);
    pump();
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) waiting.delete(target);
        else if (!target.getAttribute("src")) waiting.add(target);
      }
      pump();
    },
    { rootMargin: "200px" },
  );
  for (const picture of form.querySelectorAll(".tick img[data-src]")) {
    picture.addEventListener("load", came);
    picture.addEventListener("error", failed);
    near.observe(picture);
  }

  const ticked = ticks.filter((tick) => tick.checked).map((tick) => Number(tick.value));
  if (ticked.length && !field.getAttribute("aria-invalid")) field.value = written(new Set([...read(field.value), ...ticked]));
  fromField();
})();
