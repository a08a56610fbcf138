/* A long form at the desk is kept on the server while it is typed: <form data-autosave="/…/simpan/">. A crash, a closed tab
   or another desk loses nothing. The server keeps it only when the visitor agreed. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const state = document.querySelector("[data-draft-state]");
  const PAUSE = 800;
  let timer = 0;
  let leaving = false;

  async function keep() {
    if (leaving) return;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const kept = answer.headers.get("X-Kept") === "1";
      state.textContent = kept ? `${state.dataset.kept} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}` : "";
    } catch {
      state.textContent = state.dataset.failed;
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
})();
