/* The reader of a softcopy (templates/library/reader.html): one long roll of pages instead of one page at a time.
   Every page has its place before it is loaded, so nothing jumps. What is near the screen is asked for, two pictures at
   once, the nearest first; what is far behind is let go. The pictures bear the reader's mark: the server has no other.
   Not to be selected, saved or printed where that is forbidden ([data-guarded]): a hint to people, no lock. */
(function () {
  "use strict";
  const root = document.querySelector("[data-reader]");
  const roll = root?.querySelector(".reader-roll");
  const list = root?.querySelector("[data-sheets]");
  if (!roll || !list || !("IntersectionObserver" in window)) return;

  const WIDTHS = [480, 900, 1400, 2000];
  const MINI = 160;
  const AT_ONCE = 2; // as many as the server draws at once
  const KEPT = 24; // loaded pages, the nearest
  const BUSY_TRIES = 12;
  const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
  const WIDEST = 896;
  const data = root.dataset;
  const total = Number(data.pages);
  const saving = navigator.connection?.saveData;
  const find = (selector) => root.querySelector(selector);
  const number = find("#reader-hal");

  let zoom = 1;
  let current = Number(data.page);
  let query = data.query ?? "";

  /* ---- places of all pages ---- */
  const sheets = [];
  function lay() {
    const first = list.querySelector(".sheet");
    const sizes = JSON.parse(data.sizes).flatMap(([times, across, down]) => Array(times).fill([across, down]));
    const all = document.createDocumentFragment();
    for (let page = 1; page <= total; page++) {
      const there = Number(first.dataset.page) === page;
      const element = there ? first : document.createElement("figure");
      if (!there) {
        element.className = "sheet";
        element.id = `hal-${page}`;
        element.dataset.page = page;
        const words = document.createElement("figcaption");
        words.className = "visually-hidden";
        words.textContent = `${data.pageWord} ${page}`;
        element.append(words);
      }
      const [across, down] = sizes[page - 1] ?? [595, 842];
      element.style.setProperty("--ratio", `${across} / ${down}`);
      sheets.push({ element, page, image: there ? element.querySelector("img") : null, width: 0, near: false, told: null });
      all.append(element);
    }
    list.append(all);
    const sheet = sheets[current - 1];
    if (sheet.image) {
      sheet.width = 900;
      if (sheet.image.complete && !sheet.image.naturalWidth) failed({ sheet }, sheet.image);
      else sheet.image.addEventListener("error", () => failed({ sheet }, sheet.image), { once: true });
    }
  }

  function fit() {
    root.style.setProperty("--fit", `${Math.min(roll.clientWidth - 2 * (roll.clientWidth < 640 ? 8 : 24), WIDEST)}px`);
  }

  /* ---- pictures: a queue of jobs {sheet} or {mini} ---- */
  const wanted = new Set();
  let loading = 0;

  const address = (page, width) => `${data.picture.replace("0-0.webp", `${page}-${width}.webp`)}?v=${data.version}`;

  function widthFor(sheet) {
    const pixels = sheet.element.clientWidth * Math.min(window.devicePixelRatio || 1, saving ? 1 : 2);
    return WIDTHS.find((width) => width >= 0.9 * pixels) ?? WIDTHS.at(-1);
  }

  function want(job) {
    wanted.add(job);
    pump();
  }

  const far = (job) => (job.mini ? 100000 : 0) + Math.abs((job.sheet ?? job).page - current);

  function pump() {
    while (loading < AT_ONCE && wanted.size) {
      const job = [...wanted].reduce((a, b) => (far(b) < far(a) ? b : a));
      wanted.delete(job);
      load(job);
    }
  }

  function load(job) {
    const width = job.mini ? MINI : widthFor(job.sheet);
    if (!job.mini && (!job.sheet.near || job.sheet.width >= width)) return;
    loading += 1;
    const image = new Image();
    image.draggable = false;
    image.decoding = "async";
    image.alt = `${data.pageWord} ${(job.sheet ?? job).page}`;
    image.addEventListener("load", () => {
      loading -= 1;
      show(job, image, width);
      pump();
    });
    image.addEventListener("error", () => {
      loading -= 1;
      failed(job, image);
      pump();
    });
    image.src = address((job.sheet ?? job).page, width);
  }

  function show(job, image, width) {
    job.tries = 0;
    if (job.mini) return job.mini.replaceChildren(image);
    const sheet = job.sheet;
    sheet.element.querySelector(".sheet-fault")?.remove();
    if (sheet.image) sheet.image.replaceWith(image);
    else sheet.element.prepend(image);
    sheet.image = image;
    sheet.width = width;
    delete sheet.element.dataset.coloured;
    letGo();
  }

  function letGo() {
    const loaded = sheets.filter((sheet) => sheet.image && !sheet.near);
    if (loaded.length <= KEPT) return;
    loaded.sort((a, b) => far(b) - far(a));
    for (const sheet of loaded.slice(0, loaded.length - KEPT)) {
      sheet.image.remove();
      sheet.image = null;
      sheet.width = 0;
    }
  }

  /* An <img> does not say why it failed: the same address is asked once more for the words. */
  async function failed(job, image) {
    let words = data.away;
    let again = 0;
    try {
      const answer = await fetch(image.src, { headers: { Accept: "image/webp,text/plain" } });
      if (answer.ok) again = 50;
      else {
        words = (await answer.text()).split("\n", 1)[0].slice(0, 300);
        if (answer.status === 503 && answer.headers.has("Retry-After")) again = 300 + Math.random() * 500;
      }
    } catch {
      /* no network: said below */
    }
    job.tries = (job.tries ?? 0) + 1;
    if (again && job.tries <= BUSY_TRIES) return setTimeout(() => wantAgain(job), again * Math.min(job.tries, 4));
    if (job.sheet) explain(job.sheet, words);
  }

  function wantAgain(job) {
    if (job.sheet) job.sheet.width = 0;
    if (job.mini || job.sheet.near) want(job);
  }

  function explain(sheet, words) {
    sheet.image?.remove();
    sheet.image = null;
    sheet.width = 0;
    sheet.element.querySelector(".sheet-fault")?.remove();
    const fault = find("template[data-fault]").content.firstElementChild.cloneNode(true);
    fault.querySelector("p").textContent = `${data.pageWord} ${sheet.page}: ${words}`;
    fault.querySelector("[data-retry]").addEventListener("click", () => {
      fault.remove();
      want({ sheet });
    });
    sheet.element.append(fault);
  }

  /* ---- words: for those who have the page read to them, and where the hits stand ---- */
  async function tell(sheet) {
    if (sheet.told === query) return;
    sheet.told = query;
    try {
      const answer = await fetch(`${data.text.replace("0.json", `${sheet.page}.json`)}${query ? `?q=${encodeURIComponent(query)}` : ""}`);
      if (!answer.ok) return;
      const said = await answer.json();
      if (sheet.told === query) write(sheet, said);
    } catch {
      sheet.told = null; // asked again when it comes into sight
    }
  }

  function write(sheet, { lines, hits }) {
    const words = sheet.element.querySelector("figcaption");
    words.replaceChildren();
    for (const line of lines) words.append(line, document.createElement("br"));
    for (const old of sheet.element.querySelectorAll(".hit-box")) old.remove();
    if ("coloured" in sheet.element.dataset) return; // in the picture already
    for (const box of hits) {
      const mark = document.createElement("span");
      mark.className = "hit-box";
      ["--x", "--y", "--w", "--h"].forEach((name, n) => mark.style.setProperty(name, box[n]));
      sheet.element.append(mark);
    }
  }

  /* ---- what is near, what is seen ---- */
  const byElement = new Map();
  const nearby = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const sheet = byElement.get(target);
        sheet.near = isIntersecting;
        if (isIntersecting) want((sheet.job ??= { sheet }));
        else wanted.delete(sheet.job);
      }
    },
    { root: roll, rootMargin: "100% 0px" },
  );
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const sheet = byElement.get(target);
        clearTimeout(sheet.timer);
        sheet.seen = isIntersecting;
        if (isIntersecting) sheet.timer = setTimeout(tell, 250, sheet); // not of pages that fly past
      }
    },
    { root: roll },
  );

  function place() {
    const line = roll.scrollTop + roll.clientHeight / 3;
    let low = 0;
    let high = sheets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sheets[middle].element.offsetTop <= line) low = middle;
      else high = middle - 1;
    }
    if (sheets[low].page !== current) arrived(sheets[low].page);
  }

  let ahead = false;
  roll.addEventListener(
    "scroll",
    () => {
      if (!ahead) requestAnimationFrame(() => ((ahead = false), place()));
      ahead = true;
    },
    { passive: true },
  );

  let noting = 0;
  function arrived(page) {
    current = page;
    if (document.activeElement !== number) number.value = page;
    for (const step of root.querySelectorAll("[data-step]")) {
      const to = page + Number(step.dataset.step);
      const there = to >= 1 && to <= total;
      step.toggleAttribute("aria-disabled", !there);
      if (!there) step.setAttribute("aria-disabled", "true");
      if (there) step.href = link(to);
      else step.removeAttribute("href");
    }
    showMini();
    clearTimeout(noting);
    noting = setTimeout(note, 250); // browsers allow some hundred changes of the address, not thousands
  }

  const link = (page) => `?hal=${page}${query ? `&q=${encodeURIComponent(query)}` : ""}`;
  const memory = `pst-reader-${data.reader}`;
  function note() {
    history.replaceState(null, "", `${data.here}${link(current)}`);
    if (!("remembers" in data)) return;
    try {
      localStorage.setItem(memory, current);
    } catch {
      /* storage is switched off or full */
    }
  }

  function go(page) {
    const sheet = sheets[Math.min(Math.max(page, 1), total) - 1];
    roll.scrollTop = sheet.element.offsetTop - 12;
    arrived(sheet.page);
    pump();
  }

  /* ---- zoom: the same place of the same page stays where it was ---- */
  function zoomTo(value) {
    if (value === zoom) return;
    const sheet = sheets[current - 1].element;
    const share = (roll.scrollTop - sheet.offsetTop) / sheet.offsetHeight;
    const across = (roll.scrollLeft + roll.clientWidth / 2) / roll.scrollWidth;
    zoom = value;
    root.style.setProperty("--zoom", zoom);
    find("[data-scale]").textContent = `${Math.round(zoom * 100)}%`;
    roll.scrollTop = sheet.offsetTop + share * sheet.offsetHeight;
    roll.scrollLeft = across * roll.scrollWidth - roll.clientWidth / 2;
    for (const button of root.querySelectorAll("[data-zoom]")) button.disabled = !next(Number(button.dataset.zoom));
    for (const each of sheets) if (each.near) want(each.job);
  }

  function next(step) {
    if (!step) return 1;
    const at = ZOOMS.indexOf(zoom);
    return ZOOMS[at + step];
  }

  let resizing = 0;
  new ResizeObserver(() => {
    clearTimeout(resizing);
    resizing = setTimeout(() => {
      const sheet = sheets[current - 1].element;
      const share = (roll.scrollTop - sheet.offsetTop) / sheet.offsetHeight;
      fit();
      roll.scrollTop = sheet.offsetTop + share * sheet.offsetHeight;
    }, 100);
  }).observe(roll);

  /* ---- panels ---- */
  const openers = [...root.querySelectorAll("[data-panel]")];
  function panel(name, on, focus = true) {
    const was = openers.find((opener) => opener.getAttribute("aria-expanded") === "true");
    for (const opener of openers) {
      const open = opener.dataset.panel === name && on;
      opener.setAttribute("aria-expanded", String(open));
      document.getElementById(`panel-${opener.dataset.panel}`).hidden = !open;
    }
    if (!on) return (openers.find((opener) => opener.dataset.panel === name) ?? was)?.focus({ preventScroll: true });
    const shown = document.getElementById(`panel-${name}`);
    if (name === "mini") minis();
    if (!focus) return;
    const place = shown.querySelector("input[type=search], [aria-current], a[data-to]") ?? shown;
    place.focus({ preventScroll: name !== "isi" });
    if (place.matches("input")) place.select(); // the last words are typed over
  }
  const isOpen = (name) => !document.getElementById(`panel-${name}`)?.hidden;
  const covers = () => matchMedia("(max-width: 48rem)").matches; // as in reader.css

  const thumbs = [];
  const miniNear = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const mini = thumbs[target.dataset.to - 1];
        if (isIntersecting && !mini.mini.firstElementChild) want(mini);
        else wanted.delete(mini);
      }
    },
    { rootMargin: "30%" },
  );
  function minis() {
    const place = find("[data-minis]");
    if (!thumbs.length) {
      for (const sheet of sheets) {
        const item = document.createElement("li");
        const to = document.createElement("a");
        const frame = document.createElement("span");
        frame.className = "mini";
        frame.style.setProperty("--ratio", sheet.element.style.getPropertyValue("--ratio"));
        to.href = `?hal=${sheet.page}`;
        to.dataset.to = sheet.page;
        to.setAttribute("aria-label", `${data.pageWord} ${sheet.page}`);
        to.append(frame, String(sheet.page));
        item.append(to);
        place.append(item);
        thumbs.push({ mini: frame, page: sheet.page, to });
      }
      for (const mini of thumbs) miniNear.observe(mini.to);
    }
    showMini();
  }
  function showMini() {
    if (!thumbs.length || !isOpen("mini")) return;
    find("[data-minis] [aria-current]")?.removeAttribute("aria-current");
    const mini = thumbs[current - 1].to;
    mini.setAttribute("aria-current", "page");
    mini.scrollIntoView({ block: "nearest" });
  }

  /* ---- search inside ---- */
  async function search(words) {
    query = words.trim();
    const place = find("[data-hits]");
    place.setAttribute("aria-busy", "true");
    try {
      const answer = query ? await fetch(`${data.search}?q=${encodeURIComponent(query)}`) : null;
      place.innerHTML = !answer ? "" : answer.ok ? await answer.text() : "";
      if (answer && !answer.ok) place.textContent = await answer.text();
    } catch {
      place.textContent = data.away;
    }
    place.removeAttribute("aria-busy");
    for (const sheet of sheets) {
      if ("coloured" in sheet.element.dataset) {
        sheet.width = 0; // the words of the last search are in its pixels
        if (sheet.near) want((sheet.job ??= { sheet }));
      }
      for (const old of sheet.element.querySelectorAll(".hit-box")) old.remove();
      if (sheet.seen) tell(sheet);
    }
    arrived(current);
  }

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if ("readerSearch" in form.dataset) search(form.elements.q.value);
    else if ("readerNumber" in form.dataset) go(Number(number.value) || current), roll.focus({ preventScroll: true });
    else return;
    event.preventDefault();
  });

  root.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (on("[data-to]")) {
      go(Number(on("[data-to]").dataset.to));
      if (covers()) panel("", false), roll.focus({ preventScroll: true });
    } else if (on("[data-step]")) go(current + Number(on("[data-step]").dataset.step));
    else if (on("[data-panel]")) panel(on("[data-panel]").dataset.panel, !isOpen(on("[data-panel]").dataset.panel));
    else if (on("[data-panel-close]")) panel(on(".reader-panel").id.slice("panel-".length), false);
    else if (on("[data-zoom]")) zoomTo(next(Number(on("[data-zoom]").dataset.zoom)) ?? zoom);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the computer's own script would leave the page (kiosk-idle.js)
  });

  /* ---- keys: single letters only while the reader has the focus, and never in a field ---- */
  const KEYS = {
    ArrowRight: () => go(current + 1),
    ArrowLeft: () => go(current - 1),
    ArrowDown: () => roll.scrollBy(0, 80),
    ArrowUp: () => roll.scrollBy(0, -80),
    PageDown: () => roll.scrollBy(0, 0.9 * roll.clientHeight),
    PageUp: () => roll.scrollBy(0, -0.9 * roll.clientHeight),
    Home: () => go(1),
    End: () => go(total),
    "+": () => zoomTo(next(1) ?? zoom),
    "=": () => zoomTo(next(1) ?? zoom),
    "-": () => zoomTo(next(-1) ?? zoom),
    0: () => zoomTo(1),
    "/": () => panel("cari", true),
    "?": () => find("[data-keys-help]")?.click(),
    t: () => find("#panel-isi") && panel("isi", !isOpen("isi")),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog")) return;
    const open = openers.find((opener) => opener.getAttribute("aria-expanded") === "true");
    if (event.key === "Escape" && open) return panel(open.dataset.panel, false);
    if (event.target.closest("input, select, textarea, .reader-panel")) return;
    const wide = zoom > 1 && roll.scrollWidth > roll.clientWidth + 1;
    if (wide && event.key.startsWith("Arrow")) return; // the browser moves the page under the screen
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* ---- a swipe to the side turns the page; two fingers are the browser's ---- */
  const isWhole = () => (window.visualViewport?.scale ?? 1) < 1.05 && roll.scrollWidth <= roll.clientWidth + 1;
  /* Only then: to the side the browser would go back in its history. A page wider than the screen is moved by it. */
  const swiped = () => roll.classList.toggle("is-swiped", isWhole());
  window.visualViewport?.addEventListener("resize", swiped);
  new ResizeObserver(swiped).observe(list);
  let start = null;
  roll.addEventListener("touchstart", (event) => (start = event.touches.length === 1 ? event.touches[0] : null), { passive: true });
  roll.addEventListener(
    "touchend",
    (event) => {
      const end = event.changedTouches[0];
      if (!start || event.touches.length || !isWhole()) return;
      const [x, y] = [end.clientX - start.clientX, end.clientY - start.clientY];
      if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) go(current + (x < 0 ? 1 : -1));
      start = null;
    },
    { passive: true },
  );

  if ("guarded" in data) {
    for (const type of ["contextmenu", "dragstart", "selectstart", "copy"]) {
      roll.addEventListener(type, (event) => event.preventDefault());
    }
  }

  /* ---- begin ---- */
  lay();
  fit();
  for (const sheet of sheets) byElement.set(sheet.element, sheet);
  root.classList.add("is-live");
  for (const tool of root.querySelectorAll("[data-needs-script]")) tool.hidden = false;
  const asked = new URLSearchParams(location.search).has("hal");
  let kept = 0;
  try {
    kept = "remembers" in data && !asked ? Number(localStorage.getItem(memory)) : 0;
  } catch {
    /* nothing is remembered */
  }
  if (kept > 1 && kept <= total) {
    go(kept);
    document.dispatchEvent(new CustomEvent("toast", { detail: { level: "info", text: `${data.resumed} ${kept}.` } }));
    const begin = document.createElement("button");
    begin.type = "button";
    begin.className = "btn btn-quiet";
    begin.textContent = data.begin;
    begin.addEventListener("click", () => (go(1), begin.closest(".toast")?.remove(), roll.focus({ preventScroll: true })));
    document.querySelector("#toasts .toast:last-child .toast-text")?.after(begin);
  } else go(current);
  for (const sheet of sheets) {
    nearby.observe(sheet.element);
    seen.observe(sheet.element);
  }
  if (query && !covers()) panel("cari", true, false);
  if (document.activeElement === document.body) roll.focus({ preventScroll: true });
})();
