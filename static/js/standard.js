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
      state.textContent = said.saved ? `${form.dataset.saved} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}` : form.dataset.unsaved;
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
