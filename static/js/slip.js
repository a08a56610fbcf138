/* The slip of paper on a tablet whose own printer it is (Chromium with --kiosk-printing prints without a question).
   <template data-slip-job="17"> holds the slip; it is put beside the page, where css/slip-80.css prints nothing else.
   Each slip is printed once, also when the page is loaded again before the server knows of it. */
(function () {
  "use strict";
  const KEY = "slip-";
  const told = new Set();

  /* Shows at once what the server knows now: the event of it may have come before this page listened. */
  function show(job) {
    if (told.has(job)) return;
    told.add(job);
    document.body.dispatchEvent(new Event("live:tick"));
  }

  function printOnce() {
    const template = document.querySelector("template[data-slip-job]");
    if (!template) return;
    const key = KEY + template.dataset.slipJob;
    if (!sessionStorage.getItem(key)) {
      sessionStorage.setItem(key, "1");
      const sheet = document.createElement("div");
      sheet.className = "slip-sheet";
      sheet.hidden = true;
      sheet.append(template.content.cloneNode(true));
      document.body.append(sheet);
      window.addEventListener("afterprint", () => sheet.remove(), { once: true });
      window.print();
    }
    const form = document.querySelector("form[data-slip-done]");
    if (!form) return;
    fetch(form.action, { method: "POST", body: new FormData(form) })
      .then((answer) => answer.ok && show(template.dataset.slipJob))
      .catch(() => {}); // told again by the next update
  }

  if (document.readyState === "complete") printOnce();
  else window.addEventListener("load", printOnce);
  document.addEventListener("htmx:afterSettle", printOnce);
})();
