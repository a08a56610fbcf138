/* The guest book on the visitor's own phone (never on the tablet): a reload or a call in between loses nothing. Kept on
   the phone alone, in this tab, and only after consent; visit.js throws it away when the book is saved or the visit over. */
(function () {
  "use strict";
  const form = document.querySelector("[data-guest-book][data-keep]");
  if (!form) return;
  const key = `guest-book ${form.dataset.keep}`;

  function read() {
    try {
      return JSON.parse(sessionStorage.getItem(key)) ?? {};
    } catch {
      return {};
    }
  }

  function keep() {
    const answers = [...new FormData(form)].filter(([name]) => form.querySelector(`[name="${name}"]:not([type=hidden])`));
    const said = Object.fromEntries(answers);
    const agreed = said.consent === "yes" && said.guardian !== "none" && !document.querySelector("[data-forget]");
    try {
      if (agreed) sessionStorage.setItem(key, JSON.stringify({ answers, at: form.dataset.at }));
      else sessionStorage.removeItem(key);
    } catch {
      // the browser keeps nothing: as before
    }
  }

  function put([name, value]) {
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      if (!["radio", "checkbox"].includes(field.type)) field.value = value;
      else if (field.value === value) field.checked = true;
    }
  }

  const kept = read();
  if (kept.answers && !form.querySelector(".form-errors")) {
    kept.answers.forEach(put);
    form.dataset.at = kept.at ?? "";
  }
  for (const type of ["input", "change"]) form.addEventListener(type, keep);
  window.addEventListener("pagehide", keep); // which question stood there
})();
