/* A section of a standard saves itself while it is written, and says what disagrees; Alt+↑ and Alt+↓ move the item in
   which one writes. Without this the buttons do the same. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-standard-section]");
  if (!form) return;
  const state = form.querySelector("[data-standard-state]");
  const against = document.getElementById("against");
  const PAUSE = 1200;
  let timer = 0;
  let running = false;
  let again = false;
  let leaving = false;

  /* The log-in may have ended meanwhile: what is sent is kept in this window, and comes back when the page shows that it
     was not stored (it still says what it said before). */
  const KEPT = `standard ${location.pathname}`;
  const MINUTES = 30;

  const fields = () => [...form.querySelectorAll("textarea")];
  const words = (text) => text.split(/\s+/).join(" ").trim();

  function keep() {
    const typed = fields().filter((field) => field.value !== field.defaultValue);
    const entries = typed.map((field) => [field.name, field.defaultValue, field.value]);
    try {
      if (entries.length) sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), entries }));
      else sessionStorage.removeItem(KEPT);
    } catch {
      // the browser keeps nothing: as before
    }
  }

  function bringBack() {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
    } catch {
      return;
    }
    if (!kept || Date.now() - kept.at > MINUTES * 60000) return;
    const stored = new Set(fields().map((field) => words(field.value)));
    const lost = kept.entries.filter(([, , typed]) => words(typed) && !stored.has(words(typed)));
    const found = lost.filter(([name, before]) => form.elements[name]?.value === before);
    for (const [name, , typed] of found) form.elements[name].value = typed;
    if (found.length) state.textContent = form.dataset.back;
  }
  bringBack();

  async function save() {
    if (leaving) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    state.textContent = form.dataset.saving;
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, redirect: "error" });
      const said = await answer.json();
      state.textContent = said.saved && !said.left ? `${form.dataset.saved} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}` : form.dataset.unsaved;
      if (said.saved) {
        for (const [piece, mark] of Object.entries(said.marks)) {
          const field = form.elements[`seen-${piece}`];
          if (field) field.value = mark;
        }
        if (against && against.innerHTML !== said.against) against.innerHTML = said.against;
      }
    } catch {
      state.textContent = form.dataset.unsaved;
    }
    running = false;
    if (again) {
      again = false;
      save();
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.name.startsWith("new-")) return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    keep();
  });
  form.addEventListener("keydown", (event) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const wanted = event.key === "ArrowUp" ? "up-" : "down-";
    const button = event.target.closest(".standard-item")?.querySelector(`button[value^="${wanted}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
