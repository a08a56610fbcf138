/* The strip's announcements, one page after the other at the pace the server gives (data-seconds).
   A renewed strip goes on with the page that was being read, if it is still there. */
(function () {
  "use strict";
  let shown = "";
  let turn = null;

  const pages = () => [...document.querySelectorAll("#strip [data-page]")];

  function show(page) {
    for (const other of pages()) other.hidden = other !== page;
    shown = page?.dataset.page ?? "";
    clearTimeout(turn);
    if (page && pages().length > 1) turn = setTimeout(next, Number(page.dataset.seconds) * 1000);
  }

  function next() {
    const all = pages();
    show(all[(all.findIndex((page) => page.dataset.page === shown) + 1) % all.length]);
  }

  function begin() {
    const all = pages();
    document.getElementById("strip")?.toggleAttribute("data-empty", all.length === 0);
    show(all.find((page) => page.dataset.page === shown) ?? all[0]);
  }

  document.body.addEventListener("htmx:afterSwap", (event) => event.target.id === "strip" && begin());
  begin();
})();
