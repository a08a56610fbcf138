/* Titles under the search field while somebody types. Arrow keys choose, Enter opens, Escape closes; without this
   script the field is a field. With [data-suggest-fills] a title is not opened but written into the field, and its
   address into the field that [data-suggest-address] names. */
(function () {
  "use strict";
  const box = document.querySelector("[data-suggest]");
  const field = box?.querySelector("input[role=combobox]");
  const list = box?.querySelector("[role=listbox]");
  if (!field || !list) return;

  const address = field.dataset.suggestAddress ? document.querySelector(field.dataset.suggestAddress) : null;
  let timer = 0;
  let asked = "";
  let stopped = new AbortController();

  function options() {
    return [...list.querySelectorAll("[role=option]")];
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    const all = options();
    for (const option of all) option.setAttribute("aria-selected", "false");
    const chosen = all[number];
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    if (!("suggestFills" in box.dataset)) return window.location.assign(option.dataset.href);
    field.value = asked = option.dataset.title;
    if (address) address.value = option.dataset.href;
    close();
  }

  async function ask() {
    const typed = field.value.trim();
    if (typed === asked) return;
    asked = typed;
    stopped.abort();
    stopped = new AbortController();
    if (typed.length < 3) return close();
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: stopped.signal });
      if (!answer.ok || document.activeElement !== field) return close();
      list.innerHTML = await answer.text();
      const any = options().length > 0;
      list.hidden = !any;
      field.setAttribute("aria-expanded", String(any));
      field.removeAttribute("aria-activedescendant");
    } catch {
      /* the next letter asked instead, or there is no network: the field still searches */
    }
  }

  field.addEventListener("input", () => {
    if (address) address.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, 180);
  });

  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = options();
    const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose((now + 1) % all.length);
    else if (event.key === "ArrowUp") choose(now <= 0 ? all.length - 1 : now - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && now >= 0) take(all[now]);
    else return;
    event.preventDefault();
  });

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus until the click
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) take(chosen);
  });
  field.form.addEventListener("submit", close);
  field.addEventListener("blur", () => setTimeout(close, 200));
})();
